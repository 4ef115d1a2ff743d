/** The way of a delivery as the page shows it. Pure functions. */
import { ANSWERS } from '../../../lambdas/ingest/answers';
import { MAX_RECEIVE_COUNT } from '../../../lib/max-receive-count';
import { maskedText } from '../../masked';
import type { Station } from '../api/event';
import { type Delivery, endOfStep, type Seen, whyFailed } from '../live/deliveries';

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Outcomes of a verifier with which a delivery goes on. */
const GOES_ON: readonly string[] = ['accepted', 'accepted_again', 'stored'];

/** Every place on the way, whether the delivery got there or not. */
export function wayOf(delivery: Delivery): Station[] {
  const stations = [request(delivery), proof(delivery), queue(delivery), ...published(delivery)];
  const end = stations.findIndex(({ state }) => state === 'stopped' || state === 'waiting');
  return end < 0 ? stations : stations.slice(0, end + 1);
}

function request({ request: seen, verifier, consumer, bus }: Delivery): Station {
  if (!seen) return { name: 'request', state: 'unseen', says: 'No line in the log of requests.' };
  const { step, fields } = seen;
  const state = Number(step.outcome) < 400 || verifier || consumer || bus ? 'passed' : 'stopped';
  const from = fields.userAgent === undefined ? '' : `, from ${fields.userAgent}`;
  const says = maskedText(`${step.detail}: ${step.outcome}${from}`);
  return { name: 'request', state, ...at(seen), says };
}

function proof({ verifier: seen, request: asked, consumer, bus }: Delivery): Station {
  if (!seen) {
    const goesOn = consumer || bus || !asked;
    return goesOn
      ? { name: 'proof', state: 'unseen', says: 'No line of the verifier: left out by logLevel, or older.' }
      : { name: 'proof', state: 'waiting', says: 'No line of the verifier yet.' };
  }
  const { outcome } = seen.step;
  const status = ANSWERS[outcome as keyof typeof ANSWERS]?.statusCode;
  const proved = seen.fields.proof === undefined ? '' : `proved by ${seen.fields.proof}`;
  const answered = status === undefined ? '' : `answered ${status}`;
  const says = [outcome, proved, answered, whyFailed(seen)].filter(Boolean).join(', ');
  return { name: 'proof', state: GOES_ON.includes(outcome) ? 'passed' : 'stopped', ...at(seen), says };
}

function queue({ verifier, consumer, bus, failures }: Delivery): Station {
  const family = consumer?.fields.family ?? verifier?.fields.family;
  const of = family === undefined ? '' : `of the family ${family}`;
  // SQS may hand out a message before the verifier that sent it has answered.
  const start = verifier && { time: timeOf(Math.min(endOfStep(verifier), consumer?.step.at ?? Infinity)) };
  if (consumer) {
    const tookMs = verifier && Math.max(0, consumer.step.at - endOfStep(verifier));
    const tries = failures > 0 ? `${failures} of ${MAX_RECEIVE_COUNT} tries failed` : '';
    const says = [of, tries].filter(Boolean).join(', ');
    return { name: 'queue', state: 'passed', ...start, ...(tookMs !== undefined && { tookMs }), says };
  }
  if (bus) return { name: 'queue', state: 'unseen', ...start, says: of };
  const says = verifier?.step.outcome === 'stored' ? `${of}: it did not take it; it is in the bucket` : of;
  return { name: 'queue', state: 'waiting', ...start, says };
}

function published(delivery: Delivery): Station[] {
  const { consumer, bus } = delivery;
  const onBus: Station = bus
    ? { name: 'shared bus', state: 'passed', time: timeOf(bus.step.at), says: maskedText(bus.step.detail) }
    : { name: 'shared bus', state: 'waiting', says: 'Not there, or not yet.' };
  if (!consumer) {
    const unseen = { state: 'unseen' as const, says: 'No line of the consumer: left out by logLevel, or older.' };
    return [{ name: 'consumer', ...unseen }, { name: 'intake bus', state: 'unseen', says: '' }, onBus];
  }
  const { step, fields } = consumer;
  const why = whyFailed(consumer);
  const says = [step.outcome, fields.type, fields.sameAs && `the same as ${fields.sameAs}`, why]
    .filter(Boolean)
    .join(', ');
  const isPublished = step.outcome === 'published';
  const isTriedAgain =
    step.outcome === 'in_progress' || (step.outcome === 'failed' && delivery.failures < MAX_RECEIVE_COUNT);
  const state = isPublished || bus ? 'passed' : isTriedAgain ? 'waiting' : 'stopped';
  const isUnrecognized = fields.type === 'event.unrecognized';
  const intake: Station = {
    ...{
      name: 'intake bus',
      state: isUnrecognized ? 'stopped' : 'passed',
      time: timeOf(Math.min(endOfStep(consumer), bus?.step.at ?? Infinity)),
    },
    says: isUnrecognized ? `stays here: ${fields.reason ?? 'unrecognized'}` : '',
  };
  return [{ name: 'consumer', state, ...at(consumer), says }, intake, onBus];
}

const at = (seen: Seen) => ({
  time: timeOf(seen.step.at),
  ...(seen.step.tookMs !== undefined && { tookMs: seen.step.tookMs }),
});
