/** Apps of other teams beside Meetbus: the example, and a team with every kind of target. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  DeleteRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Meetbus, MeetingEventBus, MeetingEventSubscription, SubscriptionTarget } from 'meetbus';
import { recallBody } from '../../providers/recall/sandbox';
import { PROJECT_ROOT } from '../support/project';
import { startWorld, type World } from '../support/providers';
import type { BusEvent, Subscription } from '../support/subscription';
import { until } from '../support/until';

const folder = mkdtempSync(join(tmpdir(), 'meetbus-subscribers-'));
const exampleOut = join(folder, 'example');
const teamOut = join(folder, 'team');

let world: World;
let shared: Subscription;

beforeAll(async () => {
  synthesizeTeam();
  await synthesizeExample();
  world = await startWorld(['--with', exampleOut, '--with', teamOut]);
  shared = await world.meetbus.subscribeToAll('shared');
});

afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** As its README says. */
async function synthesizeExample(): Promise<void> {
  const cdk = join(PROJECT_ROOT, 'node_modules', '.bin', 'cdk');
  const cwd = join(PROJECT_ROOT, 'examples', 'subscriber');
  const env = { ...process.env, CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true' };
  await promisify(execFile)(cdk, ['synth', '--quiet', '--no-notices', '--output', exampleOut], { cwd, env });
}

function synthesizeTeam(): void {
  const code = join(folder, 'code');
  mkdirSync(code);
  writeFileSync(join(code, 'index.js'), 'exports.handler = async (event) => console.log(JSON.stringify(event));');
  const app = new App({ outdir: teamOut, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Team');
  const meetbus = Meetbus.fromName(stack, 'Meetbus', 'Meetbus');
  const bus = new MeetingEventBus(stack, 'Bus', { from: '000000000000', eventBusName: 'team' });
  const queue = (queueName: string) => new sqs.Queue(stack, queueName, { queueName });
  const handler = new lambda.Function(stack, 'Handler', {
    functionName: 'team-handler',
    code: lambda.Code.fromAsset(code),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });
  const machine = new sfn.StateMachine(stack, 'Machine', {
    definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass')),
  });
  const types = ['recording.ready'] as const;
  const where = { provider: 'recall', bot: { metadata: { team: 'blue' } } } as const;
  const subscribe = (id: string, target: SubscriptionTarget, more: object = {}) =>
    new MeetingEventSubscription(stack, id, { meetbus, types, where, target, ...more });
  subscribe('ToQueue', SubscriptionTarget.queue(queue('team-queue')));
  subscribe('ToHandler', SubscriptionTarget.lambda(handler));
  subscribe('ToLogs', SubscriptionTarget.logGroup(new logs.LogGroup(stack, 'Lines')));
  subscribe('ToBus', SubscriptionTarget.eventBus(bus));
  subscribe('FromBus', SubscriptionTarget.queue(queue('behind-the-bus')), { meetbus: bus });
  subscribe('ToMachine', SubscriptionTarget.stateMachine(machine), { deadLetterQueue: queue('not-executed') });
  app.synth();
}

/** Delivers a finished recording of a team's bot, and tells the id of its event. */
async function deliver(team: string, seed = team): Promise<string> {
  const body = JSON.stringify(recallBody('recording.done', { seed })).replace(
    /"metadata":\{"booking":"[^"]+"\}/,
    `"metadata":{"team":"${team}"}`,
  );
  const { status } = await world.meetbus.post(world.recall.signed(body));
  expect(status).toBe(200);
  const { id } = JSON.parse(body).data.recording;
  const isIt = ({ detail }: BusEvent) => detail.data.recording?.id === id;
  const events = await shared.collect((all) => all.some(isIt));
  return events.find(isIt)!.detail.id;
}

/** Lines that a function has logged, as JSON, once there is one of which that holds. */
async function lineOf(functionName: RegExp, holds: (line: Record<string, unknown>) => boolean) {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(50)) {
    const lines = world.meetbus
      .functionLog()
      .toString()
      .split('\n')
      .filter((line) => functionName.test(line))
      .map((line) => JSON.parse(line.slice(line.indexOf(' ') + 1)));
    const found = lines.filter(holds);
    if (found.length > 0) return found;
  }
  throw new Error(`No such line of ${functionName}. Logged: ${world.meetbus.functionLog()}`);
}

/** Takes the events out of a queue, once there are any, and tells their ids. */
async function idsIn(QueueName: string): Promise<string[]> {
  const { sqs } = world.meetbus.clients;
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 10 }),
  );
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body = '' }) => JSON.parse(Body).detail.id);
}

it('the function of the example logs one line with the typed fields of an event', async () => {
  const eventId = await deliver('example');
  const lines = await lineOf(/^Recordings-Worker/, (line) => line.eventId === eventId);
  const { data } = shared.events.find(({ detail }) => detail.id === eventId)!.detail;
  expect(lines).toEqual([
    { eventId, readyAt: expect.stringMatching(/Z$/), recordingId: data.recording.id, botId: data.bot.id },
  ]);
});

describe('a team with filters', () => {
  let blue: string;
  beforeAll(async () => {
    await deliver('red');
    blue = await deliver('blue');
  });

  it('gets its own events in a queue, and no others', async () => {
    expect(await idsIn('team-queue')).toEqual([blue]);
  });

  it('has its function invoked', async () => {
    const lines = await lineOf(/^team-handler/, ({ detail }) => (detail as { id: string }).id === blue);
    expect(lines).toHaveLength(1);
  });

  it('gets them on a bus of its own, and from there in a queue', async () => {
    expect(await idsIn('behind-the-bus')).toEqual([blue]);
  });

  it('finds what its state machine, which does not run here, would have got in the dead-letter queue', async () => {
    expect(world.meetbus.output()).toMatch(/Not run here .*StateMachine/);
    expect(await idsIn('not-executed')).toEqual([blue]);
  });

  it('had trouble with nothing else', async () => {
    const troubles = () =>
      world.meetbus
        .output()
        .split('\n')
        .filter((line) => line.startsWith('trouble'));
    // It is told after the event has reached the dead-letter queue.
    await until(() => troubles().length > 0, 'the line of the trouble');
    expect(troubles()).toEqual([expect.stringContaining('The local cloud has no target arn:aws:states:')]);
  });

  it.each([
    ['takes from a rule that replays to it', '-replay-1', true],
    ['takes from no other rule', '-other', false],
  ])('has a queue that %s', async (_name, suffix, isAllowed) => {
    const { eventBridge } = world.meetbus.clients;
    const EventBusName = world.meetbus.outputs.SharedBusName;
    const { Rules = [] } = await eventBridge.send(new ListRulesCommand({ EventBusName, NamePrefix: 'Team-ToQueue-' }));
    const [{ Name: Rule, EventPattern } = {}] = Rules;
    const { Targets } = await eventBridge.send(new ListTargetsByRuleCommand({ EventBusName, Rule }));
    const copy = { EventBusName, Name: `${Rule}${suffix}` };
    await eventBridge.send(new PutRuleCommand({ ...copy, EventPattern }));
    await eventBridge.send(new PutTargetsCommand({ EventBusName, Rule: copy.Name, Targets }));
    const id = await deliver('blue', suffix);
    const arrived = await idsIn('team-queue');
    for (const left = isAllowed ? 2 : 1; arrived.length < left; ) arrived.push(...(await idsIn('team-queue')));
    expect(arrived).toEqual(isAllowed ? [id, id] : [id]);
    await eventBridge.send(
      new RemoveTargetsCommand({ EventBusName, Rule: copy.Name, Ids: Targets?.map(({ Id }) => Id!) }),
    );
    await eventBridge.send(new DeleteRuleCommand(copy));
  });
});
