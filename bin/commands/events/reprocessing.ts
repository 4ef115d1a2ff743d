/** Brings unrecognized events to subscribers, as `meetbus events reprocess` and the console do. */
import type { Deployment } from '../../deployment';
import { asOperator } from '../../operator';
import { readClis, readRuntimes } from '../../providers';
import { windowOf } from '../../usage';
import { readArchive } from './archive';
import { type DecidingProvider, decide, type LeftAside } from './decide';
import { type ArchivedDelivery, deliveryOf } from './delivery-of';
import { Outbox } from './outbox';
import { EVERY_REASON } from './reasons';
import type { Item } from './report';

/** Reasons of events that may go to subscribers: those of `signature_required` never do. */
export const REPROCESSED_REASONS = EVERY_REASON.filter((reason) => reason !== 'signature_required');

/** Which events are brought, and how. Times are those of publication, in milliseconds since 1970. */
export interface ReprocessOptions {
  readonly since: number;
  /** @default now */
  readonly until?: number;
  /** Only events set aside for these reasons. @default all of {@link REPROCESSED_REASONS} */
  readonly reason?: readonly string[];
  /** Organizations that are trusted besides those of the settings; `*` is every sender. */
  readonly organization?: readonly string[];
  /** Only says what would be done. */
  readonly dryRun?: boolean;
}

/** How it is followed. */
interface Following {
  /** Stops it; what was sent stays sent. */
  readonly signal: AbortSignal;
  /** Called with what was done with each event, or would be. */
  readonly onItem: (item: Item) => void;
}

/**
 * Reads the archive of the intake bus, and sends what this version understands to the consumers again. On AWS that takes two
 * minutes at least.
 *
 * @returns false if it was stopped before it had read all
 * @throws UsageError if the time ends before it begins
 * @throws Error that says why the archive cannot be read to its end, or that an event could not be sent
 */
export async function reprocessEvents(
  deployment: Deployment,
  options: ReprocessOptions,
  { signal, onItem }: Following,
): Promise<boolean> {
  const { until: to, reason, dryRun = false } = options;
  const { from } = windowOf(options);
  const outbox = new Outbox(deployment, dryRun ? undefined : await asOperator(deployment));
  const seen = new Set<string>();
  try {
    const work = createWork(await readProviders(deployment, options), outbox, dryRun);
    const onEvents = async (texts: readonly string[]) => {
      const deliveries = texts.map(deliveryOf).filter((delivery) => delivery !== undefined);
      // EventBridge may deliver an event twice. The same delivery may be there twice, for different reasons.
      const fresh = new Map(deliveries.map((one) => [`${one.eventId} ${one.reason}`, one]));
      for (const key of seen) fresh.delete(key);
      for (const key of fresh.keys()) seen.add(key);
      await Promise.all([...fresh.values()].map(async (delivery) => onItem(await work(delivery))));
    };
    const pattern = { 'detail-type': ['event.unrecognized'], ...(reason && { detail: { data: { reason } } }) };
    return await readArchive(deployment, { from, to, pattern }, { signal, onEvents });
  } finally {
    outbox.close();
  }
}

/** The providers by name. Each trusts the organizations of its settings, and those that the options name. */
async function readProviders(
  deployment: Deployment,
  { organization = [] }: ReprocessOptions,
): Promise<ReadonlyMap<string, DecidingProvider>> {
  const [runtimes, clis] = await Promise.all([readRuntimes(), readClis()]);
  const entries = [...runtimes].map(([name, runtime]) => {
    const cli = clis.get(name);
    const trusted = [...(cli?.trustedOrganizations?.(deployment) ?? []), ...organization];
    return [name, { runtime, proofOfOlderEvent: cli?.proofOfOlderEvent, trusted }] as const;
  });
  return new Map(entries);
}

/** Makes the function that handles one delivery: it decides and, unless this is a dry run, sends it. */
function createWork(providers: ReadonlyMap<string, DecidingProvider>, outbox: Outbox, isDryRun: boolean) {
  return async (delivery: ArchivedDelivery): Promise<Item> => {
    const { body: kept, reason, eventId, receivedTime } = delivery;
    const body = kept === undefined || Buffer.isBuffer(kept) ? kept : await outbox.read(kept);
    const item = { eventId, receivedTime, reason };
    if (body === undefined) return { ...item, providerEvent: '', leftAside: 'body_gone' };
    const { verdict, providerEvent, organization } = decide(providers.get(delivery.provider), delivery, body);
    const leave = (leftAside: LeftAside): Item => ({ ...item, providerEvent, organization, leftAside });
    if ('leftAside' in verdict) return leave(verdict.leftAside);
    const { becomes, family, groupId } = verdict;
    const { provider, deliveryId, correlationId, proof } = delivery;
    const message = {
      ...{ provider, providerEvent, family, deliveryId, eventId, correlationId, receivedTime },
      ...(proof !== undefined && { proof }),
      reprocess: reason,
    };
    if (!isDryRun && !(await outbox.send(message, body, groupId))) return leave('body_gone');
    return { ...item, providerEvent, organization, becomes };
  };
}
