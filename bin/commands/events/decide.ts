/** Whether an event that was not recognized can go to subscribers today: pure functions. */
import { FAMILY_OF, type Family, type MeetingEventType } from '../../../events';
import { groupIdOf, presentable } from '../../../lambdas/ingest/delivery-message';
import { PROVIDER_OUTPUTS } from '../../../lambdas/providers';
import { readBody } from '../../../lambdas/providers/body';
import { ORGANIZATION_ID_PATHS } from '../../../lambdas/providers/realtimekit/intake';
import { idsAt } from '../../../lambdas/providers/values';
import { ROUTES } from '../../../lib/routes';
import type { ArchivedDelivery } from './delivery-of';

/** Who may be brought to subscribers though no delivery of theirs was proved: ids of organizations; `*` is everybody. */
export type BelievedSenders = readonly string[];

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

/** Reasons that say that nobody knows who of the provider's customers sent it; the second is that of older versions. */
const SENDER_REASONS: readonly string[] = ['sender_not_proved', 'sender_not_named'];

/** Looks at a delivery as a consumer of this version will. */
export function decide(delivery: ArchivedDelivery, body: Buffer, believed: BelievedSenders): Decision {
  const reading = readBody(body);
  const providerEvent = presentable(reading.event ?? '');
  const organizations = delivery.provider === 'realtimekit' ? idsAt(reading.body, ORGANIZATION_ID_PATHS) : [];
  const said = { providerEvent, organization: organizations[0] };
  const { normalize, isProvedByToken } = PROVIDER_OUTPUTS[delivery.provider];
  const normalized = normalize(reading.body, providerEvent);
  if (normalized === undefined || 'problems' in normalized)
    return { ...said, verdict: { leftAside: 'not_understood' } };
  if (isProvedByTokenAlone(delivery) && !isProvedByToken?.(providerEvent)) {
    return { ...said, verdict: { leftAside: 'signature_required' } };
  }
  const isBelieved =
    believed.includes('*') || (organizations.length > 0 && organizations.every((id) => believed.includes(id)));
  if (!isSenderProved(delivery) && !isBelieved) return { ...said, verdict: { leftAside: 'sender_not_proved' } };
  const { type } = normalized;
  const intake = ROUTES.find(({ provider }) => provider.name === delivery.provider)?.provider;
  const groupId = groupIdOf(intake?.groupOf(reading.body));
  return { ...said, verdict: { becomes: type, family: FAMILY_OF[type], groupId } };
}

/** Versions that did not tell the proof took in every customer of RealtimeKit, unless their settings named some. */
const isSenderProved = ({ provider, reason, proof }: ArchivedDelivery): boolean =>
  provider !== 'realtimekit' || (proof !== undefined && !SENDER_REASONS.includes(reason));

/** What a token alone proved has no delivery id of its own, also where the version did not tell the proof. */
const isProvedByTokenAlone = ({ provider, proof, deliveryId, eventId }: ArchivedDelivery): boolean =>
  provider === 'recall' && (proof === 'token' || (proof === undefined && deliveryId === eventId));
