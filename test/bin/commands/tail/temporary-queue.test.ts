/** The subscription of a tail: how long others leave it alone, and what is said when it cannot be deleted. */
import * as eb from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EventBridge } from '@meetbus/local-cloud/eventbridge/event-bridge';
import { createEventBridgeService } from '@meetbus/local-cloud/eventbridge/eventbridge-service';
import type { FrontDoor } from '@meetbus/local-cloud/front-door';
import { AwsError } from '@meetbus/local-cloud/service';
import { Queues } from '@meetbus/local-cloud/sqs/queues';
import { createSqsService } from '@meetbus/local-cloud/sqs/sqs-service';
import { TemporaryQueue } from '../../../../bin/commands/tail/temporary-queue';
import { clientConfig, frontDoorWith } from '../../../../packages/local-cloud/test/local-aws';
import { until } from '../../../support/until';

const PATTERN = { source: ['s'] };

/** Renewed every two seconds. */
const LEASE_MS = 4_000;

let eventBridge: EventBridge;
let door: FrontDoor;
let client: eb.EventBridge;
/** Operations that AWS denies. */
let denied: readonly string[];

beforeEach(async () => {
  denied = [];
  eventBridge = new EventBridge({ deliverers: { sqs: async () => {} } });
  eventBridge.createBus('shared');
  door = await frontDoorWith(
    (url) => [createEventBridgeService(eventBridge), createSqsService(new Queues(), url)],
    ({ operation }) => {
      if (denied.includes(operation)) throw new AwsError('AccessDeniedException', `You may not ${operation}.`);
    },
  );
  client = new eb.EventBridge(clientConfig(door));
});
afterEach(async () => {
  jest.restoreAllMocks();
  client.destroy();
  await eventBridge.close();
  await door.close();
});

const queue = (leaseMs?: number) => new TemporaryQueue(clientConfig(door), 'shared', leaseMs);

const rules = async () => (await client.listRules({ EventBusName: 'shared' })).Rules ?? [];

async function queues(): Promise<string[]> {
  const sqs = new SQSClient(clientConfig(door));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  sqs.destroy();
  return QueueUrls;
}

/** Sends an event to a queue, as its rule does. */
async function put(QueueName: string, MessageBody: string): Promise<void> {
  const sqs = new SQSClient(clientConfig(door));
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  sqs.destroy();
}

/** A lease ends by the clock, and is renewed by a timer, which no clock hurries. */
const realNow = Date.now;
function putClockTo(aheadMs: number): void {
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + aheadMs);
}

/** Until when a rule is said to be needed. */
const neededUntil = ({ Description = '' }: eb.Rule): number => Date.parse(Description.split(' ').at(-1) ?? '');

it('is needed for some minutes more at any time, however long the tail lasts', async () => {
  const opened = queue();
  await opened.open(PATTERN);
  const [rule] = await rules();
  expect(neededUntil(rule!) - Date.now()).toBeGreaterThan(11 * 60_000);
  expect(neededUntil(rule!) - Date.now()).toBeLessThanOrEqual(12 * 60_000);
  await opened.close();
  expect([await rules(), await queues()]).toEqual([[], []]);
});

it('is left alone for longer than that while its tail lives, and deleted when it does not', async () => {
  const living = queue(LEASE_MS);
  await living.open(PATTERN);
  const [first] = await rules();
  putClockTo(LEASE_MS * 0.6);
  const isRenewed = async () => neededUntil((await rules())[0]!) > neededUntil(first!);
  await until(isRenewed, 'the rule to be renewed');
  expect(Date.now()).toBeGreaterThan(neededUntil(first!));
  const other = queue();
  await other.removeLeftovers();
  const [renewed] = await rules();
  expect(renewed).toMatchObject({ Name: first!.Name, EventPattern: JSON.stringify(PATTERN) });
  expect((await client.listTargetsByRule({ Rule: first!.Name, EventBusName: 'shared' })).Targets).toHaveLength(1);

  // As good as dead: nothing it says about its rule arrives.
  denied = ['PutRule'];
  putClockTo(3 * LEASE_MS);
  await other.removeLeftovers();
  expect([await rules(), await queues()]).toEqual([[], []]);
  await Promise.all([living.close(), other.close()]);
});

it('is named, with what to do, where it cannot be deleted', async () => {
  denied = ['RemoveTargets'];
  const opened = queue();
  await opened.open(PATTERN);
  const [rule] = await rules();
  await expect(opened.close()).rejects.toThrow(
    `The rule ${rule!.Name} on shared and the queue of that name could not be deleted: You may not RemoveTargets. ` +
      'The same command deletes them, when it begins a quarter of an hour from now or later.',
  );
});

it('that was never made needs no deletion: what is told is why', async () => {
  denied = ['PutRule', 'RemoveTargets'];
  const refused = queue();
  await expect(refused.open(PATTERN)).rejects.toThrow('You may not PutRule.');
  await refused.close();
});

it('gives an event again until it is removed, and forgives who is late to put it back', async () => {
  const opened = queue();
  await opened.open(PATTERN);
  await put(opened.name, 'event');
  const take = async (holdSeconds: number) => (await opened.take({ waitSeconds: 1, holdSeconds }))[0]!;
  const first = await take(0);
  const second = await take(30);
  expect(second).toMatchObject({ id: first.id, text: 'event' });
  // It was held for so short that it was received again.
  await opened.putBack(first, 0);
  expect(await opened.take({ waitSeconds: 0 })).toEqual([]);
  await opened.putBack(second, 0);
  await opened.putBack(second, 0);
  await opened.remove(await take(30));
  expect(await opened.take({ waitSeconds: 0, most: 1 })).toEqual([]);
  await opened.close();
});
