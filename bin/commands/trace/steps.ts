/** Reads the steps of an event from log lines. Pure functions. */
import { botBeside } from '../../output';
import type { LogLine } from './log-search';

/** The places of steps, in the order of an event's path; `log` is any other line about the event. */
const STAGES = ['request', 'verifier', 'consumer', 'shared bus', 'log'] as const;

/** One step. */
export interface Step {
  readonly stage: (typeof STAGES)[number];
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
  readonly tookMs?: number | undefined;
  readonly outcome: string;
  readonly detail: string;
  readonly logGroup: string;
  readonly eventId?: string | undefined;
  readonly deliveryId?: string | undefined;
  readonly correlationId?: string | undefined;
  /** X-Ray trace id. */
  readonly traceId?: string | undefined;
}

/** An error as functions log it. */
export interface LoggedError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly cause?: LoggedError;
}

/** An error with all its causes. */
export const failureOf = ({ name = 'Error', message, code, cause }: LoggedError): string =>
  [
    `${name}${code && !String(message).includes(code) ? ` (${code})` : ''}`,
    ...(message ? [message] : []),
    ...(cause ? [`cause: ${failureOf(cause)}`] : []),
  ].join(': ');

/** The members of a log line. */
export type Fields = Readonly<Record<string, string | number | undefined>> & {
  readonly error?: LoggedError;
};

type Told = Pick<Step, 'stage' | 'outcome' | 'detail'>;

/** The step in a log line; undefined for a line without one, such as metrics. */
export const stepOf = (line: LogLine): Step | undefined => readStep(line)?.step;

/** The step in a log line with the members that tell of it; undefined for a line without one. */
export function readStep(line: LogLine): { readonly step: Step; readonly fields: Fields } | undefined {
  const fields = fieldsOf(line.message);
  if (fields === undefined || '_aws' in fields) return undefined;
  return { step: stepIn(fields, line), fields };
}

function stepIn(fields: Fields, line: LogLine): Step {
  const text = (name: string) => (fields[name] === undefined ? undefined : String(fields[name]));
  return {
    ...told(fields),
    ...timesOf(fields, line),
    logGroup: line.logGroup,
    eventId: text('eventId') ?? text('id'),
    deliveryId: text('deliveryId') ?? text('deliveryid'),
    correlationId: text('correlationId') ?? text('correlationid') ?? text('extendedRequestId'),
    traceId: text('xray_trace_id'),
  };
}

/** Functions write a line when they are done; the time in the line is more precise than that of the log. */
function timesOf(fields: Fields, { timestamp, ingestionTime }: LogLine): Pick<Step, 'at' | 'tookMs'> {
  // The envelope of an event has only whole seconds: the time when its line arrived is more precise.
  if ('correlationid' in fields) return { at: ingestionTime };
  if (fields.latencyMs !== undefined) return { at: timestamp, tookMs: finite(Number(fields.latencyMs)) };
  const written = finite(Date.parse(String(fields.timestamp))) ?? timestamp;
  const tookMs = finite(Number(fields.milliseconds));
  return tookMs === undefined ? { at: written } : { at: written - tookMs, tookMs };
}

/** Somebody else may write lines to the same log groups: what is no number there is left out. */
const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/**
 * Members of a JSON line, or of a line `id=… type=…` of earlier versions, in which the first occurrence of a name
 * counts.
 */
function fieldsOf(message: string): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(message);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Fields) : undefined;
  } catch {
    const pairs = [...message.matchAll(/(\w+)=(.*?)(?=\s\w+=|$)/g)].map(([, name = '', value = '']) => [name, value]);
    return pairs.length > 0 ? Object.fromEntries(pairs.reverse()) : undefined;
  }
}

function told(fields: Fields): Told {
  const { message, outcome, providerEvent, type, subject, bot } = fields;
  const failure = fields.error && failureOf(fields.error);
  if ('extendedRequestId' in fields) {
    const { method, path, status, responseType } = fields;
    const answeredBy = responseType === '-' ? '' : `, answered by the gateway: ${responseType}`;
    return { stage: 'request', outcome: String(status), detail: `${method} ${path}${answeredBy}` };
  }
  if (message === 'delivery') {
    return { stage: 'verifier', outcome: String(outcome), detail: words(providerEvent, failure) };
  }
  if (message === 'event') {
    const twin = fields.sameAs && `the same as event ${fields.sameAs}`;
    return { stage: 'consumer', outcome: String(outcome), detail: words(type, twin, failure) };
  }
  if ('correlationid' in fields) {
    const detail = words(type, subject, botBeside(String(subject), String(bot ?? '')));
    return { stage: 'shared bus', outcome: 'published', detail };
  }
  return { stage: 'log', outcome: String(fields.level ?? ''), detail: words(message, failure) };
}

const words = (...parts: readonly (string | number | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(' ');

/** The ids that connect steps: a retried delivery has one event id, and several correlation ids. */
export const idsOf = ({ eventId, correlationId }: Step): string[] =>
  [eventId, correlationId].filter((id): id is string => id !== undefined && id !== '');

/** Whether a step itself has one of these ids: a line may contain a short id by chance. */
export const bears = (step: Step, ids: ReadonlySet<string>): boolean =>
  [step.eventId, step.deliveryId, step.correlationId].some((id) => id !== undefined && ids.has(id));

/** Steps in order. A request precedes the steps that it caused, whenever its line was written. */
export function inOrder(steps: readonly Step[]): Step[] {
  const begin = (step: Step): Step => {
    if (step.stage !== 'request') return step;
    const related = steps.filter(({ correlationId }) => correlationId === step.correlationId);
    return { ...step, at: Math.min(...related.map(({ at }) => at)) };
  };
  return steps.map(begin).sort((a, b) => a.at - b.at || STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
}

/** Steps that must precede other steps of an event; each has a log line. */
const WAY = ['request', 'verifier', 'consumer', 'shared bus'] as const;

/** The lines that are missing, or not there yet; undefined if there is no gap. */
export function gapIn(steps: readonly Step[]): string | undefined {
  const isThere = (stage: Step['stage']) => steps.some((step) => step.stage === stage);
  const missing = WAY.slice(0, WAY.findLastIndex(isThere) + 1).filter((stage) => !isThere(stage));
  if (missing.length === 0) return undefined;
  return (
    `There is no line of: ${missing.join(', ')}. Older than --since or than the setting logDays, not there yet (some seconds), ` +
    'left out by logLevel, or the event was brought back by a command.'
  );
}

/** What is missing, and where to look; undefined if the trace is complete, or ends with a refusal. */
export function whatIsMissing(steps: readonly Step[]): string | undefined {
  const last = (stage: Step['stage']) => steps.filter((step) => step.stage === stage).at(-1);
  const consumer = last('consumer');
  if (last('shared bus')) return undefined;
  if (consumer?.detail.startsWith('event.unrecognized')) return 'An unrecognized event stays on the intake bus.';
  if (consumer && consumer.outcome !== 'failed') {
    return 'It is not on the shared bus, or was not yet when CloudWatch was asked: npx meetbus dlq list';
  }
  if (consumer) return 'The consumer has failed; after five times the message is dead-lettered: npx meetbus dlq list';
  return WAITING[last('verifier')?.outcome ?? ''];
}

const IN_QUEUE =
  'The consumer has not logged it yet: it waits in its queue, or was dead-lettered: npx meetbus dlq list';

/** The location of a delivery that no consumer has logged, by the verifier's outcome. */
const WAITING: Readonly<Record<string, string>> = {
  accepted: IN_QUEUE,
  accepted_again: IN_QUEUE,
  stored:
    'Its queue did not take it: it is brought there from the bucket within minutes: npx meetbus query stored-deliveries',
};
