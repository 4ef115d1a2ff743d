/** Least privilege, from the outside: a run that goes every way is never denied, and leaves no grant unused. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteEventBusCommand,
  DeleteRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { FAMILIES } from '@meetbus/events';
import type { GrantReport } from '@meetbus/local-cloud/iam/grants';
import { pascalCase } from '../../lib/pascal-case';
import { realtimekitBody } from '../../providers/realtimekit/sandbox';
import { recallBody } from '../../providers/recall/sandbox';
import { synthesizedResources } from '../support/assembly';
import { cliOf } from '../support/cli';
import { LARGE, probeHeaders } from '../support/deliveries';
import { CONSUMERS, comeBackAfter, setFaults, settled, VERIFIERS } from '../support/faults';
import type { HttpDelivery } from '../support/http';
import { operatorClients } from '../support/operator';
import { startWorld, type World } from '../support/providers';
import { until } from '../support/until';

/** An event of each family that the provider has. */
const RECALL = {
  bot: 'bot.done',
  participant: 'participant_events.join',
  recording: 'recording.done',
  transcript: 'transcript.data',
  workspace: 'calendar.update',
};
const REALTIMEKIT = {
  meeting: 'meeting.started',
  participant: 'meeting.participantJoined',
  recording: 'recording.statusUpdate',
  transcript: 'meeting.transcript',
};

const folder = mkdtempSync(join(tmpdir(), 'meetbus-test-'));
const reportFile = join(folder, 'permissions.json');
let world: World;
let probeKey: string;
beforeAll(async () => {
  world = await startWorld(['--permissions-report', reportFile]);
  const secret = new GetSecretValueCommand({ SecretId: 'meetbus/Meetbus/probe' });
  const { SecretString = '' } = await world.meetbus.clients.secrets.send(secret);
  probeKey = JSON.parse(SecretString).signingKeys;
  world.meetbus.secrets.addAll(probeKey);
  await comeBackAfter(world.meetbus, 2);
});
afterAll(() => rmSync(folder, { recursive: true }));

function ofProbe(content: object): HttpDelivery {
  const body = JSON.stringify(content);
  return { path: '/probe/webhooks', body, headers: probeHeaders(probeKey, body) };
}

/** Every family on every route, in bodies that are too large for messages and events. */
function everything(): HttpDelivery[] {
  const { recall, realtimekit } = world;
  const large = (body: object) => ({ ...body, n: randomUUID(), padding: LARGE });
  const byRecall = [...Object.values(RECALL).map((event) => recallBody(event)), { event: 'galaxy.found' }].map(large);
  const byRealtimekit = [...Object.values(REALTIMEKIT).map((event) => realtimekitBody(event)), {}].map(large);
  // Names that are known, of payloads that are not: each family's consumer keeps such a body where no subscriber looks.
  const unreadable = [...Object.values(RECALL), REALTIMEKIT.meeting].map((event) => large({ event, data: {} }));
  return [
    ...byRecall.map((body) => recall.signed(body)),
    ...byRecall.map((body) => recall.signed({ ...body, n: randomUUID() }, { path: '/recall/realtime' })),
    ...byRecall.map((body) => recall.withToken(body)),
    ...byRealtimekit.map((body) => realtimekit.signed(body)),
    realtimekit.signed({ n: randomUUID() }, { path: '/realtimekit/webhooks' }),
    ...unreadable.slice(0, -1).map((body) => recall.signed(body)),
    ...unreadable.slice(-1).map((body) => realtimekit.signed(body)),
    ...[...Object.keys({ ...RECALL, ...REALTIMEKIT }), 'galaxy'].map((family) =>
      ofProbe(large({ event: `probe.${family}`, run: randomUUID(), sentAt: Date.now() })),
    ),
  ];
}

/** One delivery on each route that fits into no message, however it is compressed. */
function incompressible(): HttpDelivery[] {
  const padding = randomBytes(1_200_000).toString('base64');
  return [
    world.recall.signed({ ...recallBody('bot.done'), padding }),
    world.recall.withToken({ ...recallBody('bot.done'), padding }),
    world.realtimekit.signed({ ...realtimekitBody('meeting.started'), padding }),
    ofProbe({ event: 'probe.bot', padding }),
  ];
}

/** Posts one after the other, and gives the statuses that there were. */
async function postAll(deliveries: readonly HttpDelivery[]): Promise<number[]> {
  const statuses = new Set<number>();
  for (const delivery of deliveries) statuses.add((await world.meetbus.post(delivery)).status);
  return [...statuses];
}

/** Takes the shared bus away, as nobody should: what is to go there ends in the dead-letter queue of its rule. */
async function deleteSharedBus(): Promise<void> {
  const { clients, outputs } = world.meetbus;
  const EventBusName = outputs.SharedBusName;
  const { Rules = [] } = await clients.eventBridge.send(new ListRulesCommand({ EventBusName }));
  for (const { Name } of Rules) {
    const { Targets = [] } = await clients.eventBridge.send(new ListTargetsByRuleCommand({ EventBusName, Rule: Name }));
    const Ids = Targets.map(({ Id }) => Id!);
    await clients.eventBridge.send(new RemoveTargetsCommand({ EventBusName, Rule: Name, Ids }));
    await clients.eventBridge.send(new DeleteRuleCommand({ EventBusName, Name }));
  }
  await clients.eventBridge.send(new DeleteEventBusCommand({ Name: EventBusName }));
}

/** What an operator does, with the command and with SQS's own redrive. */
async function bringBack(): Promise<void> {
  const redriven = await cliOf(world.meetbus)('dlq', 'redrive', 'republish');
  expect(redriven).toMatchObject({ code: 0, stdout: expect.stringContaining('brought back 1') });
  const { sqs } = await operatorClients(world.meetbus);
  for (const family of FAMILIES) {
    const url = (world.meetbus.outputs as object as Record<string, string>)[`${pascalCase(family)}DeadLetterQueueUrl`]!;
    const SourceArn = `arn:aws:sqs:us-east-1:000000000000:${url.split('/').at(-1)}`;
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
  }
}

/** Goes every way that there is; gives what was printed and logged, and ends. */
async function goEveryWay(): Promise<string> {
  const { meetbus } = world;
  const log = () => meetbus.functionLog().toString();

  // Verifiers and consumers release what they have locked only when they fail.
  const error = { fault: 'error', functionName: VERIFIERS } as const;
  await setFaults(meetbus, { ...error, service: 'sqs' }, { ...error, service: 's3' });
  expect(await postAll(incompressible())).toEqual([503]);
  // What the queue does not take is brought back to it.
  await setFaults(meetbus, { ...error, service: 'sqs' });
  expect(await postAll(everything())).toEqual([200]);
  await setFaults(meetbus, { service: 'events', fault: 'error', functionName: CONSUMERS });
  expect(await postAll(everything())).toEqual([200]);
  for (const family of [...Object.keys({ ...RECALL, ...REALTIMEKIT }), 'unrecognized']) {
    const hasFailed = () =>
      log()
        .split('\n')
        .some((line) => line.includes('"outcome":"failed"') && line.includes(`"family":"${family}"`));
    await until(hasFailed, `an event of the family ${family} that cannot be published`);
  }
  await setFaults(meetbus);
  await settled(meetbus);
  await meetbus.setProbe('on');
  await meetbus.runSchedules();
  await settled(meetbus);

  await deleteSharedBus();
  expect(await postAll(everything().slice(0, 1))).toEqual([200]);
  const isDeadLettered = () => meetbus.output().includes('dead_lettered');
  await until(isDeadLettered, 'an event in the dead-letter queue of the republish rule');
  await bringBack();
  const printed = meetbus.output() + log();
  await world.close();
  return printed;
}

/** The local cloud has no X-Ray, and takes what functions and rules log by no API. */
const NOT_TO_BE_SEEN = /^(xray|logs):/;

it('is denied nothing, and uses every grant: one that it does not use is needless', async () => {
  const printed = await goEveryWay();
  const denied = printed.split('\n').filter((line) => /not authorized|AccessDenied|cannot be assumed/i.test(line));
  // Where two runs bring back at a time, the second finds an object gone, which S3 answers with AccessDenied.
  expect(denied.filter((line) => !/key\W+fallback\//.test(line))).toEqual([]);

  const report: GrantReport = JSON.parse(readFileSync(reportFile, 'utf8'));
  const grants = Object.entries(report).flatMap(([holder, held]) => held.map((grant) => ({ holder, ...grant })));
  const needed = grants.filter(({ action }) => !NOT_TO_BE_SEEN.test(action));
  const holders = new Set(needed.map(({ holder }) => holder));
  const rolesOfFunctions = synthesizedResources('AWS::Lambda::Function').map(
    ([, { Properties }]) => (Properties.Role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0],
  );
  expect(rolesOfFunctions.filter((role) => ![...holders].some((holder) => holder.includes(role)))).toEqual([]);
  const needless = needed.filter(({ used }) => used === 0);
  expect(needless.map(({ holder, action, resource }) => `${holder}: ${action} on ${resource}`)).toEqual([]);
}, 200_000);
