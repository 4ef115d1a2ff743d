/** Every alarm's condition is made true from outside, and seen where CloudWatch would see it. */
import { randomUUID } from 'node:crypto';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { QUEUE_NAMES } from '../../bin/commands/dlq/queues';
import { localClientConfig } from '../../bin/local/client-config';
import { DEFAULT_PROVIDERS } from '../../providers';
import { recallBody } from '../../providers/recall/sandbox';
import { alarmsNow, isOver } from '../support/alarms';
import { putAside, withFailingRepublish } from '../support/dead-letters';
import { LARGE } from '../support/deliveries';
import { CONSUMERS, comeBackAfter, setFaults, settled, VERIFIERS } from '../support/faults';
import type { HttpDelivery } from '../support/http';
import {
  liveBody,
  putRealtimekitSecret,
  putRecallSecret,
  RealtimeKit,
  Recall,
  startWorld,
  type World,
} from '../support/providers';
import { until } from '../support/until';

/** What is missing here, and why it cannot be brought about in a few seconds. */
const NOT_SHOWN = [
  // A message would have to wait for ten minutes.
  'oldest-message',
  // A stored delivery would have to wait for a quarter of an hour; second-store.test.ts shows its age.
  'fallback-waiting',
  // The local cloud runs as many copies as are asked for.
  'verifier-throttles',
  // The verifier's calls end sooner, together, than the eight seconds of the threshold.
  'verifier-duration-recall-webhooks',
  // EventBridge gives up after a day.
  'republish-failed',
  // probe.test.ts shows them.
  'probe-absent',
  'probe-family',
  'probe-slow',
];

let world: World;
let client: CloudWatchClient;
beforeAll(async () => {
  world = await startWorld();
  // Late enough to be seen missing.
  await comeBackAfter(world.meetbus, 8);
  client = new CloudWatchClient(localClientConfig(world.meetbus.awsUrl));
});
afterAll(async () => {
  client.destroy();
  await world.close();
});

/** So for most of what an alarm looks at: the start of a verifier is slow where the machine is busy. */
const wasOver = (name: string) => isOver(client, name, 'p50');

const times = (count: number, delivery: () => HttpDelivery) =>
  Promise.all(Array.from({ length: count }, () => world.meetbus.post(delivery())));

const newBot = () => world.recall.signed({ event: 'bot.in_call_recording', data: { bot: { id: randomUUID() } } });
const inStream = (padding?: string) => world.recall.withToken(liveBody(randomUUID(), { padding }));
const newMeeting = (padding?: string) =>
  world.realtimekit.signed({ event: 'meeting.started', meeting: { id: randomUUID() }, padding });

/** With another token in its URL, which makes the verifier load the secret. */
const withoutToken = () =>
  world.realtimekit.signed(
    { event: 'meeting.started', meeting: { id: randomUUID() } },
    { path: '/realtimekit/webhooks/a-token-of-nobody' },
  );

/** How often a consumer has logged that an event could not be published. */
const failures = (): number => world.meetbus.functionLog().toString().split('"outcome":"failed"').length - 1;

/** Deliveries that no key proves. */
async function forge(count: number): Promise<void> {
  const [recall, realtimekit] = [new Recall(), new RealtimeKit()];
  await times(count, () => recall.signed({}));
  await times(count, () => realtimekit.signed({}));
}

/** Each has a consumer of its own, so that they work at the same time. */
const FIVE_FAMILIES = ['bot.done', 'participant_events.join', 'recording.done', 'transcript.done', 'calendar.update'];

const PROVIDERS = DEFAULT_PROVIDERS.map((factory) => factory().name);
const UNPUBLISHED = PROVIDERS.map((name) => `unpublished-${name}`);

/** What brings about which alarms, in this order. */
const CASES: readonly (readonly [what: string, alarms: readonly string[], happens: () => Promise<unknown>])[] = [
  [
    'a dead real-time endpoint',
    ['dead-endpoint'],
    () => world.meetbus.post(world.recall.signed(recallBody('realtime_endpoint.failed'))),
  ],
  [
    'an event of a new name',
    ['unrecognized'],
    () => world.meetbus.post(world.recall.signed({ event: 'bot.flew_away' })),
  ],
  [
    'a table that does not answer',
    ['fail-open', 'table-throttled'],
    async () => {
      await setFaults(world.meetbus, { service: 'dynamodb', fault: 'throttle', functionName: VERIFIERS });
      await world.meetbus.post(newBot());
    },
  ],
  [
    'a queue that takes nothing',
    ['fallback'],
    async () => {
      await setFaults(world.meetbus, { service: 'sqs', fault: 'error', functionName: VERIFIERS });
      await world.meetbus.post(newBot());
    },
  ],
  [
    'a bucket that does not say what is stored',
    ['fallback-errors'],
    async () => {
      await setFaults(world.meetbus, { service: 's3', operation: 'ListObjectsV2', fault: 'error' });
      await world.meetbus.runSchedules();
    },
  ],
  [
    'slow answers',
    ['verifier-duration-recall-realtime', 'verifier-duration-realtimekit-webhooks'],
    async () => {
      // A table that hangs takes 0.7 seconds, and a large body has 1.5 for the bucket before it goes without: busy machine or not,
      // that is more than two.
      await setFaults(
        world.meetbus,
        { service: 'dynamodb', fault: 'timeout', functionName: VERIFIERS },
        { service: 's3', fault: 'slow', milliseconds: 1_400, functionName: VERIFIERS },
      );
      await Promise.all([world.meetbus.post(inStream(LARGE)), world.meetbus.post(newMeeting(LARGE))]);
    },
  ],
  [
    'events that come late',
    ['in-time-fast-burn', 'in-time-slow-burn'],
    async () => {
      const slow = { fault: 'slow', milliseconds: 2_300, functionName: CONSUMERS } as const;
      await setFaults(
        world.meetbus,
        { ...slow, service: 'dynamodb', operation: 'PutItem' },
        { ...slow, service: 'events' },
      );
      await Promise.all(FIVE_FAMILIES.map((event) => times(2, () => world.recall.signed(recallBody(event)))));
    },
  ],
  [
    'events that are not published',
    UNPUBLISHED,
    async () => {
      const before = failures();
      await setFaults(world.meetbus, { service: 'events', fault: 'error', functionName: CONSUMERS });
      await Promise.all([times(3, newBot), times(3, newMeeting)]);
      await until(() => failures() >= before + 6, 'six failures');
    },
  ],
  ['forged deliveries', ['refused-recall', 'refused-realtimekit'], () => forge(30)],
  ['posts to the wrong place', ['gateway-4xx'], () => times(21, () => ({ path: '/recall/webhook', body: '{}' }))],
  [
    'verifiers that crash',
    ['verifier-errors', 'gateway-5xx', 'answered-fast-burn', 'answered-slow-burn'],
    async () => {
      await setFaults(world.meetbus, { service: 'dynamodb', fault: 'kill_before', functionName: VERIFIERS });
      await times(10, newMeeting);
    },
  ],
  [
    'deliveries of which too little is proved',
    ['set-aside'],
    () => world.meetbus.post(world.recall.withToken({ event: 'bot.done', data: { bot: { id: randomUUID() } } })),
  ],
  [
    'a secret with an entry that is none',
    ['secret-entry-ignored'],
    async () => {
      await putRealtimekitSecret(world.meetbus, { urlTokens: ['too-short', world.realtimekit.token] });
      await world.meetbus.post(withoutToken());
    },
  ],
  [
    'a secret of RealtimeKit that is broken',
    ['load-realtimekit-secret'],
    async () => {
      await putRealtimekitSecret(world.meetbus, {});
      await world.meetbus.post(withoutToken());
    },
  ],
  [
    'a secret that holds nothing',
    ['not-configured', 'load-recall-secret'],
    async () => {
      await putRecallSecret(world.meetbus, {});
      const stranger = new Recall();
      // On a busy machine a load may fail for another reason, and the next one counts.
      const isSeen = async () => {
        const { status } = await world.meetbus.post(stranger.signed({}));
        return status === 503 && (await isOver(client, 'not-configured'));
      };
      await until(isSeen, 'a fresh load that finds nothing');
    },
  ],
  [
    'a key server that is down, when somebody asks with another key',
    ['load-realtimekit-key'],
    async () => {
      await world.keyServer.close();
      await until(async () => (await world.meetbus.post(new RealtimeKit().signed({}))).status === 503, 'a fresh load');
    },
  ],
  [
    'messages that are put aside',
    QUEUE_NAMES.map((name) => `dlq-${name}`),
    async () => {
      const { outputs, clients } = world.meetbus;
      await withFailingRepublish(world.meetbus, async () => {
        await world.meetbus.post(newBot());
        await until(() => world.meetbus.output().includes('dead_lettered'), 'an event that is put aside');
      });
      for (const name of QUEUE_NAMES) {
        const QueueUrl = (outputs as object as Record<string, string>)[
          `${name.charAt(0).toUpperCase()}${name.slice(1)}DeadLetterQueueUrl`
        ];
        if (name !== 'republish') await putAside(clients.sqs, QueueUrl!, ['{}']);
      }
    },
  ],
];

const ONLY_REFUSED = PROVIDERS.map((name) => `only-refused-${name}`);

it('a few refusals are an alarm while nothing is accepted; what the doctor sends is none', async () => {
  const firing = async () => (await alarmsNow(client)).filter(({ isFiring }) => isFiring).map(({ name }) => name);
  for (const path of ['/recall/webhooks', '/realtimekit/webhooks']) await times(3, () => ({ path, body: '{}' }));
  await forge(2);
  for (const name of ONLY_REFUSED) expect(await firing()).not.toContain(name);
  await forge(1);
  for (const name of ONLY_REFUSED) await until(async () => (await firing()).includes(name), `the alarm ${name}`);
  await world.meetbus.post(newBot());
  await until(async () => !(await firing()).includes('only-refused-recall'), 'the end of the refusals');
});

it('silence is an alarm while something is live, and none once anything comes', async () => {
  const isSilent = async () => (await alarmsNow(client)).find(({ name }) => name === 'silence-realtimekit')!.isFiring;
  expect(await isSilent()).toBe(false);
  const Dimensions = [
    { Name: 'service', Value: 'Meetbus' },
    { Name: 'provider', Value: 'realtimekit' },
  ];
  await client.send(
    new PutMetricDataCommand({ Namespace: 'Meetbus', MetricData: [{ MetricName: 'Live', Dimensions, Value: 1 }] }),
  );
  expect(await isSilent()).toBe(true);
  await world.meetbus.post(newMeeting());
  await until(async () => !(await isSilent()), 'the end of the silence');
});

it('a bot is live until it ends, which counts once, and hides no other', async () => {
  const isLive = async () => (await alarmsNow(client)).find(({ name }) => name === 'live-recall')!.isFiring;
  const tell = async (id: string, ...codes: readonly string[]) => {
    for (const code of codes) {
      const updated_at = new Date().toISOString();
      const data = { data: { code, sub_code: null, updated_at }, bot: { id, metadata: {} } };
      await world.meetbus.post(world.recall.signed({ event: `bot.${code}`, data }));
      await settled(world.meetbus);
    }
  };
  const [failing, other] = [randomUUID(), randomUUID()];
  expect(await isLive()).toBe(false);
  await tell(failing, 'joining_call');
  await until(isLive, 'a bot that is live');
  await tell(failing, 'fatal', 'done');
  await until(async () => !(await isLive()), 'the end of the bot');
  await tell(randomUUID(), 'done', 'fatal');
  await tell(other, 'joining_call');
  await until(isLive, 'the other bot');
  await tell(other, 'done');
  await until(async () => !(await isLive()), 'the end of the other bot');
});

it('is calm while all is well', async () => {
  await times(3, newBot);
  await settled(world.meetbus);
  expect((await alarmsNow(client)).filter(({ isFiring, notifies }) => isFiring && notifies)).toEqual([]);
});

it.each(CASES)('%s: %j', async (_, names, happens) => {
  for (const name of names) expect({ name, before: await wasOver(name) }).toEqual({ name, before: false });
  await happens();
  for (const name of names) await until(() => isOver(client, name), `the alarm ${name}`);
  await setFaults(world.meetbus);
  // What is on its way counts as unpublished.
  for (const name of UNPUBLISHED) await until(async () => !(await isOver(client, name)), 'the rest of the events');
});

it('leaves out no alarm that notifies', async () => {
  const notifying = (await alarmsNow(client)).filter(({ notifies }) => notifies).map(({ name }) => name);
  const silence = PROVIDERS.map((name) => `silence-${name}`);
  const shown = [...CASES.flatMap(([, names]) => names), ...silence, ...ONLY_REFUSED, ...NOT_SHOWN];
  expect(shown.sort()).toEqual(notifying.sort());
});
