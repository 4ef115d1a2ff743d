/** What is counted as live: never less than nothing, whatever order, copies and failures do to the events. */
import '../../support/quiet';

import * as fc from 'fast-check';
import type * as Life from '../../../lambdas/publish/life';
import { failing, startAws } from '../../support/aws-in-process';
import { base64Of, type Consumer, handOver, newMessage } from '../../support/messages';
import { newConsumer, RUNTIMES } from '../../support/runtimes';

let aws: Awaited<ReturnType<typeof startAws>>;
let botConsumer: Consumer;
let meetingConsumer: Consumer;
let changeOf: typeof Life.changeOf;
beforeAll(async () => {
  aws = await startAws();
  // Metrics are what is looked at here.
  delete process.env.POWERTOOLS_METRICS_DISABLED;
  botConsumer = await newConsumer();
  meetingConsumer = await newConsumer();
  changeOf = (await import('../../../lambdas/publish/life')).changeOf;
});
afterEach(() => aws.mend());
afterAll(() => aws.close());

/** A value of the metric `Live`. */
interface Count {
  readonly value: number;
  /** Second after the first minute of the test's hour at which it counts. */
  readonly at: number;
}

const HOUR = new Date(Math.floor(Date.now() / 3_600_000 - 1) * 3_600_000);
const secondsOf = (milliseconds: number) => (milliseconds - HOUR.getTime()) / 1_000;
const receivedAt = (second: number) => new Date(HOUR.getTime() + second * 1_000).toISOString();

/** The values of the metric that work prints, in the embedded format. */
async function countsOf(work: () => Promise<unknown>): Promise<Count[]> {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return written.flatMap((line) => {
    if (!line.includes('"Live"')) return [];
    const { _aws, Live } = JSON.parse(line);
    return [{ value: Live, at: secondsOf(_aws.Timestamp) }];
  });
}

/** A bot's status, in the words of either generation, received at a second. */
function status(bot: string, code: string, second: number, generation: 'later' | 'older' = 'later') {
  const updated_at = '2026-11-02T10:00:00Z';
  const body =
    generation === 'later'
      ? { data: { data: { code, updated_at }, bot: { id: bot } } }
      : { data: { bot_id: bot, status: { code, created_at: updated_at } } };
  return newMessage({
    providerEvent: generation === 'later' ? `bot.${code}` : 'bot.status_change',
    receivedTime: receivedAt(second),
    body: base64Of(JSON.stringify(body)),
  });
}

function meeting(event: 'started' | 'ended', second: number, fields: object) {
  return newMessage({
    provider: 'realtimekit',
    family: 'meeting',
    providerEvent: `meeting.${event}`,
    receivedTime: receivedAt(second),
    body: base64Of(JSON.stringify({ meeting: fields })),
  });
}

/** Hands over one message after the other. */
const inTurn = (consumer: Consumer, messages: readonly object[]) =>
  countsOf(async () => {
    for (const message of messages) await handOver(consumer, [message]);
  });

describe('a bot', () => {
  it('counts where it begins, and once at that time where it ends, though it fails and is done', async () => {
    const events = [status('a', 'joining_call', 1), status('a', 'fatal', 60), status('a', 'done', 120)];
    expect(await inTurn(botConsumer, events)).toEqual([
      { value: 1, at: 1 },
      { value: -1, at: 1 },
    ]);
  });

  it.each<[string, () => object[], Count[]]>([
    ['that ends and never began', () => [status('b1', 'done', 5), status('b1', 'fatal', 6)], []],
    ['whose beginning comes after its end', () => [status('b2', 'done', 5), status('b2', 'joining_call', 6)], []],
    [
      'that is told in both generations',
      () => [
        status('b3', 'joining_call', 5),
        status('b3', 'joining_call', 5, 'older'),
        status('b3', 'done', 9),
        status('b3', 'done', 9, 'older'),
      ],
      [
        { value: 1, at: 5 },
        { value: -1, at: 5 },
      ],
    ],
    [
      'that begins twice and ends twice',
      () => ['joining_call', 'joining_call', 'done', 'joining_call', 'done'].map((code, i) => status('b4', code, i)),
      [
        { value: 1, at: 0 },
        { value: -1, at: 0 },
      ],
    ],
    [
      'beside another',
      () => [status('b5', 'joining_call', 5), status('b6', 'joining_call', 6), status('b5', 'fatal', 7)],
      [
        { value: 1, at: 5 },
        { value: 1, at: 6 },
        { value: -1, at: 5 },
      ],
    ],
    ['in any other status', () => [status('b7', 'in_call_recording', 5), status('b7', 'call_ended', 6)], []],
  ])('%s', async (_name, events, counts) => {
    expect(await inTurn(botConsumer, events())).toEqual(counts);
  });

  it('counts once, though its event is handed over again', async () => {
    const events = [status('c', 'joining_call', 5), status('c', 'done', 6)];
    expect(await inTurn(botConsumer, [...events, ...events])).toHaveLength(2);
  });

  it('does not count before its event is published', async () => {
    const began = status('d', 'joining_call', 5);
    aws.break('PutEvents', failing);
    expect(await inTurn(botConsumer, [began])).toEqual([]);
    aws.mend();
    expect(await inTurn(botConsumer, [began])).toEqual([{ value: 1, at: 5 }]);
  });

  it('whose beginning the table may not know counts, and whose end it may not know does not', async () => {
    aws.break('UpdateItem', failing);
    const counts = await inTurn(botConsumer, [status('e', 'joining_call', 5), status('f', 'done', 6)]);
    expect(counts).toEqual([{ value: 1, at: 5 }]);
  });
});

describe('a meeting', () => {
  it('counts anew for each sitting', async () => {
    const first = { id: 'm', sessionId: 's-1' };
    const second = { id: 'm', sessionId: 's-2' };
    const events = [
      meeting('started', 1, first),
      meeting('ended', 2, first),
      meeting('started', 3, second),
      meeting('ended', 4, first),
      meeting('ended', 5, second),
    ];
    expect(await inTurn(meetingConsumer, events)).toEqual([
      { value: 1, at: 1 },
      { value: -1, at: 1 },
      { value: 1, at: 3 },
      { value: -1, at: 3 },
    ]);
  });

  it('whose sittings have no id is told by when they began', async () => {
    const sitting = (startedAt: string) => ({ id: 'n', startedAt });
    const events = [
      meeting('started', 1, sitting('2026-11-02T10:00:00Z')),
      meeting('ended', 2, sitting('2026-11-02T10:00:00.000Z')),
      meeting('started', 3, sitting('2026-11-02T11:00:00Z')),
    ];
    expect((await inTurn(meetingConsumer, events)).map(({ value }) => value)).toEqual([1, -1, 1]);
  });
});

it('fails no record where a runtime throws: its event is published already', async () => {
  const { createConsumer } = await import('../../../lambdas/publish/consumer');
  const momentOf = () => {
    throw new Error('The runtime does not know that status.');
  };
  const consumer = createConsumer(new Map([['recall', { ...RUNTIMES.recall, momentOf }]]));
  aws.events.length = 0;
  const messages = [newMessage(), newMessage()];
  expect(await handOver(consumer, messages)).toEqual([]);
  expect(await handOver(consumer, messages)).toEqual([]);
  expect(aws.events).toHaveLength(2);
});

it('is never less than nothing in any window, whatever comes, however often it is tried', () => {
  const event = fc.record({
    bot: fc.constantFrom('a', 'b', 'c'),
    moment: fc.constantFrom('begun' as const, 'ended' as const),
    second: fc.integer({ min: 0, max: 40_000 }),
    /** The write was made, and its first answer was lost. */
    isTriedAgain: fc.boolean(),
    /** No answer came at all; whether the write was made, nobody knows. */
    isUnanswered: fc.constantFrom(false, false, false, 'made' as const, 'lost' as const),
  });
  const property = fc.property(fc.array(event, { maxLength: 30 }), (events) => {
    const table = new Map<string, { begun?: string; ended?: string }>();
    const sums = new Map<number, number>();
    for (const [index, { bot, moment, second, isTriedAgain, isUnanswered }] of events.entries()) {
      const stamp = `${receivedAt(second)}#${index}`;
      const before = table.get(bot) ?? {};
      const after = { ...before, [moment]: before[moment] ?? stamp };
      if (isUnanswered !== 'lost') table.set(bot, after);
      const known = isUnanswered ? undefined : isTriedAgain ? after : before;
      const change = changeOf(moment, stamp, known);
      if (change) sums.set(change.at, (sums.get(change.at) ?? 0) + change.value);
    }
    for (const sum of sums.values()) expect(sum).toBeGreaterThanOrEqual(0);
  });
  fc.assert(property, { numRuns: 2_000 });
});
