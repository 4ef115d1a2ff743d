/** Whether an unrecognized event can go to subscribers today: pure functions. */
import { FAMILY_OF, type Family, type MeetingEventType } from '@meetbus/events';
import { groupIdOf, presentable } from '../../../lambdas/ingest/delivery-message';
import type { ProviderCli } from '../../../providers/cli';
import { readBody } from '../../../providers/kit/body';
import { areListed } from '../../../providers/kit/trusted';
import type { ProviderRuntime } from '../../../providers/runtime';
import type { ArchivedDelivery } from './delivery-of';
import { SENDER_REASONS } from './reasons';

/** What `decide` knows of a provider. */
export interface DecidingProvider {
  readonly runtime: ProviderRuntime;
  /** See {@link ProviderCli.proofOfOlderEvent}. */
  readonly proofOfOlderEvent?: ProviderCli['proofOfOlderEvent'];
  /** Organizations whose events go to subscribers though their sender was not proved; `*` is every sender. */
  readonly trusted: readonly string[];
}

/** What to do with a delivery. */
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

/** Why a delivery is not sent to subscribers. */
export type LeftAside = 'not_understood' | 'sender_not_proved' | 'signature_required' | 'body_gone';

/**
 * Decides on a delivery as a consumer of this version would.
 *
 * @param provider of the delivery; undefined where this version does not know it
 */
export function decide(provider: DecidingProvider | undefined, delivery: ArchivedDelivery, body: Buffer): Decision {
  if (!provider) return { providerEvent: '', organization: undefined, verdict: { leftAside: 'not_understood' } };
  const { runtime, trusted } = provider;
  const reading = readBody(body, runtime);
  const providerEvent = presentable(reading.event ?? '');
  const organizations = runtime.organizationsIn?.(reading.body) ?? [];
  const said = { providerEvent, organization: organizations[0] };
  const leave = (leftAside: LeftAside): Decision => ({ ...said, verdict: { leftAside } });
  const normalized = runtime.normalize(reading.body, providerEvent);
  if (normalized === undefined || 'problems' in normalized) return leave('not_understood');
  const proof = delivery.proof ?? provider.proofOfOlderEvent?.(delivery);
  if (proof === 'token' && !runtime.isProvedByToken?.(providerEvent)) return leave('signature_required');
  const isSenderProved = proof !== 'sender_not_proved' && !SENDER_REASONS.includes(delivery.reason);
  if (!isSenderProved && !areListed(trusted, organizations)) return leave('sender_not_proved');
  const { type } = normalized;
  const groupId = groupIdOf(runtime.groupOf(reading.body));
  return { ...said, verdict: { becomes: type, family: FAMILY_OF[type], groupId } };
}
