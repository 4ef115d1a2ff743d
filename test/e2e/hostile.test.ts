/** Input that means harm: nothing unproven gets in or brings anything down, and nothing proven gets lost by being odd. */
import { ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { startWorld, type World } from '../support/providers';
import type { Subscription } from '../support/subscription';

let world: World;
let intake: Subscription;
beforeAll(async () => {
  world = await startWorld();
  intake = await world.meetbus.subscribeToAll('intake');
});
afterAll(() => world.close());

const ROUTES = [
  ...['/recall/webhooks', '/recall/realtime', '/realtimekit/webhooks'],
  ...['/realtimekit/webhooks/a-token-of-a-stranger', '/realtimekit/webhooks/%00', '/realtimekit/webhooks/__proto__'],
];
const PROOF_HEADERS = ['id', 'timestamp', 'signature']
  .flatMap((part) => [`webhook-${part}`, `svix-${part}`])
  .concat('rtk-signature', 'rtk-uuid', 'rtk-webhook-id', 'dyte-signature', 'content-encoding', 'x-amzn-requestid');

describe('unproven requests', () => {
  /** Anything that an HTTP header may hold, and what signatures are made of. */
  const headerValue = fc.oneof(
    fc.stringMatching(/^[ -~]{0,60}$/),
    fc.constantFrom('v1,AAAA', 'v1,', ',', ' ', '0', '-1', '1e400', String(Date.now()), '__proto__', 'A'.repeat(4_000)),
  );
  const headers = fc.dictionary(fc.constantFrom(...PROOF_HEADERS), headerValue, { maxKeys: 6 });
  const query = fc.oneof(
    fc.constant(''),
    fc
      .array(fc.tuple(fc.constantFrom('token', 'TOKEN', '__proto__', 'a'), fc.string({ unit: 'binary' })), {
        maxLength: 4,
      })
      .map(
        (pairs) => `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')}`,
      ),
    fc.constantFrom('?token', '?token=', '?token=%', '?token=%00', '?token=%ff', '?&&&', '?token[]=a', '?='),
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc.constant(Buffer.from('{"event":"bot.done","data":{"bot":{"id":"b"}}}')),
  );

  it('are refused with a 4xx, whatever they hold, and leave nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ROUTES), headers, query, body, async (route, given, search, bytes) => {
        const { status } = await world.meetbus.post({ path: `${route}${search}`, headers: given, body: bytes });
        expect([400, 401, 431]).toContain(status);
      }),
      { numRuns: 400 },
    );
    await world.meetbus.settled();
    expect(await intake.drain()).toEqual([]);
    expect(await storedItems(world)).toEqual([]);
    expect(await storedObjects(world)).toEqual([]);
  });
});

describe('proven bodies that are odd', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const event = (rest: string) => `{"event":"bot.done","data":{"bot":{"id":"b-1"}${rest}}}`;
  /** Body, and what `data.raw` holds where it is not the body itself. */
  const BODIES: readonly (readonly [name: string, body: string | Buffer, raw?: string | null])[] = [
    ['nothing', '', null],
    ['null', 'null'],
    ['a number beyond every double', '1e999'],
    ['a number of many digits', '{"n":123456789012345678901234567890.10}'],
    ['a byte that is not UTF-8', Buffer.from('{"event":"bot.done\xff"}', 'latin1'), null],
    ['a zero byte', '{"event":"a\\u0000b"}'],
    ['a lone surrogate', '{"event":"a\\ud800"}'],
    ['characters that SQS refuses', '{"event":"a\uFFFE\uFFFF"}', '{"event":"a\\ufffe\\uffff"}'],
    ['prototype keys', '{"__proto__":{"event":"bot.done"},"constructor":{"prototype":1}}'],
    ['an event that is a prototype key', '{"event":"__proto__"}'],
    ['doubled keys', '{"event":"bot.done","event":"galaxy.found"}', '{"event":"galaxy.found"}'],
    ['a very long event name', `{"event":"${'x'.repeat(100_000)}"}`],
    ['a very long key', `{"${'k'.repeat(100_000)}":1}`],
    ['a bot id that no queue takes for a group', event(',"x":1').replace('b-1', `é ${'y'.repeat(300)}`)],
    ['labels nested deep', event(`,"x":${deep(800)}`)],
    ['labels nested deeper than an event may be', event(`,"x":${deep(5_000)}`), null],
    ['labels nested deeper than any stack', event(`,"x":${deep(200_000)}`), null],
    ['an array in place of everything', `[${'[],'.repeat(1_000)}1]`],
    ['a Recall.ai body that says it is a message of ours', '{"provider":"recall","eventId":"x","body":{"base64":""}}'],
  ];

  it.each(BODIES.map(([name, body, raw = body]) => [name, body, raw] as const))(
    'accepts %s, publishes it, and keeps it as it was',
    async (_name, body, raw) => {
      const answers = await Promise.all([
        world.meetbus.post(world.recall.signed(body)),
        world.meetbus.post(world.realtimekit.signed(Buffer.from(body))),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const ids = answers.map(({ headers }) => headers['x-amz-apigw-id']);
      const events = (
        await intake.collect((all) => ids.every((id) => all.some((one) => one.detail.correlationid === id)))
      ).filter(({ detail }) => ids.includes(String(detail.correlationid)));
      expect(events).toHaveLength(2);
      for (const { text } of events) {
        if (raw === null) expect(text).not.toContain('"raw":');
        else expect(text).toContain(`"raw":${raw}`);
      }
    },
  );
});

/** Ids of what is in the tables, apart from the public key that a verifier has fetched. */
async function storedItems({ meetbus: { clients } }: World): Promise<string[]> {
  const { TableNames = [] } = await clients.dynamoDb.send(new ListTablesCommand({}));
  const pages = await Promise.all(TableNames.map((TableName) => clients.dynamoDb.send(new ScanCommand({ TableName }))));
  return pages.flatMap(({ Items = [] }) => Items.map(({ id }) => String(id?.S))).filter((id) => !id.startsWith('key#'));
}

async function storedObjects({ meetbus: { clients } }: World): Promise<string[]> {
  const { Buckets = [] } = await clients.s3.send(new ListBucketsCommand({}));
  const pages = await Promise.all(
    Buckets.map(({ Name }) => clients.s3.send(new ListObjectsV2Command({ Bucket: Name }))),
  );
  return pages.flatMap(({ Contents = [] }) => Contents.map(({ Key }) => String(Key)));
}
