/** Merges log lines into deliveries, and deliveries into rows of the page. Pure functions. */
import { ANSWERS } from '../../../lambdas/ingest/answers';
import { MAX_RECEIVE_COUNT } from '../../../lib/max-receive-count';
import { PROBE_NAME } from '../../../providers/probe/names';
import { USER_AGENT } from '../../commands/doctor/api';
import type { LogLine } from '../../commands/trace/log-search';
import { type Fields, readStep, type Step } from '../../commands/trace/steps';
import { maskedText } from '../../masked';
import type { DeliveryOutcome, DeliveryRow } from '../api/live';

/** One step, and the members of its log line. */
export interface Seen {
  readonly step: Step;
  readonly fields: Fields;
}

/** What the logs say about one delivery. */
export interface Delivery {
  readonly id: string;
  readonly request?: Seen;
  readonly verifier?: Seen;
  /** The last try. */
  readonly consumer?: Seen;
  readonly bus?: Seen;
  /** Tries of the consumer that failed. */
  readonly failures: number;
}

const PARTS = { request: 'request', verifier: 'verifier', consumer: 'consumer', 'shared bus': 'bus' } as const;

/**
 * Takes a log line in.
 *
 * @param deliveries by the correlation id; the delivery of the line is replaced
 * @returns the id of the delivery; undefined for a line about none
 */
export function takeIn(deliveries: Map<string, Delivery>, line: LogLine): string | undefined {
  const seen = readStep(line);
  if (!seen || seen.step.stage === 'log') return undefined;
  const { step } = seen;
  // A message that is no delivery has no ids but its own.
  const id = step.correlationId ?? (seen.fields.messageId === undefined ? undefined : String(seen.fields.messageId));
  if (id === undefined) return undefined;
  const before = deliveries.get(id) ?? { id, failures: 0 };
  deliveries.set(id, withStep(before, PARTS[step.stage as keyof typeof PARTS], seen));
  return id;
}

function withStep(before: Delivery, part: (typeof PARTS)[keyof typeof PARTS], seen: Seen): Delivery {
  if (part !== 'consumer') return { ...before, [part]: seen };
  const failures = before.failures + (seen.step.outcome === 'failed' ? 1 : 0);
  // Lines of several log streams come in any order.
  const isLater = !before.consumer || before.consumer.step.at <= seen.step.at;
  return { ...before, failures, ...(isLater && { consumer: seen }) };
}

/** The row of a delivery. Nothing in it is a credential. */
export function rowOf(delivery: Delivery, providers: readonly string[]): DeliveryRow {
  const { id, request, verifier, consumer, bus } = delivery;
  const all = [bus, consumer, verifier];
  const word = (...names: readonly string[]): string => {
    const found = all.flatMap((seen) => names.map((name) => seen?.fields[name])).find((value) => value !== undefined);
    return found === undefined ? '' : maskedText(String(found));
  };
  const start = startOf(delivery);
  const { outcome, where, reason = '', endedAt } = endOf(delivery);
  const eventId = word('eventId', 'id');
  const provider = word('provider') || providerIn(request, providers) || providerOf(bus);
  return {
    id,
    ...(eventId && { eventId }),
    time: new Date(start).toISOString(),
    provider,
    providerEvent: word('providerEvent', 'providerevent'),
    type: word('type'),
    subject: word('subject'),
    ...{ outcome, where, reason: maskedText(reason) },
    ...(endedAt !== undefined && { milliseconds: Math.max(0, endedAt - start) }),
    ...(consumer?.fields.standing === 'stale' && { isStale: true as const }),
    ...((provider === PROBE_NAME || request?.fields.userAgent === USER_AGENT) && { isOwn: true as const }),
  };
}

/** The source of an event is `meetbus.<provider>`. */
const providerOf = (bus: Seen | undefined): string => String(bus?.fields.source ?? '').replace(/^[^.]*\./, '');

/** Every route begins with the name of its provider. */
function providerIn(request: Seen | undefined, providers: readonly string[]): string {
  const [, name = ''] = String(request?.fields.path ?? '').split('/');
  return name === PROBE_NAME || providers.includes(name) ? name : '';
}

/** In milliseconds since 1970. */
export const endOfStep = ({ step: { at, tookMs = 0 } }: Seen): number => at + tookMs;

function startOf({ request, verifier, consumer, bus }: Delivery): number {
  if (request) return request.step.at;
  const received = bus && Date.parse(String(bus.fields.receivedtime));
  const times = [received, ...[verifier, consumer, bus].map((seen) => seen?.step.at)];
  return Math.min(...times.filter((time): time is number => Number.isFinite(time)));
}

interface End {
  readonly outcome: DeliveryOutcome;
  readonly where: string;
  readonly reason?: string;
  readonly endedAt?: number;
}

/** The last place that a delivery has reached. */
function endOf(delivery: Delivery): End {
  const { request, verifier, consumer, bus } = delivery;
  if (bus) return { outcome: 'published', where: 'shared bus', endedAt: bus.step.at };
  if (consumer) return endInConsumer(consumer, delivery.failures);
  if (verifier) return endInVerifier(verifier);
  return request ? endInGateway(request) : { outcome: 'accepted', where: '' };
}

function endInConsumer(consumer: Seen, failures: number): End {
  const { fields, step } = consumer;
  const endedAt = endOfStep(consumer);
  if (step.outcome === 'duplicate') {
    const reason = fields.sameAs === undefined ? 'published before' : `the same as event ${fields.sameAs}`;
    return { outcome: 'duplicate', where: 'consumer', reason, endedAt };
  }
  if (step.outcome === 'in_progress')
    return { outcome: 'accepted', where: 'queue', reason: 'another try is under way' };
  if (step.outcome !== 'failed') {
    if (fields.type !== 'event.unrecognized') return { outcome: 'published', where: 'intake bus' };
    return { outcome: 'unrecognized', where: 'intake bus', reason: String(fields.reason ?? ''), endedAt };
  }
  return { outcome: 'failed', where: placeAfter(failures), reason: whyFailed(consumer) };
}

/** The error of a line, without credentials; empty if it has none. */
export const whyFailed = ({ fields: { error } }: Seen): string =>
  maskedText([error?.name, error?.message].filter(Boolean).join(': '));

const placeAfter = (failures: number): string =>
  failures >= MAX_RECEIVE_COUNT ? 'dead-letter queue' : `queue, ${failures} of ${MAX_RECEIVE_COUNT} tries`;

/** Where a delivery is that a verifier has taken in. */
const TAKEN_IN: Readonly<Record<string, string>> = { accepted: 'queue', accepted_again: 'queue', stored: 'bucket' };

function endInVerifier(verifier: Seen): End {
  const { step, fields } = verifier;
  const { outcome } = step;
  const endedAt = endOfStep(verifier);
  const place = TAKEN_IN[outcome];
  if (place !== undefined) {
    return { outcome: 'accepted', where: place, ...(outcome === 'stored' && { reason: 'its queue did not take it' }) };
  }
  if (outcome === 'duplicate') return { outcome, where: 'verifier', reason: 'taken in before', endedAt };
  if (outcome === 'answered') return { outcome, where: 'verifier', reason: 'handshake', endedAt };
  const isRefused = ANSWERS[outcome as keyof typeof ANSWERS]?.statusCode === 401;
  const reason = outcome === 'unavailable' ? (fields.error?.name ?? '') : outcome;
  return { outcome: isRefused ? 'refused' : 'unavailable', where: 'verifier', reason, endedAt };
}

/** A request of which no verifier has told: the gateway has answered, or the verifier's line is yet to come. */
function endInGateway({ step, fields }: Seen): End {
  const status = Number(step.outcome);
  if (status < 400) return { outcome: 'accepted', where: 'verifier' };
  const isGateway = fields.responseType !== undefined && fields.responseType !== '-';
  const reason = [status, isGateway ? String(fields.responseType).toLowerCase() : ''].filter(Boolean).join(' ');
  const endedAt = step.at + (step.tookMs ?? 0);
  return { outcome: status < 500 ? 'refused' : 'unavailable', where: 'gateway', reason, endedAt };
}
