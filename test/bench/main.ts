/**
 * `npm run bench`: what proving and normalizing a delivery cost, as multiples of the bare work that nobody can do without.
 * Both are measured in turns in one run, because machines differ, and one machine differs from minute to minute. Ends with
 * 1 where a ratio is over its budget.
 */
import { createHmac, createPublicKey, randomUUID, timingSafeEqual, verify } from 'node:crypto';
import { Bench } from 'tinybench';
import { type Column, tableOf } from '../../bin/output';
import type { DeliveryMessage } from '../../lambdas/ingest/delivery-message';
import { meetingEventIn } from '../../lambdas/publish/meeting-event';
import { signingKeyOf, verifySignature as verifyRecall } from '../../providers/kit/standard-webhooks';
import { realtimekitBody } from '../../providers/realtimekit/sandbox';
import { verifySignature as verifyRealtimekit } from '../../providers/realtimekit/signature';
import { runtime } from '../../providers/recall/runtime';
import { recallBody } from '../../providers/recall/sandbox';
import type { Verification } from '../../providers/runtime';
import { delivery, newKeyPair, newSecret, realtimekitHeaders, recallHeaders } from '../support/deliveries';

/** Some work of Meetbus beside the least that it could be. */
interface Case {
  readonly name: string;
  readonly ours: () => unknown;
  readonly bare: () => unknown;
  /** Most that our work may cost, as a multiple of the bare work; absent where there is no budget. */
  readonly budget?: number;
}

interface Result {
  readonly name: string;
  readonly oursMicroseconds: number;
  readonly bareMicroseconds: number;
  readonly ratio: number;
  readonly budget?: number | undefined;
}

/** Rounds of each case; their median is reported. */
const ROUNDS = 7;

const MILLISECONDS_A_ROUND = 200;

const BODY_BYTES = 2_048;

/** The body as JSON of a length that the benches have in common. */
function padded(body: object): string {
  const bare = JSON.stringify({ ...body, padding: '' });
  return JSON.stringify({ ...body, padding: 'x'.repeat(Math.max(0, BODY_BYTES - bare.length)) });
}

/** A bench of something that does not work would be quick. */
function expectVerified(verification: Verification): void {
  if (verification.outcome !== 'verified') throw new Error(`Not verified: ${JSON.stringify(verification)}.`);
}

function recallSignature(): Case {
  const secret = newSecret();
  const key = signingKeyOf(secret)!;
  const body = padded(recallBody('bot.done'));
  const signed = recallHeaders(secret, body);
  const taken = delivery({ body, headers: signed });
  const head = Buffer.from(`${signed['webhook-id']}.${signed['webhook-timestamp']}.`);
  const digest = Buffer.from(String(signed['webhook-signature']).slice('v1,'.length), 'base64');
  return {
    name: 'Recall.ai signature of 2 KB, beside HMAC and a comparison',
    ours: () => expectVerified(verifyRecall(taken, [key], Date.now())),
    bare: () => timingSafeEqual(createHmac('sha256', key).update(head).update(taken.body).digest(), digest),
    budget: 1.5,
  };
}

function realtimekitSignature(): Case {
  const { privateKey, publicPem } = newKeyPair();
  const key = createPublicKey(publicPem);
  const body = padded(realtimekitBody('meeting.started'));
  const headers = realtimekitHeaders(privateKey, body);
  const taken = delivery({ body, headers });
  const signature = Buffer.from(String(headers['rtk-signature']), 'base64');
  return {
    name: 'RealtimeKit signature of 2 KB, beside RSA',
    ours: () => expectVerified(verifyRealtimekit(taken, key)),
    bare: () => verify('sha256', taken.body, key, signature),
    budget: 1.2,
  };
}

function normalization(): Case {
  const body = Buffer.from(padded(recallBody('transcript.data')));
  const message: DeliveryMessage = {
    provider: 'recall',
    providerEvent: 'transcript.data',
    family: 'transcript',
    deliveryId: randomUUID(),
    eventId: randomUUID(),
    correlationId: randomUUID(),
    receivedTime: new Date().toISOString(),
    body: { base64: '' },
  };
  if (meetingEventIn(runtime, message, body).type !== 'transcript.segment')
    throw new Error('The sample is not recognized.');
  return {
    name: 'transcript.data of 2 KB to its meeting event, beside JSON.parse',
    ours: () => meetingEventIn(runtime, message, body),
    bare: () => JSON.parse(body.toString()),
  };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Runs both in turns, so that whatever else the machine does meets both. */
async function measure({ name, ours, bare, budget }: Case): Promise<Result> {
  const rounds: { readonly ours: number; readonly bare: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bench = new Bench({ time: MILLISECONDS_A_ROUND, warmupTime: MILLISECONDS_A_ROUND / 4, throws: true });
    bench.add('ours', ours).add('bare', bare);
    await bench.run();
    rounds.push({ ours: microsecondsOf(bench, 'ours'), bare: microsecondsOf(bench, 'bare') });
  }
  return {
    name,
    oursMicroseconds: median(rounds.map((round) => round.ours)),
    bareMicroseconds: median(rounds.map((round) => round.bare)),
    ratio: median(rounds.map((round) => round.ours / round.bare)),
    budget,
  };
}

/** The median, which a pause of the machine does not move. */
function microsecondsOf(bench: Bench, task: string): number {
  const result = bench.getTask(task)?.result;
  if (result?.state !== 'completed') throw new Error(`The bench of ${task} did not end.`);
  return result.latency.p50 * 1_000;
}

const isOver = ({ ratio, budget }: Result): boolean => budget !== undefined && ratio > budget;

const COLUMNS: readonly Column<Result>[] = [
  { title: 'what', value: ({ name }) => name },
  { title: 'ours, µs', value: ({ oursMicroseconds }) => oursMicroseconds.toFixed(1) },
  { title: 'bare, µs', value: ({ bareMicroseconds }) => bareMicroseconds.toFixed(1) },
  { title: 'ratio', value: ({ ratio }) => ratio.toFixed(2) },
  { title: 'budget', value: ({ budget }) => budget?.toFixed(1) ?? '-' },
  { title: 'verdict', value: (result) => (result.budget === undefined ? '' : isOver(result) ? 'over' : 'within') },
];

async function main(): Promise<void> {
  console.log(`Node.js ${process.version}, ${ROUNDS} rounds of ${MILLISECONDS_A_ROUND} ms each, medians.\n`);
  const results: Result[] = [];
  for (const one of [recallSignature(), realtimekitSignature(), normalization()]) results.push(await measure(one));
  console.log(tableOf(COLUMNS, results));
  if (results.some(isOver)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
