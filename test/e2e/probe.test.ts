/**
 * The probe end to end. While all is well, none of its alarms fires; each break of the way makes one fire within minutes.
 * Minutes pass by setting the clock of CloudWatch forward: the way itself is real.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { DeleteFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { localClientConfig } from '../../bin/local/client-config';
import { startMeetbusCloud } from '../../bin/local/cloud';
import { METRIC, METRIC_NAMESPACE } from '../../lambdas/platform/metric-names';
import { PROBE_ROUTE } from '../../providers/probe/names';
import { alarmsNow } from '../support/alarms';
import { copyAssembly, synthesizedResources } from '../support/assembly';
import { CONSUMERS, comeBackAfter, setFaults, settled } from '../support/faults';
import { type Meetbus, startMeetbus } from '../support/meetbus';
import type { Subscription } from '../support/subscription';
import type { Resource } from '../support/template';
import { until } from '../support/until';

const SECRET = 'meetbus/Meetbus/probe';
const FAMILIES = 6;
const VERIFIER = 'IngressProbeWebhooks';
const PROBER = 'ProbeFunction';

let meetbus: Meetbus;
let cloudWatch: CloudWatchClient;
let lambda: LambdaClient;
/** Everything that a subscriber to every provider gets. */
let subscription: Subscription;

beforeAll(async () => {
  meetbus = await startMeetbus();
  cloudWatch = new CloudWatchClient(localClientConfig(meetbus.awsUrl));
  lambda = new LambdaClient(localClientConfig(meetbus.awsUrl));
  await meetbus.setProbe('on');
  await comeBackAfter(meetbus, 1);
  subscription = await meetbus.subscribe(meetbus.outputs.SharedBusName, { source: [{ prefix: 'meetbus.' }] });
});
afterAll(async () => {
  cloudWatch.destroy();
  lambda.destroy();
  await meetbus.stop();
});

const notifying = async (client = cloudWatch): Promise<string[]> =>
  (await alarmsNow(client)).filter(({ isFiring, notifies }) => isFiring && notifies).map(({ name }) => name);

const isFiring = async (name: string): Promise<boolean> => (await notifying()).includes(name);

/** How many events of the probe have come back. */
const arrivals = (): number => meetbus.functionLog().toString().split('"ProbeQueue":').length - 1;

/** Two minutes in which the schedules run once: enough for what looks at five. */
async function twoMinutes(): Promise<void> {
  await meetbus.runSchedules();
  await meetbus.advanceMinutes(2);
}

/** A minute in which every family comes back. */
async function goodMinute(): Promise<void> {
  const before = arrivals();
  await meetbus.runSchedules();
  await until(() => arrivals() >= before + FAMILIES, 'every family of the probe');
  await meetbus.advanceMinutes(1);
}

async function repeat(times: number, pass: () => Promise<void>): Promise<void> {
  for (let time = 0; time < times; time++) await pass();
}

/** The physical name of a function, by the beginning of its logical id. */
const functionNamed = (id: string): string =>
  `Meetbus-${synthesizedResources('AWS::Lambda::Function').find(([logicalId]) => logicalId.startsWith(id))![0]}`;

const busNamed = (which: 'intake' | 'shared' | 'default') =>
  ({ intake: meetbus.outputs.IntakeBusName, shared: meetbus.outputs.SharedBusName, default: 'default' })[which];

async function ruleNamed(bus: Parameters<typeof busNamed>[0], part: string) {
  const EventBusName = busNamed(bus);
  const { Rules = [] } = await meetbus.clients.eventBridge.send(new ListRulesCommand({ EventBusName }));
  return { EventBusName, Name: Rules.find(({ Name }) => Name?.includes(part))!.Name! };
}

/** Something that breaks the way, and what mends it. */
type Break = () => Promise<() => Promise<unknown>>;

const faults =
  (...rules: readonly FaultRule[]): Break =>
  async () => {
    await setFaults(meetbus, ...rules);
    return () => setFaults(meetbus);
  };

const disabled =
  (...rule: Parameters<typeof ruleNamed>): Break =>
  async () => {
    const { eventBridge } = meetbus.clients;
    const key = await ruleNamed(...rule);
    await eventBridge.send(new DisableRuleCommand(key));
    return () => eventBridge.send(new EnableRuleCommand(key));
  };

const withoutTarget =
  (...rule: Parameters<typeof ruleNamed>): Break =>
  async () => {
    const { eventBridge } = meetbus.clients;
    const { Name: Rule, EventBusName } = await ruleNamed(...rule);
    const { Targets = [] } = await eventBridge.send(new ListTargetsByRuleCommand({ Rule, EventBusName }));
    const Ids = Targets.map(({ Id }) => Id!);
    await eventBridge.send(new RemoveTargetsCommand({ Rule, EventBusName, Ids }));
    return () => eventBridge.send(new PutTargetsCommand({ Rule, EventBusName, Targets }));
  };

const withoutConcurrency =
  (id: string): Break =>
  async () => {
    const FunctionName = functionNamed(id);
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
    return () => lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  };

const denied = (functionName: string, ...services: readonly FaultRule['service'][]): Break =>
  faults(...services.map((service) => ({ service, fault: 'denied', functionName }) as const));

/** What breaks the way, and the alarm that tells it. */
const BREAKS: readonly (readonly [what: string, alarm: string, breakIt: Break])[] = [
  ['a disabled schedule', 'probe-absent', disabled('default', 'ProbeSchedule')],
  ['a disabled rule between the buses', 'probe-absent', disabled('intake', 'RepublishRule')],
  ['a disabled rule back', 'probe-absent', disabled('shared', 'ProbeReturnRule')],
  ['a deleted target between the buses', 'probe-absent', withoutTarget('intake', 'RepublishRule')],
  ['a deleted target of the rule back', 'probe-absent', withoutTarget('shared', 'ProbeReturnRule')],
  // The bucket takes what the queue does not.
  ['a verifier that may neither send nor store', 'probe-absent', denied(VERIFIER, 'sqs', 's3')],
  ['consumers that may not publish', 'probe-absent', denied(CONSUMERS, 'events')],
  ['consumers that may not use the table', 'probe-absent', denied(CONSUMERS, 'dynamodb')],
  ['a throttled table', 'probe-absent', faults({ service: 'dynamodb', fault: 'throttle' })],
  // The verifier goes on without it. The probe's own calls show it, also where no provider sends anything.
  [
    'a table throttled for the verifier',
    'table-throttled',
    faults({ service: 'dynamodb', fault: 'throttle', functionName: VERIFIER }),
  ],
  ['no concurrency for the verifier', 'probe-absent', withoutConcurrency(VERIFIER)],
  ['no concurrency for the prober', 'probe-absent', withoutConcurrency(PROBER)],
  ['no concurrency for one consumer', 'probe-family', withoutConcurrency('TranscriptLaneConsumer')],
  ['one consumer that may not publish', 'probe-family', denied('WorkspaceLaneConsumer', 'events')],
];

it('comes back with every family, and no alarm fires in an hour, whatever happens to the probe alone', async () => {
  const firing = new Set<string>();
  const look = async () => {
    for (const name of await notifying()) firing.add(name);
  };
  const watched = async (pass = goodMinute) => {
    await pass();
    await look();
  };
  await look();
  await repeat(20, watched);
  // A run that is lost.
  await watched(() => meetbus.advanceMinutes(1));
  // Two runs at the same time.
  const before = arrivals();
  await Promise.all([meetbus.runSchedules(), meetbus.runSchedules()]);
  await until(() => arrivals() >= before + 2 * FAMILIES, 'both runs');
  await repeat(9, watched);
  await replaceKey();
  await repeat(29, watched);
  expect([...firing]).toEqual([]);
  expect(await subscription.drain()).toEqual([]);
});

it('is not among the deliveries and events that others count or look for', () => {
  // What is refused, as while the key was replaced, or comes twice, is counted and logged like any other.
  const lines = meetbus.functionLog().toString().split('\n');
  const counted = lines.filter((line) => /"(Accepted":1|Published"|PublishDelay"|Late")/.test(line));
  const logged = lines.filter((line) => /"outcome":"(accepted|published)"/.test(line));
  expect([...counted, ...logged]).toEqual([]);
});

/** Replaces the key, and makes the verifier load the new one before the prober does. */
async function replaceKey(): Promise<void> {
  const { secrets } = meetbus.clients;
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: SECRET }));
  const signingKeys = `${JSON.parse(SecretString).signingKeys}`.split('').reverse().join('');
  meetbus.secrets.addAll({ signingKeys });
  await secrets.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString: JSON.stringify({ signingKeys }) }));
  const headers = { 'probe-timestamp': String(Date.now()), 'probe-signature': '0'.repeat(64) };
  const forged = { path: `/${PROBE_ROUTE}`, body: '{}', headers };
  await until(async () => (await meetbus.post(forged)).status === 401, 'the verifier to load the key');
}

it.each(BREAKS)('%s: %s', async (_, alarm, breakIt) => {
  expect(await notifying()).toEqual([]);
  const mend = await breakIt();
  await repeat(alarm === 'probe-family' ? 6 : 3, twoMinutes);
  expect((await notifying()).filter((name) => name === alarm || name.startsWith('probe-'))).toEqual([alarm]);
  await mend();
  await settled(meetbus);
  // Longer than any alarm looks back that may have fired too.
  await meetbus.advanceMinutes(130);
  await goodMinute();
  expect(await isFiring(alarm)).toBe(false);
});

it('a way that takes longer than the objective: probe-slow', async () => {
  const slow = { fault: 'slow', milliseconds: 2_600, functionName: CONSUMERS } as const;
  await setFaults(meetbus, { ...slow, service: 'dynamodb', operation: 'PutItem' }, { ...slow, service: 'events' });
  // As slow as it will be now, in the five minutes before.
  const Dimensions = [{ Name: 'service', Value: 'Meetbus' }];
  const MetricData = [{ MetricName: METRIC.probeTime, Dimensions, Value: 5_300 }];
  await meetbus.advanceMinutes(10);
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData }));
  await meetbus.advanceMinutes(5);
  expect(await isFiring('probe-slow')).toBe(false);
  await goodMinute();
  await setFaults(meetbus);
  expect(await notifying()).toContain('probe-slow');
});

interface Changed extends Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties of any type of resource.
  readonly Properties: Record<string, any>;
}

const isOf = ({ Properties }: Changed, part: string): boolean => JSON.stringify(Properties).includes(part);

/** Takes the permission to read its secret from a role. */
function withoutSecret(resource: Changed, role: string): void {
  if (resource.Type !== 'AWS::IAM::Policy' || !isOf(resource, role)) return;
  const policy = JSON.stringify(resource.Properties.PolicyDocument);
  resource.Properties.PolicyDocument = JSON.parse(policy.replace(':GetSecretValue', ':DescribeSecret'));
}

/** What is wrong in the template, so that the probe never came. */
const WRONG: Readonly<Record<string, (resource: Changed) => void>> = {
  'a route that leads to another function': (resource) => {
    if (resource.Type !== 'AWS::ApiGateway::Method' || !isOf(resource, VERIFIER)) return;
    const other = synthesizedResources('AWS::Lambda::Function').find(([id]) => id.startsWith('IngressRecallWebhooks'))!;
    const uri = JSON.stringify(resource.Properties.Integration.Uri).replace(/IngressProbeWebhooks\w{8}/, other[0]);
    resource.Properties.Integration.Uri = JSON.parse(uri);
  },
  'a gateway that may not invoke the verifier': (resource) => {
    if (resource.Type !== 'AWS::Lambda::Permission' || !isOf(resource, VERIFIER)) return;
    resource.Properties.Principal = 'events.amazonaws.com';
  },
  'a verifier that may not read the key': (resource) => withoutSecret(resource, 'IngressProbeWebhooksRole'),
  'a prober that may not read the key': (resource) => withoutSecret(resource, 'ProbeFunctionRole'),
  'a rule back that may not invoke the prober': (resource) => {
    if (resource.Type !== 'AWS::Lambda::Permission' || !isOf(resource, 'ProbeReturnRule')) return;
    resource.Properties.Principal = 'apigateway.amazonaws.com';
  },
};

it.each(Object.entries(WRONG))('%s from the start: the alarm fires in ten minutes, not at once', async (_, change) => {
  const cdkOut = mkdtempSync(join(tmpdir(), 'meetbus-test-'));
  copyAssembly<Changed>(cdkOut, change);
  const cloud = await startMeetbusCloud({ cdkOut, stackName: 'Meetbus', port: 0, awsPort: 0, onStep: () => {} });
  const client = new CloudWatchClient(localClientConfig(cloud.awsUrl));
  const control = (path: string, body = '') => fetch(`${cloud.awsUrl}/_local-cloud/${path}`, { method: 'POST', body });
  const isAbsent = async () => (await notifying(client)).includes('probe-absent');
  const pass = async () => {
    await control('schedules');
    await control('clock', '{"minutes":2}');
  };
  try {
    await repeat(2, pass);
    expect(await isAbsent()).toBe(false);
    await repeat(4, pass);
    expect(await isAbsent()).toBe(true);
  } finally {
    client.destroy();
    await cloud.close();
    rmSync(cdkOut, { recursive: true });
  }
});
