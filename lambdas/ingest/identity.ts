/** The identity of a delivery, from which its idempotency key and its event id are derived. */
import { hash } from 'node:crypto';
import { isSetAside } from '@meetbus/events';
import type { DeliveryMessage } from './delivery-message';

/**
 * The id of the event that a delivery becomes: 32 hexadecimal digits, the same for every retry and redrive of the
 * delivery, wherever it is computed.
 *
 * @param key distinguishes the delivery from all others of its provider
 */
export const eventIdOf = (provider: string, key: string): string => hash('sha256', `${provider}:${key}`).slice(0, 32);

/**
 * The idempotency key of a delivery, for verifier and consumer: its event id. A delivery that is set aside has a
 * separate key, so the same delivery counts as new once it is proved, by the other of two webhooks or by an operator.
 */
export const onceKeyOf = ({ eventId, unrecognized }: Pick<DeliveryMessage, 'eventId' | 'unrecognized'>): string =>
  isSetAside(unrecognized) ? `${eventId}:${unrecognized}` : eventId;
