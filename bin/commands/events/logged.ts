/** Events in the consumers' logs. */
import type { Deployment } from '../../deployment';
import { Insights, quoted, type ResultRow, readableRow, type Window } from '../../insights';
import { interruptible } from '../../interrupt';
import { UsageError } from '../../usage';

/** An event that a consumer has published. */
export interface LoggedEvent {
  /** When it was published, in ISO 8601. */
  readonly time: string;
  readonly eventId: string;
  readonly provider?: string;
  readonly providerEvent: string;
  readonly type: string;
  /** Why it was not recognized; absent for any other event. */
  readonly reason?: string;
  /** The members of the payload that do not fit, and what was expected. */
  readonly problems?: string;
  readonly deliveryId?: string;
  readonly correlationId?: string;
}

const FIELDS = 'fields @timestamp, eventId, provider, providerEvent, type, reason, problems, deliveryId, correlationId';

/**
 * Events of a time window that match filters of Logs Insights, the newest first.
 *
 * @param signal stops the query. @default Ctrl-C does
 */
export async function loggedEvents(
  deployment: Deployment,
  window: Window,
  conditions: readonly string[],
  limit: number,
  signal?: AbortSignal,
): Promise<LoggedEvent[]> {
  const insights = new Insights(deployment);
  const filters = ['message = "event"', 'outcome = "published"', ...conditions].map(
    (condition) => `filter ${condition}`,
  );
  const commands = [...filters, FIELDS, 'sort @timestamp desc', `limit ${limit}`];
  const ask = (stop: AbortSignal) => insights.ask({ of: 'consumers', commands }, window, stop);
  try {
    return (await (signal ? ask(signal) : interruptible(ask))).map(eventOf);
  } finally {
    insights.close();
  }
}

function eventOf(row: ResultRow): LoggedEvent {
  const { '@timestamp': time = '', eventId = '', type = '', providerEvent = '', ...others } = readableRow(row);
  return { time, eventId, type, providerEvent, ...others };
}

/**
 * Finds the newest publication of an event.
 *
 * @param id event id, delivery id or correlation id
 * @throws UsageError if no consumer has logged it in that time
 */
export async function findEvent(deployment: Deployment, id: string, window: Window): Promise<LoggedEvent> {
  const named = ['eventId', 'deliveryId', 'correlationId'].map((field) => `${field} = ${quoted(id)}`).join(' or ');
  const [event] = await loggedEvents(deployment, window, [`(${named})`], 1);
  if (event) return event;
  throw new UsageError(
    `No consumer has published an event ${id} since ${new Date(window.from).toISOString()}. Look further back with --since 30d. ` +
      `Was it refused, or does it wait? npx meetbus trace ${id}`,
  );
}

/** An event is on its bus within a moment of its log line, and EventBridge rounds its time to seconds. */
const AROUND_MS = 60_000;

/** The time window in which the archive has an event. It ends now at the latest, because a replay has no future events. */
export function archivedAround({ time }: Pick<LoggedEvent, 'time'>): Window {
  const at = Date.parse(time);
  return { from: at - AROUND_MS, to: Math.min(at + AROUND_MS, Date.now()) };
}
