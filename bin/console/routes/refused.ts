/** Deliveries that were refused, and events that were not recognized. */
import * as z from 'zod';
import { ANSWERS, type Outcome } from '../../../lambdas/ingest/answers';
import { NOT_TAKEN_IN } from '../../../lib/monitoring/queries';
import { wordsFor } from '../../commands/doctor/examine';
import { LookBack } from '../../commands/doctor/look-back';
import { deliveriesOf, isTakenIn, remedyFor } from '../../commands/doctor/outcomes';
import { loggedEvents } from '../../commands/events/logged';
import { remedyOfReason } from '../../commands/events/reasons';
import { groupsOf, type Item, LEFT_ASIDE, remediesOf } from '../../commands/events/report';
import { REPROCESSED_REASONS, reprocessEvents } from '../../commands/events/reprocessing';
import type { Deployment } from '../../deployment';
import { Insights, type ResultRow, readableRow } from '../../insights';
import { maskedText } from '../../masked';
import { providersOf, readClis, titleOf } from '../../providers';
import { sinceMs } from '../../usage';
import { addressedFor } from '../addressed';
import type { RefusalReason, Refused, ReprocessProgress, Unrecognized, UnrecognizedReason } from '../api/refused';
import { follow } from '../follow';
import { asOption } from '../input';
import { type ConsoleContext, type ConsoleRequest, change, read } from '../route';

/** Most single deliveries or events that the page lists. */
const MOST_LISTED = 100;

const NEWEST_REFUSED = [
  NOT_TAKEN_IN,
  'fields @timestamp, provider, outcome, correlationId, milliseconds',
  'sort @timestamp desc',
  `limit ${MOST_LISTED}`,
];

const UNRECOGNIZED = 'type = "event.unrecognized"';

const UNRECOGNIZED_NAMES = [
  `filter message = "event" and outcome = "published" and ${UNRECOGNIZED}`,
  'stats count(*) as events, max(@timestamp) as latest by reason, providerEvent',
  'sort events desc',
  'limit 1000',
];

const SINCE = z.object({ since: asOption(sinceMs) });

const REPROCESS = z.object({
  dryRun: z.boolean(),
  since: asOption(sinceMs),
  reasons: z.array(z.enum(REPROCESSED_REASONS)),
  organizations: z.array(z.string().trim().min(1)),
});

export const refusedRoutes = [
  read('/api/refused', (context, request) => lookBack(context, request, refused)),
  read('/api/unrecognized', (context, request) => lookBack(context, request, unrecognized)),
  // A dry run reads the archive too, for which it makes a rule and a queue.
  change('/api/unrecognized/reprocess', ({ deployment, flags }, { body, signal }) => {
    const { organizations: organization, reasons, ...options } = REPROCESS.parse(body);
    const wanted = { ...options, organization, ...(reasons.length > 0 && { reason: reasons }) };
    return follow<ReprocessProgress>(async (tell) => {
      const items: Item[] = [];
      const onItem = (item: Item) => void tell({ seen: items.push(item) });
      const isWhole = await reprocessEvents(deployment, wanted, { signal, onItem });
      const groups = groupsOf(items).map(({ leftAside, ...group }) => ({
        ...group,
        providerEvent: maskedText(group.providerEvent),
        ...(leftAside && { leftAside: LEFT_ASIDE[leftAside].word }),
      }));
      const addressed = await addressedFor(flags);
      await tell({ isWhole, groups, remedies: remediesOf(items).map(addressed) });
    });
  }),
];

/** What a view needs to look back on some time. */
interface Looking {
  readonly deployment: Deployment;
  readonly back: LookBack;
  readonly signal: AbortSignal;
  readonly addressed: (text: string) => string;
}

async function lookBack<T>(
  { deployment, flags }: ConsoleContext,
  { query, signal }: ConsoleRequest,
  look: (looking: Looking) => Promise<T>,
): Promise<T> {
  const { since } = SINCE.parse(query);
  const insights = new Insights(deployment);
  const now = Date.now();
  const back = new LookBack(insights, since, now, wordsFor(now - since), signal);
  try {
    return await look({ deployment, back, signal, addressed: await addressedFor(flags) });
  } finally {
    insights.close();
  }
}

const timeOf = ({ from, to }: LookBack) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });

async function refused({ deployment, back, addressed }: Looking): Promise<Refused> {
  const [counts, newest, gateway, clis] = await Promise.all([
    deliveriesOf(back),
    back.askVerifiers(NEWEST_REFUSED),
    back.askSaved('gateway-refusals'),
    readClis(providersOf(deployment)),
  ]);
  return {
    ...timeOf(back),
    deliveries: counts.reduce((sum, { deliveries }) => sum + deliveries, 0),
    reasons: counts
      .filter((count) => !isTakenIn(count))
      .map((count) => ({
        provider: count.provider,
        title: titleOf(count.provider),
        outcome: count.outcome,
        status: ANSWERS[count.outcome as Outcome].statusCode as RefusalReason['status'],
        count: count.deliveries,
        latest: count.latest,
        remedy: addressed(remedyFor(count, clis)),
      })),
    newest: newest.map(readableRow).map((row) => ({
      time: row['@timestamp'] ?? '',
      provider: row.provider ?? '',
      outcome: row.outcome ?? '',
      correlationId: row.correlationId ?? '',
      milliseconds: Number(row.milliseconds),
    })),
    atGateway: gateway.map(readableRow).map((row) => ({
      path: maskedText(row.path ?? ''),
      method: row.method ?? '',
      status: row.status ?? '',
      sourceIp: row.sourceIp ?? '',
      count: Number(row.requests),
      latest: row.latest ?? '',
    })),
  };
}

async function unrecognized({ deployment, back, signal, addressed }: Looking): Promise<Unrecognized> {
  const [rows, newest] = await Promise.all([
    back.askConsumers(UNRECOGNIZED_NAMES),
    loggedEvents(deployment, back, [UNRECOGNIZED], MOST_LISTED, signal),
  ]);
  return {
    ...timeOf(back),
    reasons: reasonsOf(rows.map(readableRow)).map((one) => ({ ...one, remedy: addressed(one.remedy) })),
    newest: newest.map(({ time, eventId, provider = '', providerEvent, reason = '', problems }) => ({
      ...{ time, eventId, provider, reason },
      providerEvent: maskedText(providerEvent),
      ...(problems !== undefined && { problems: maskedText(problems) }),
    })),
  };
}

/** Events by reason, from rows by reason and name. Older versions logged no reason. */
export function reasonsOf(rows: readonly ResultRow[]): UnrecognizedReason[] {
  const groups = [...Map.groupBy(rows, ({ reason = '' }) => reason)].map(([reason, of]) => ({
    reason,
    count: of.reduce((sum, { events }) => sum + Number(events), 0),
    latest:
      of
        .map(({ latest = '' }) => latest)
        .sort()
        .at(-1) ?? '',
    names: of.map(({ providerEvent = '', events }) => ({ name: maskedText(providerEvent), count: Number(events) })),
    remedy: remedyOfReason(reason),
    canReprocess: REPROCESSED_REASONS.includes(reason),
  }));
  return groups.toSorted((a, b) => b.count - a.count);
}
