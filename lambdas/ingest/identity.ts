/** The one identity of a delivery, from which its idempotency key and its event id are both derived. */
import { hash } from 'node:crypto';
import type { ProviderName } from '../../events';

/**
 * The id of the event that a delivery becomes: 32 hexadecimal digits, the same for every retry and redrive of the
 * delivery, wherever it is computed. It is the idempotency key too, of the verifier and of the consumer.
 *
 * @param key what tells the delivery from all others of its provider
 */
export const eventIdOf = (provider: ProviderName, key: string): string =>
  hash('sha256', `${provider}:${key}`).slice(0, 32);
