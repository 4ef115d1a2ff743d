/** Events from a real queue to a real server: what each answer brings about, and what happens without one. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CATALOGUE } from '@meetbus/events';
import { EventBridge } from '@meetbus/local-cloud/eventbridge/event-bridge';
import { createEventBridgeService } from '@meetbus/local-cloud/eventbridge/eventbridge-service';
import type { FrontDoor } from '@meetbus/local-cloud/front-door';
import { AwsError } from '@meetbus/local-cloud/service';
import { Queues } from '@meetbus/local-cloud/sqs/queues';
import { createSqsService } from '@meetbus/local-cloud/sqs/sqs-service';
import { contentOf } from '../../../../bin/commands/listen/formats';
import { type Attempt, Forwarder } from '../../../../bin/commands/listen/forward';
import { postTo, waitForListener } from '../../../../bin/commands/listen/post';
import { failureOf } from '../../../../bin/commands/listen/verdict';
import { TemporaryQueue } from '../../../../bin/commands/tail/temporary-queue';
import { clientConfig, frontDoorWith } from '../../../../packages/local-cloud/test/local-aws';
import { until } from '../../../support/until';

let door: FrontDoor;
let eventBridge: EventBridge;
let sqs: SQSClient;
let queue: TemporaryQueue;
let server: Server;
let denied: readonly string[];
/** What the handler does with an event. */
let answers: Readonly<Record<string, RequestListener>>;
/** Ids of events that the handler was given, in order. */
let given: string[];

beforeEach(async () => {
  [denied, given, answers] = [[], [], {}];
  eventBridge = new EventBridge({ deliverers: { sqs: async () => {} } });
  eventBridge.createBus('shared');
  door = await frontDoorWith(
    (url) => [createEventBridgeService(eventBridge), createSqsService(new Queues(), url)],
    ({ operation }) => {
      if (denied.includes(operation)) throw new AwsError('AccessDeniedException', `You may not ${operation}.`);
    },
  );
  sqs = new SQSClient(clientConfig(door));
  queue = new TemporaryQueue(clientConfig(door), 'shared');
  await queue.open({ source: ['s'] });
  server = await startServer(0);
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await queue.close();
  sqs.destroy();
  await eventBridge.close();
  await door.close();
});

async function startServer(port: number): Promise<Server> {
  const started = createServer(async (request, response) => {
    const { id } = (await json(request)) as { id: string };
    given.push(id);
    const answer = answers[id] ?? ((_, ok) => ok.writeHead(204).end());
    answer(request, response);
  }).listen(port, '127.0.0.1');
  await once(started, 'listening');
  return started;
}

/** Puts an event into the queue. */
async function put(id: string, more: object = {}): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue.name }));
  const detail = { ...CATALOGUE['recording.ready'].example, id, ...more };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ detail }) }));
}

async function messagesLeft(): Promise<number> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue.name }));
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  const { Attributes } = await sqs.send(command);
  return Number(Attributes!.ApproximateNumberOfMessages) + Number(Attributes!.ApproximateNumberOfMessagesNotVisible);
}

/** Begins to forward; `tried` grows as attempts are made. */
function start({ retries = 1, limit = Infinity, timeoutMs = 5_000, concurrency = 10 }) {
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/events`);
  const stop = new AbortController();
  const tried: Attempt[] = [];
  const state = { downs: 0 };
  const forwarder = new Forwarder({
    ...{ queue, retries, limit, timeoutMs, concurrency },
    post: postTo(url),
    contentOf: (envelope) => contentOf(envelope, 'cloudevents', 'structured'),
    failureOf: (answer) => failureOf(answer, 'cloudevents'),
    waitForListener: (signal) => waitForListener(url, signal, () => state.downs++),
    onAttempt: (attempt) => tried.push(attempt),
  });
  return { tried, state, stop, totals: forwarder.run(stop.signal) };
}

const outcomesOf = (tried: readonly Attempt[], id: string) =>
  tried
    .filter(({ event }) => event.id === id)
    .map(({ attempt, outcome, answer }) => [attempt, outcome, answer?.status]);

it('gives each event until it is taken, those that fail again after a while, and gives up in the end', async () => {
  let isFirst = true;
  const redirectTarget = jest.fn();
  answers = {
    flaky: (_, response) => {
      response.writeHead(isFirst ? 500 : 200).end('words');
      isFirst = false;
    },
    moved: (request, response) => {
      if (request.url !== '/events') redirectTarget();
      response.writeHead(307, { location: '/elsewhere' }).end();
    },
    cut: (request) => request.socket.destroy(),
    upgrade: (request) =>
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
  };
  for (const id of ['flaky', 'moved', 'cut', 'upgrade', 'fine']) await put(id);
  await put('broken', { source: '' });
  const { tried, totals } = start({ limit: 6 });
  expect(await totals).toEqual({ delivered: 2, givenUp: 4, waiting: 0 });

  expect(outcomesOf(tried, 'fine')).toEqual([[1, 'delivered', 204]]);
  expect(outcomesOf(tried, 'flaky')).toEqual([
    [1, 'failed', 500],
    [2, 'delivered', 200],
  ]);
  expect(outcomesOf(tried, 'moved')).toEqual([
    [1, 'failed', 307],
    [2, 'given up', 307],
  ]);
  expect(outcomesOf(tried, 'cut')).toEqual([
    [1, 'failed', undefined],
    [2, 'given up', undefined],
  ]);
  expect(outcomesOf(tried, 'upgrade')).toEqual([
    [1, 'failed', undefined],
    [2, 'given up', undefined],
  ]);
  expect(outcomesOf(tried, 'broken')).toEqual([[1, 'given up', undefined]]);
  const reasonOf = (id: string) => tried.findLast(({ event }) => event.id === id)?.reason;
  expect(reasonOf('cut')).toMatch(/^No complete answer: .*socket hang up.*(?<!\.)\.$/);
  expect(reasonOf('upgrade')).toBe('No complete answer: the connection was closed.');
  expect(reasonOf('broken')).toMatch(/^It cannot be written as a CloudEvent: .*\.$/s);
  expect(redirectTarget).not.toHaveBeenCalled();
  expect(given.filter((id) => id === 'broken')).toEqual([]);
  // Others did not wait for those that failed.
  expect(tried.findIndex(({ event }) => event.id === 'fine')).toBeLessThan(6);
  expect(await messagesLeft()).toBe(0);
});

it('takes no answer in time for a failure', async () => {
  answers = { silent: () => {} };
  await put('silent');
  const { tried, totals } = start({ limit: 1, retries: 0, timeoutMs: 200 });
  expect(await totals).toEqual({ delivered: 0, givenUp: 1, waiting: 0 });
  expect(tried).toMatchObject([{ outcome: 'given up', reason: 'No answer within 0.2 s.' }]);
});

it('waits for a handler that is not there, and takes that for no attempt', async () => {
  const { port } = server.address() as AddressInfo;
  const { tried, state, totals } = start({ limit: 2, retries: 0 });
  await put('before');
  await until(() => tried.length === 1, 'the first event');
  // The long poll that runs brings an event, and nobody is there to take it.
  server.close();
  await once(server, 'close');
  await put('meanwhile');
  await until(() => state.downs === 1, 'the handler to be missed');
  expect(await messagesLeft()).toBe(1);
  server = await startServer(port);
  expect(await totals).toEqual({ delivered: 2, givenUp: 0, waiting: 0 });
  expect(outcomesOf(tried, 'meanwhile')).toEqual([[1, 'delivered', 204]]);
  expect(given).toEqual(['before', 'meanwhile']);
});

it('has no more requests under way than it may, and leaves other events in the queue', async () => {
  const waiting: (() => void)[] = [];
  const hold: RequestListener = (_, response) => waiting.push(() => response.end());
  const ids = ['a', 'b', 'c', 'd', 'e'];
  answers = Object.fromEntries(ids.map((id) => [id, hold]));
  for (const id of ids) await put(id);
  const { totals } = start({ limit: 5, concurrency: 2 });
  for (let answered = 0; answered < 5; answered++) {
    await until(() => waiting.length === Math.min(2, 5 - answered), 'requests');
    waiting.shift()!();
  }
  expect(await totals).toMatchObject({ delivered: 5 });
  expect(given.toSorted()).toEqual(ids);
});

it('ends at once at the signal, and counts no request that it cut off', async () => {
  answers = { silent: () => {} };
  await put('silent');
  const { tried, stop, totals } = start({ timeoutMs: 60_000 });
  await until(() => given.length === 1, 'a request');
  stop.abort();
  expect(await totals).toEqual({ delivered: 0, givenUp: 0, waiting: 0 });
  expect(tried).toEqual([]);
});

it.each(['ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'])(
  'ends where %s is denied, and says so',
  async (operation) => {
    answers = { bad: (_, response) => response.writeHead(500).end(), silent: () => {} };
    for (const id of ['silent', 'bad', 'good']) await put(id);
    denied = [operation];
    await expect(start({}).totals).rejects.toThrow(`You may not ${operation}.`);
  },
);
