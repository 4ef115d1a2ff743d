/** What the logs tell about one event, as its page shows it. Pure functions. */
import type { FoundStep } from '../../commands/trace/follow';
import type { LogLine } from '../../commands/trace/log-search';
import { gapIn, inOrder, readStep, whatIsMissing } from '../../commands/trace/steps';
import { maskedText } from '../../masked';
import type { EventPage, LoggedLine, NewerEvent } from '../api/event';
import { type Delivery, rowOf, takeIn } from '../live/deliveries';
import { wayOf } from './way';

/** What the logs tell, and what the server still needs to look further. */
export interface Told {
  readonly page: Omit<EventPage, 'stale' | 'deadLetters' | 'url'>;
  /** The delivery that became the event, or else the first one. */
  readonly main: Delivery;
  /** The family of its queue. */
  readonly family?: string;
  /** When it was published, in ISO 8601; absent if it was not. */
  readonly published?: string;
}

/**
 * Puts the lines about an event together.
 *
 * @param found at least one step
 * @param providers names of those that are deployed
 */
export function tell(found: readonly FoundStep[], providers: readonly string[]): Told {
  const deliveries = new Map<string, Delivery>();
  for (const { line } of found) takeIn(deliveries, line);
  const rows = [...deliveries.values()].map((delivery) => ({ delivery, row: rowOf(delivery, providers) }));
  rows.sort((a, b) => (a.row.time < b.row.time ? -1 : 1));
  const main = mainOf(rows.map(({ delivery }) => delivery));
  const { eventId, provider, providerEvent, type, subject } = rowOf(main, providers);
  const steps = inOrder(found.map(({ step }) => step));
  const field = fieldsOf(main);
  const [missing, gap] = [whatIsMissing(steps), gapIn(steps)];
  const deliveryId = steps.find((step) => step.deliveryId)?.deliveryId;
  const family = field('family');
  const published = publishedAt(main);
  return {
    main,
    ...(family && { family }),
    ...(published !== undefined && { published: new Date(published).toISOString() }),
    page: {
      ...{ provider, providerEvent, type, subject },
      ...(deliveryId && { deliveryId: maskedText(deliveryId) }),
      ...optional({ happened: String(main.bus?.fields.time ?? ''), proof: field('proof'), eventId: eventId ?? '' }),
      ...(type === 'event.unrecognized' && {
        notRecognized: { reason: field('reason'), problems: field('problems') },
      }),
      way: wayOf(main),
      ...(missing !== undefined && { missing }),
      ...(gap !== undefined && { gap }),
      deliveries: rows.map(({ row }) => row),
      request: requestOf(main),
      lines: linesOf(found.map(({ line }) => line)),
      traces: [...new Set(steps.flatMap(({ traceId }) => traceId ?? []))].map((traceId) => ({ traceId })),
      isArchived: published !== undefined,
    },
  };
}

/** The delivery that became the event; or else one that a consumer has seen, or a verifier has taken in. */
function mainOf(deliveries: readonly Delivery[]): Delivery {
  const tests: readonly ((delivery: Delivery) => unknown)[] = [
    ({ bus }) => bus,
    ({ consumer }) => consumer?.step.outcome === 'published',
    ({ consumer }) => consumer,
    ({ verifier }) => verifier?.fields.eventId !== undefined && verifier.step.outcome !== 'duplicate',
    () => true,
  ];
  for (const test of tests) {
    const found = deliveries.find(test);
    if (found) return found;
  }
  throw new Error('No line tells of a delivery.');
}

/** Members of the lines, as texts without credentials; empty where no line has them. */
const fieldsOf =
  ({ bus, consumer, verifier }: Delivery) =>
  (name: string): string =>
    maskedText(String([consumer, verifier, bus].map((seen) => seen?.fields[name]).find((value) => value) ?? ''));

const optional = <Name extends string>(texts: Readonly<Record<Name, string>>): { [N in Name]?: string } =>
  Object.fromEntries(Object.entries<string>(texts).filter(([, text]) => text !== '')) as { [N in Name]?: string };

/** In milliseconds since 1970. */
function publishedAt({ bus, consumer }: Delivery): number | undefined {
  if (consumer?.step.outcome === 'published') return consumer.step.at + (consumer.step.tookMs ?? 0);
  return bus?.step.at;
}

/** The members of the line in the log of requests that tell who has sent what, and how it was answered. */
const REQUEST = {
  method: 'method',
  path: 'path',
  status: 'status',
  responseType: 'gateway response',
  sourceIp: 'source address',
  userAgent: 'User-Agent',
  requestId: 'x-amzn-requestid',
  extendedRequestId: 'x-amz-apigw-id',
  latencyMs: 'milliseconds',
  integrationLatencyMs: 'milliseconds in the verifier',
} as const;

function requestOf({ request }: Delivery): Record<string, string> {
  const told = Object.entries(REQUEST).map(([name, title]) => [title, request?.fields[name]] as const);
  return Object.fromEntries(
    told
      .filter(([, value]) => value !== undefined && value !== '-')
      .map(([title, value]) => [title, maskedText(String(value))]),
  );
}

const linesOf = (lines: readonly LogLine[]): LoggedLine[] =>
  [...lines]
    .sort((a, b) => a.timestamp - b.timestamp)
    .map(({ timestamp, logGroup, message }) => ({
      time: new Date(timestamp).toISOString(),
      logGroup,
      text: maskedText(message.trim()),
    }));

/** Times of events compare as texts without the zone: they have fractions of any length. */
const comparable = (time: unknown): string => String(time).replace(/Z$/, '');

/**
 * The event that made another one stale: of all earlier ones of its subject, the one that happened last.
 *
 * @param lines of the log of the shared bus, with the subject in them
 */
export function newerThan({ bus }: Delivery, lines: readonly LogLine[]): NewerEvent | undefined {
  if (!bus) return undefined;
  const newer = lines.flatMap((line) => {
    const seen = readStep(line);
    if (!seen || seen.fields.subject !== bus.fields.subject || seen.step.at > bus.step.at) return [];
    return comparable(seen.fields.time) > comparable(bus.fields.time) ? [seen.fields] : [];
  });
  newer.sort((a, b) => (comparable(a.time) < comparable(b.time) ? 1 : -1));
  const [found] = newer;
  return found && { eventId: String(found.id), time: String(found.time), type: String(found.type) };
}
