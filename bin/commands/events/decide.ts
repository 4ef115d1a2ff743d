/** Whether an event that was not recognized can go to subscribers today: pure functions. */
import { FAMILY_OF, type Family, type MeetingEventType } from '@meetbus/events';
import { groupIdOf, presentable } from '../../../lambdas/ingest/delivery-message';
import { readBody } from '../../../providers/kit/body';
import { areListed } from '../../../providers/realtimekit/sender';
import type { ProviderRuntime } from '../../../providers/runtime';
import type { ArchivedDelivery } from './delivery-of';
import { SENDER_REASONS } from './reasons';

/** Ids of organizations that may be brought to subscribers though no delivery of theirs was proved; `*` is everybody. */
export type BelievedOrganizations = readonly string[];

/** What is to be done with a delivery. */
export interface Decision {
  /** The provider event name, fit to be shown; empty where the body has none. */
  readonly providerEvent: string;
  /** The organization that sent it, where the body names one. */
  readonly organization: string | undefined;
  readonly verdict:
    | {
        readonly becomes: MeetingEventType;
        readonly family: Family;
        /** For the fair queue. */
        readonly groupId: string | undefined;
      }
    | { readonly leftAside: LeftAside };
}

/** Why a delivery is left where it is. */
export type LeftAside = 'not_understood' | 'sender_not_proved' | 'signature_required' | 'body_gone';

/**
 * Looks at a delivery as a consumer of this version will.
 *
 * @param runtime of the delivery's provider
 */
export function decide(
  runtime: ProviderRuntime,
  delivery: ArchivedDelivery,
  body: Buffer,
  believed: BelievedOrganizations,
): Decision {
  const reading = readBody(body, runtime);
  const providerEvent = presentable(reading.event ?? '');
  const organizations = runtime.organizationsIn?.(reading.body) ?? [];
  const said = { providerEvent, organization: organizations[0] };
  const normalized = runtime.normalize(reading.body, providerEvent);
  if (normalized === undefined || 'problems' in normalized)
    return { ...said, verdict: { leftAside: 'not_understood' } };
  if (isProvedByTokenAlone(delivery) && !runtime.isProvedByToken?.(providerEvent)) {
    return { ...said, verdict: { leftAside: 'signature_required' } };
  }
  if (!isSenderProved(delivery) && !areListed(believed, organizations)) {
    return { ...said, verdict: { leftAside: 'sender_not_proved' } };
  }
  const { type } = normalized;
  const groupId = groupIdOf(runtime.groupOf(reading.body));
  return { ...said, verdict: { becomes: type, family: FAMILY_OF[type], groupId } };
}

/** Versions that did not tell the proof took in every customer of RealtimeKit, unless their settings named some. */
const isSenderProved = ({ provider, reason, proof }: ArchivedDelivery): boolean =>
  provider !== 'realtimekit' || (proof !== undefined && !SENDER_REASONS.includes(reason));

/** What a token alone proved has no delivery id of its own, also where the version did not tell the proof. */
const isProvedByTokenAlone = ({ provider, proof, deliveryId, eventId }: ArchivedDelivery): boolean =>
  provider === 'recall' && (proof === 'token' || (proof === undefined && deliveryId === eventId));
