/** Messages that come twice, and batches of which a part fails: every good one is published once. */
import { randomUUID } from 'node:crypto';
import {
  DeleteMessageCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { comeBackAfter, setFaults, settled, struck, VERIFIERS } from '../../support/faults';
import { operatorClients } from '../../support/operator';
import { startWorld, type World } from '../../support/providers';
import type { Subscription } from '../../support/subscription';
import { until } from '../../support/until';
import { copiesOf, inShort, ROUTES } from './faults';

/** As in the template. */
const MAX_RECEIVES = 5;

const CONSUMER = 'BotLaneConsumer';

let world: World;
let shared: Subscription;

beforeAll(async () => {
  world = await startWorld();
  shared = await world.meetbus.subscribeToAll('shared');
});
beforeEach(() => comeBackAfter(world.meetbus, 2));
afterEach(() => setFaults(world.meetbus));
afterAll(() => world.close());

/** Sends deliveries of one family while its consumer sees none of them, so that it finds all of them at once. */
async function sendBatch(size: number, send: () => Promise<unknown> = async () => {}): Promise<string[]> {
  await setFaults(world.meetbus, { service: 'sqs', fault: 'down', functionName: CONSUMER });
  // The call of the consumer that is under way still takes messages.
  await struck(world.meetbus, 1);
  const markers = Array.from({ length: size }, () => randomUUID());
  const sent = markers.map((marker) => world.meetbus.post(ROUTES['/recall/webhooks']!(world, marker)));
  await send();
  expect((await Promise.all(sent)).map(inShort)).toEqual(markers.map(() => '200 accepted'));
  return markers;
}

/** How often each of the deliveries has been published, once all queues are empty. */
async function publications(markers: readonly string[]): Promise<number[]> {
  const { meetbus } = world;
  await settled(meetbus);
  const events = await shared.drain();
  return markers.map((marker) => copiesOf(marker, events));
}

/** How often a consumer has logged that it failed with the message or delivery of that id. */
const failures = (id: string | undefined): number =>
  world.meetbus
    .functionLog()
    .toString()
    .split('\n')
    .filter((line) => line.includes(`Id":"${id}"`) && line.includes('"outcome":"failed"')).length;

const once = (markers: readonly string[]) => markers.map(() => 1);

it.each(Object.keys(ROUTES))('a message of %s that SQS has twice is published once', async (route) => {
  await setFaults(world.meetbus, { service: 'sqs', fault: 'duplicate', functionName: VERIFIERS });
  const marker = randomUUID();
  expect(inShort(await world.meetbus.post(ROUTES[route]!(world, marker)))).toBe('200 accepted');
  await struck(world.meetbus, 1);
  expect(await publications([marker])).toEqual([1]);
});

it('a message that SQS delivers again after it was deleted is published once', async () => {
  await setFaults(world.meetbus, { service: 'sqs', fault: 'redeliver' });
  const markers = Object.keys(ROUTES).map(() => randomUUID());
  const sent = Object.values(ROUTES).map((deliver, index) => world.meetbus.post(deliver(world, markers[index]!)));
  expect((await Promise.all(sent)).map(inShort)).toEqual(markers.map(() => '200 accepted'));
  await struck(world.meetbus, markers.length);
  expect(await publications(markers)).toEqual(once(markers));
});

describe('PutEvents takes a part of ten events', () => {
  const failEntries: FaultRule = { service: 'events', fault: 'fail_entries', functionName: CONSUMER };

  it('once: the others are sent again in the same run, and each is published once', async () => {
    const markers = await sendBatch(10);
    await setFaults(world.meetbus, { ...failEntries, count: 1 });
    await struck(world.meetbus, 1);
    expect(await publications(markers)).toEqual(once(markers));
    expect(markers.map(failures)).toEqual(markers.map(() => 0));
  });

  it('each time it is asked: the others come back with their messages, and each is published once', async () => {
    const markers = await sendBatch(10);
    await setFaults(world.meetbus, failEntries);
    const failed = () => markers.filter((marker) => failures(marker) > 0).length;
    await until(() => failed() > 0, 'an event that could not be published');
    await setFaults(world.meetbus);
    expect(await publications(markers)).toEqual(once(markers));
    expect(failed()).toBeLessThan(markers.length);
  });
});

describe('messages that no verifier has sent, amid good ones', () => {
  const JUNK = [
    'not JSON',
    '{"provider":"recall","eventId":"no delivery"}',
    JSON.stringify({
      ...{ provider: 'recall', providerEvent: 'bot.done', family: 'bot', receivedTime: new Date().toISOString() },
      ...{ deliveryId: 'd', eventId: 'e', correlationId: 'c', body: { bucket: 'nowhere', key: 'nothing' } },
    }),
  ];

  it('go to the dead-letter queue after five tries, and the good ones are published once', async () => {
    const { meetbus } = world;
    const { sqs } = meetbus.clients;
    await comeBackAfter(meetbus, 3, MAX_RECEIVES);
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const [queue, deadLetterQueue] = ['BotLaneQueue', 'BotLaneDeadLetterQueue'].map((name) =>
      QueueUrls.find((url) => url.includes(name)),
    );
    const operator = await operatorClients(meetbus);
    const ids: (string | undefined)[] = [];
    const markers = await sendBatch(5, async () => {
      for (const MessageBody of JUNK) {
        ids.push((await operator.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody }))).MessageId);
      }
    });
    await setFaults(meetbus);

    const aside: (string | undefined)[] = [];
    await until(async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLetterQueue }));
      for (const { Body, ReceiptHandle } of Messages) {
        aside.push(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetterQueue, ReceiptHandle }));
      }
      return aside.length === JUNK.length;
    }, 'the messages in the dead-letter queue');
    expect(aside.toSorted()).toEqual(JUNK.toSorted());
    expect(ids.map(failures)).toEqual(ids.map(() => MAX_RECEIVES));
    expect(await publications(markers)).toEqual(once(markers));
  });
});
