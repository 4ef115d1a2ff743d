/** Replays through a rule of their own, when the API fails or another command runs at the same time. */
import * as eb from '@aws-sdk/client-eventbridge';
import { EventBridge } from '@meetbus/local-cloud/eventbridge/event-bridge';
import { createEventBridgeService } from '@meetbus/local-cloud/eventbridge/eventbridge-service';
import type { FrontDoor } from '@meetbus/local-cloud/front-door';
import { AwsError } from '@meetbus/local-cloud/service';
import { makePlan, type Plan } from '../../../../bin/commands/replay/plan';
import { runReplay } from '../../../../bin/commands/replay/run';
import { removeLeftovers } from '../../../../bin/commands/replay/temporary-rule';
import { clientConfig, frontDoorWith } from '../../../../packages/local-cloud/test/local-aws';
import { until } from '../../../support/until';

const BUS = { busName: 'shared', archiveArn: 'arn:aws:events:us-east-1:000000000000:archive/all' };
const START = Date.parse('2026-01-31T09:30:00Z');

let eventBridge: EventBridge;
let door: FrontDoor;
let client: eb.EventBridge;
let received: string[];
let isDown: boolean;
let mayDelete: boolean;

beforeEach(async () => {
  received = [];
  isDown = false;
  mayDelete = true;
  eventBridge = new EventBridge({ deliverers: { sqs: async ({ rule }) => void received.push(rule.name) } });
  eventBridge.createBus('shared');
  eventBridge.createArchive({
    ArchiveName: 'all',
    EventSourceArn: 'arn:aws:events:us-east-1:000000000000:event-bus/shared',
    EventPattern: { source: ['s'] },
    RetentionDays: 30,
  });
  eventBridge.putRule({ Name: 'team', EventBusName: 'shared', EventPattern: { source: ['s'] } });
  eventBridge.putTargets({ Name: 'team', EventBusName: 'shared' }, [
    { Id: 't', Arn: 'arn:aws:sqs:us-east-1:000000000000:team' },
  ]);
  door = await frontDoorWith(
    () => [createEventBridgeService(eventBridge)],
    ({ operation }) => {
      if (isDown && operation === 'DescribeReplay') {
        throw new AwsError('AccessDeniedException', 'The token has expired.');
      }
      if (!mayDelete && operation === 'DeleteRule') {
        throw new AwsError('AccessDeniedException', 'You may not delete it.');
      }
    },
  );
  client = new eb.EventBridge(clientConfig(door));
  for (let minute = 0; minute < 5; minute++) {
    const Time = new Date(START + minute * 60_000);
    await client.putEvents({
      Entries: [{ EventBusName: 'shared', Source: 's', DetailType: 't', Detail: '{"n":1}', Time }],
    });
  }
  await eventBridge.idle();
  received.length = 0;
});

afterEach(async () => {
  client.destroy();
  await eventBridge.close();
  await door.close();
});

const plan = (to = START + 10 * 60_000) =>
  makePlan(client, BUS, { rule: 'team', from: START, to, pattern: { detail: { n: [1] } }, name: 'again' });

const temporaryRules = async () =>
  (await client.listRules({ EventBusName: 'shared' }))
    .Rules!.map(({ Name = '' }) => Name)
    .filter((name) => name !== 'team');

const options = (more: Partial<Parameters<typeof runReplay>[1]> = {}) => ({
  ...{ client, signal: new AbortController().signal, settleMs: 0, graceMs: 0, onProgress: () => {} },
  ...more,
});

it('a replay that can no longer be followed keeps its rule, and every event arrives', async () => {
  const onProgress = () => {
    isDown = true;
  };
  await expect(runReplay(await plan(), options({ onProgress }))).rejects.toThrow(
    /^The replay again goes on, but cannot be followed: The token has expired\. The next meetbus replay on this bus removes team-replay-\w{8} after its end\.$/,
  );
  await eventBridge.idle();
  expect(received).toEqual(Array(5).fill(expect.stringMatching(/^team-replay-/)));
  isDown = false;
  expect(await removeLeftovers(client, 'shared', 0)).toHaveLength(1);
  expect(await temporaryRules()).toEqual([]);
});

/** A replay whose rule stays until the test has looked at it. */
function replayWithGrace(planned: Plan) {
  const abort = new AbortController();
  const ended = runReplay(planned, options({ graceMs: 60_000, signal: abort.signal }));
  const completed = until(
    async () => (await client.listReplays({})).Replays?.[0]?.State === 'COMPLETED',
    'the end of the replay',
    20_000,
  );
  const endGrace = () => {
    abort.abort();
    return ended;
  };
  return { completed, endGrace };
}

it('a leftover that may not be removed is told, with why, and hinders nothing', async () => {
  const onProgress = () => {
    isDown = true;
  };
  await expect(runReplay(await plan(), options({ onProgress }))).rejects.toThrow('cannot be followed');
  await eventBridge.idle();
  isDown = false;
  mayDelete = false;
  const [leftover] = await temporaryRules();
  expect(await removeLeftovers(client, 'shared', 0)).toEqual([{ name: leftover, failure: 'You may not delete it.' }]);
  mayDelete = true;
  expect(await removeLeftovers(client, 'shared', 0)).toEqual([{ name: leftover }]);
});

it('a rule stays while another command waits for the last events of its replay', async () => {
  const { completed, endGrace } = replayWithGrace(await plan());
  await completed;
  expect(await removeLeftovers(client, 'shared', 60_000)).toEqual([]);
  expect(await temporaryRules()).toHaveLength(1);
  expect(await endGrace()).toMatchObject({ State: 'COMPLETED' });
  expect(await temporaryRules()).toEqual([]);
});

it('that its rule was removed by another command does not spoil a replay', async () => {
  const { completed, endGrace } = replayWithGrace(await plan());
  await completed;
  expect(await removeLeftovers(client, 'shared', 0)).toHaveLength(1);
  expect(await endGrace()).toMatchObject({ State: 'COMPLETED' });
});

it('a rule is removed at once where its replay cannot start', async () => {
  await runReplay(await plan(), options());
  await expect(runReplay(await plan(), options())).rejects.toThrow('There was a replay again before.');
  expect(await temporaryRules()).toEqual([]);
});

it('replays the second whole in which the window ends', async () => {
  const { from, to } = await plan(START + 60_001);
  expect([from, to]).toEqual([new Date(START), new Date(START + 61_000)]);
});

describe('while a new rule takes effect', () => {
  const replays = async () => (await client.listReplays({})).Replays ?? [];
  const ruleIsThere = () => until(async () => (await temporaryRules()).length > 0, 'the rule', 20_000);

  it('a replay waits', async () => {
    const whole = await plan();
    const started = performance.now();
    expect(await runReplay(whole, options({ settleMs: 1_000 }))).toMatchObject({ State: 'COMPLETED' });
    expect(performance.now() - started).toBeGreaterThanOrEqual(1_000);
    await eventBridge.idle();
    expect(received).toHaveLength(5);
  });

  it('an interruption ends it at once, and leaves nothing behind', async () => {
    const controller = new AbortController();
    const ended = runReplay(await plan(), options({ settleMs: 60_000, signal: controller.signal }));
    await ruleIsThere();
    controller.abort();
    expect(await ended).toBeUndefined();
    expect([await replays(), await temporaryRules()]).toEqual([[], []]);
  });

  it('a replay to a rule that is there already does not wait', async () => {
    const { temporaryRule, ...whole } = await plan();
    expect(await runReplay(whole, options({ settleMs: 60_000 }))).toMatchObject({ State: 'COMPLETED' });
  });
});
