/** A consumer's handler, in process, against real services over HTTP: above all what it does when these fail. */
import '../../support/quiet';

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Operation } from '@meetbus/local-cloud/service';
import { bodyOf } from '../../../lambdas/publish/message';
import { createPutEvents } from '../../../lambdas/publish/put-events';
import { ARCHIVE_DAYS, failing, INTAKE_BUS_NAME, startAws } from '../../support/aws-in-process';
import { base64Of, type Consumer, handOver, newMessage } from '../../support/messages';
import { newConsumer } from '../../support/runtimes';

let aws: Awaited<ReturnType<typeof startAws>>;
let consumer: Consumer;
beforeAll(async () => {
  aws = await startAws();
  consumer = await newConsumer();
});
afterEach(() => {
  aws.mend();
  aws.events.length = 0;
});
afterAll(() => aws.close());

/** Hands messages to the consumer as one batch; gives the places of those that it reports as failed. */
const consume = (messages: readonly (object | string)[]) => handOver(consumer, messages);

const published = () => aws.events.map(({ detail }) => JSON.parse(detail).id as string).sort();
const idsOf = (messages: readonly { eventId: string }[]) => messages.map(({ eventId }) => eventId).sort();
const batch = (size: number) => Array.from({ length: size }, () => newMessage());

it('publishes a batch, and nothing of it again', async () => {
  const messages = batch(10);
  expect(await consume(messages)).toEqual([]);
  expect(await consume(messages)).toEqual([]);
  expect(published()).toEqual(idsOf(messages));
});

it('reports only the messages that fail, whatever is wrong with them', async () => {
  const good = newMessage();
  const lost = newMessage({ body: { bucket: 'bucket', key: 'deliveries/recall/gone' } });
  const broken = [lost, 'no JSON', '{}', newMessage({ family: 'zoo' }), newMessage({ receivedTime: 7 })];
  expect(await consume([...broken, good])).toEqual([0, 1, 2, 3, 4]);
  expect(published()).toEqual([good.eventId]);
});

describe('a body that is not in its message', () => {
  const text = JSON.stringify({ event: 'bot.done', data: { bot: { id: 'b' } }, secret: 'word-of-a-participant' });
  const sha256 = createHash('sha256').update(text).digest('hex');
  const key = 'deliveries/recall/large';

  beforeEach(async () => {
    const s3 = new S3Client({ forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: key, Body: text }));
    s3.destroy();
  });

  it.each<[string, object]>([
    ['that is in the bucket as it was stored', { bucket: 'bucket', key, sha256 }],
    ['of a version that told no digest', { bucket: 'bucket', key }],
    ['that is compressed', { gzip: gzipSync(text).toString('base64') }],
  ])('%s is published', async (_, body) => {
    const message = newMessage({ body });
    expect(await consume([message])).toEqual([]);
    expect(published()).toEqual([message.eventId]);
    expect(JSON.parse(aws.events[0]!.detail).data.raw).toEqual(JSON.parse(text));
  });

  it('that was changed in the bucket is not, and the error names the object without what is in it', async () => {
    const reading = bodyOf(new S3Client({ forcePathStyle: true }), { bucket: 'bucket', key, sha256: 'f'.repeat(64) });
    await expect(reading).rejects.toThrow(/^The object deliveries\/recall\/large is not the one that was stored/);
    await expect(reading).rejects.not.toThrow(/word-of-a-participant/);
    expect(await consume([newMessage({ body: { bucket: 'bucket', key, sha256: 'f'.repeat(64) } })])).toEqual([0]);
    expect(published()).toEqual([]);
  });

  it('that would grow beyond what a provider can send is not', async () => {
    const bomb = gzipSync(Buffer.alloc(11 * 1024 * 1024)).toString('base64');
    expect(await consume([newMessage({ body: { gzip: bomb } })])).toEqual([0]);
    expect(published()).toEqual([]);
  });
});

interface PutEventsInput {
  readonly Entries: readonly { readonly Detail: string }[];
}

/**
 * PutEvents that fails the entries of these events, among the others, as often as told; after that, and where such an
 * entry is alone, the call as a whole fails.
 */
function failingEvents(ids: readonly string[], times: number): (original: Operation) => Operation {
  let left = times;
  const isBad = ({ Detail }: { readonly Detail: string }) => ids.includes(JSON.parse(Detail).id);
  return (original) => async (input: PutEventsInput, call) => {
    if (input.Entries.every(isBad) && left <= 0) return failing()({}, call);
    left--;
    const good = input.Entries.filter((entry) => !isBad(entry));
    const taken = good.length === 0 ? [] : ((await original({ Entries: good }, call)) as PutEventsInput).Entries;
    const answers = [...taken];
    const Entries = input.Entries.map((entry) => (isBad(entry) ? { ErrorCode: 'InternalFailure' } : answers.shift()));
    return { FailedEntryCount: input.Entries.length - good.length, Entries };
  };
}

describe('PutEvents', () => {
  it('takes ten entries in one call at the most', async () => {
    const sizes: number[] = [];
    aws.break('PutEvents', (original) => (input: PutEventsInput, call) => {
      sizes.push(input.Entries.length);
      return original(input, call);
    });
    const putEvents = createPutEvents(new EventBridgeClient({}), async () => new Map());
    const entries = Array.from({ length: 13 }, (_, n) => ({
      ...{ EventBusName: INTAKE_BUS_NAME, Source: 's', DetailType: 't', Detail: `{"n":${n}}` },
    }));
    const answers = await putEvents(entries);
    expect(entries.map((entry) => answers.get(entry))).toEqual(Array(13).fill(undefined));
    expect(aws.events).toHaveLength(13);
    expect(sizes.sort()).toEqual([10, 3]);
  });

  it('is asked again for the entries that failed, and for no other', async () => {
    const messages = batch(5);
    let calls = 0;
    const failTwice = failingEvents([messages[1]!.eventId], 2);
    // After two failures the entry is taken.
    aws.break(
      'PutEvents',
      (original) => (input, call) => (++calls <= 2 ? failTwice(original)(input, call) : original(input, call)),
    );
    expect(await consume(messages)).toEqual([]);
    expect(published()).toEqual(idsOf(messages));
  });

  it('fails only what no call took, also when a later call fails as a whole', async () => {
    const messages = batch(10);
    aws.break('PutEvents', failingEvents([messages[4]!.eventId], 1));
    expect(await consume(messages)).toEqual([4]);
    aws.mend();
    expect(await consume(messages)).toEqual([]);
    expect(published()).toEqual(idsOf(messages));
  });

  it('fails only the call that failed, where a batch needs several for its size', async () => {
    const body = base64Of(JSON.stringify({ data: { bot: { id: 'large' } }, padding: 'x'.repeat(400_000) }));
    const messages = batch(3).map((message) => ({ ...message, body }));
    aws.break(
      'PutEvents',
      (original) => (input: { Entries: object[] }, call) =>
        input.Entries.length === 1 ? failing()({}, call) : original(input, call),
    );
    const failed = await consume(messages);
    expect(failed).toHaveLength(1);
    aws.mend();
    expect(await consume(messages)).toEqual([]);
    expect(published()).toEqual(idsOf(messages));
  });

  it.each([
    ['without entries', {}],
    ['with entries that have no id', { Entries: [{}, {}, {}] }],
  ])('that answers %s has published nothing', async (_name, output) => {
    const messages = batch(3);
    aws.break('PutEvents', () => () => output);
    expect(await consume(messages)).toEqual([0, 1, 2]);
  });

  it('that always fails publishes nothing, and everything once it is back', async () => {
    const messages = batch(3);
    aws.break('PutEvents', failing);
    expect(await consume(messages)).toEqual([0, 1, 2]);
    aws.mend();
    expect(await consume(messages)).toEqual([]);
    expect(published()).toEqual(idsOf(messages));
  });
});

describe('the table', () => {
  it('that cannot lock holds everything back', async () => {
    const messages = batch(2);
    aws.break('PutItem', failing);
    expect(await consume(messages)).toEqual([0, 1]);
    expect(published()).toEqual([]);
    aws.mend();
    expect(await consume(messages)).toEqual([]);
    expect(published()).toEqual(idsOf(messages));
  });

  it('that cannot mark what was published does not bring it back', async () => {
    const messages = batch(2);
    aws.break('UpdateItem', failing);
    expect(await consume(messages)).toEqual([]);
    expect(published()).toEqual(idsOf(messages));
  });

  it('holds back a copy while the other is being worked on', async () => {
    const message = newMessage();
    expect(await consume([message, message])).toHaveLength(1);
    expect(await consume([message])).toEqual([]);
    expect(published()).toEqual([message.eventId]);
  });
});

it('publishes what it cannot read as event.unrecognized', async () => {
  expect(await consume([newMessage({ unrecognized: 'not_json', family: 'unrecognized', providerEvent: '' })])).toEqual(
    [],
  );
  expect(aws.events).toMatchObject([{ type: 'event.unrecognized' }]);
  expect(JSON.parse(aws.events[0]!.detail)).toMatchObject({ providerevent: 'unknown', data: { reason: 'not_json' } });
});

describe('what was set aside and is brought back', () => {
  const setAside = (changes: object) => ({ ...newMessage(changes), reprocess: 'sender_not_proved' });
  const daysLater = (days: number) => {
    const now = Date.now;
    return jest.spyOn(Date, 'now').mockImplementation(() => now() + days * 24 * 3_600_000);
  };
  afterEach(() => jest.restoreAllMocks());

  it('is not published again where it came with a proof, as long as the archive keeps events', async () => {
    const proved = newMessage();
    expect(await consume([proved])).toEqual([]);
    daysLater(ARCHIVE_DAYS);
    expect(await consume([setAside(proved), setAside({})])).toEqual([]);
    expect(published()).toHaveLength(2);
  });

  it('does not stand in the way of the same delivery that was proved and is understood only now', async () => {
    const unknown = newMessage({ unrecognized: 'unknown_event_name' });
    const { unrecognized, ...understood } = unknown as typeof unknown & { readonly unrecognized: string };
    expect(await consume([unknown])).toEqual([]);
    expect(await consume([setAside(understood)])).toEqual([]);
    expect(aws.events.map(({ type }) => type)).toEqual(['event.unrecognized']);
    const again = { ...understood, reprocess: unrecognized };
    for (let times = 0; times < 2; times++) expect(await consume([again])).toEqual([]);
    expect(aws.events.map(({ type }) => type)).toEqual(['event.unrecognized', 'bot.status_changed']);
  });
});

it('cleans texts that an earlier version put into its message as they came', async () => {
  const forged = 'bot.done","type":"bot.forged';
  expect(
    await consume([newMessage({ unrecognized: 'unknown_event_name', providerEvent: forged, deliveryId: forged })]),
  ).toEqual([]);
  const { providerevent, deliveryid } = JSON.parse(aws.events[0]!.detail);
  for (const text of [providerevent, deliveryid]) expect(text).not.toMatch(/["\\]/);
});
