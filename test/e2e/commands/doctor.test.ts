/** One look at everything that commonly goes wrong: what the doctor finds on a Meetbus that is well, and on ones that are not. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DisableRuleCommand, EnableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { DeleteFunctionConcurrencyCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { DeleteSecretCommand, GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Finding } from '../../../bin/findings';
import { localClientConfig } from '../../../bin/local/client-config';
import { version } from '../../../package.json';
import { recallBody } from '../../../providers/recall/sandbox';
import { clientsAs } from '../../support/as-function';
import { runCli } from '../../support/cli';
import { putAside } from '../../support/dead-letters';
import { withAwsProxy } from '../../support/denying-aws';
import { setFaults } from '../../support/faults';
import { KeyServer, serves } from '../../support/key-server';
import { putRecallSecret, RECALL_SECRET_NAME, startWorld, type World } from '../../support/providers';
import { RealtimekitApi, type StoredWebhook } from '../../support/realtimekit-api';
import { until } from '../../support/until';

const folder = mkdtempSync(join(tmpdir(), 'meetbus-doctor-'));
const staging = join(folder, 'staging');
let world: World;
let api: RealtimekitApi;
beforeAll(async () => {
  writeStaging();
  [world, api] = await Promise.all([startWorld(['--with', staging]), RealtimekitApi.start()]);
  const secret = new GetSecretValueCommand({ SecretId: 'meetbus/realtimekit' });
  const { SecretString = '' } = await world.meetbus.clients.secrets.send(secret);
  [urlToken] = JSON.parse(SecretString).urlTokens;
  world.meetbus.secrets.addAll(urlToken);
});
beforeEach(() => api.reset());
afterAll(async () => {
  await Promise.all([world?.close(), api?.close()]);
  rmSync(folder, { recursive: true });
});

/** A stack beside Meetbus whose alarm fires, and is named as one of a Meetbus called `Meetbus-staging` would be. */
function writeStaging(): void {
  mkdirSync(staging);
  const type = 'aws:cloudformation:stack';
  const artifacts = { Staging: { type, properties: { templateFile: 'Staging.template.json' } } };
  writeFileSync(join(staging, 'manifest.json'), JSON.stringify({ artifacts }));
  const Properties = {
    ...{ AlarmName: 'Meetbus-staging-quiet', Namespace: 'Meetbus', MetricName: 'Accepted', Statistic: 'Sum' },
    ...{ Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'LessThanThreshold' },
    TreatMissingData: 'breaching',
  };
  const template = { Resources: { Quiet: { Type: 'AWS::CloudWatch::Alarm', Properties } } };
  writeFileSync(join(staging, 'Staging.template.json'), JSON.stringify(template));
}

/** Has the doctor look, with a RealtimeKit app to look at. */
const examine = (args: readonly string[] = [], state = world.meetbus.state) =>
  runCli(['doctor', '--local', '--state', state, ...args], { env: api.environment });

/** What the doctor finds that is not well. */
async function complaints(state?: string): Promise<{ code: number | null; found: Finding[] }> {
  const { code, stdout } = await examine(['--json'], state);
  return { code, found: JSON.parse(stdout).filter(({ status }: Finding) => status !== 'ok') };
}

/** The token that the local cloud has made up for RealtimeKit's URL. */
let urlToken: string;

/** Registers the deployment with RealtimeKit, for all events. */
const register = (fields: Partial<StoredWebhook> = {}) =>
  api.add({ url: `${world.meetbus.outputs.ApiUrl}realtimekit/webhooks/${urlToken}`, ...fields });

it('finds nothing wrong with a Meetbus that is well', async () => {
  register();
  const ran = await examine();
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  expect(ran.stdout).toMatch(/^✓/m);
  expect(ran.stdout.match(/^[!✗].*/gm)).toBeNull();
  for (const part of ['version', 'secret', '/recall/webhooks', '/recall/realtime', '/realtimekit/webhooks']) {
    expect(ran.stdout).toContain(part);
  }
  for (const part of ['public key', 'RealtimeKit webhook', 'dead-letter queues']) expect(ran.stdout).toContain(part);
  expect(ran.stdout).toMatch(/none of \d\d is firing/);
  expect(ran.stdout).toMatch(/all 6 families are back within/);
  expect(ran.stdout).not.toContain(api.token);
});

it('finds a webhook that is missing, or disabled, or sends only some events', async () => {
  const missing = await complaints();
  register({ enabled: false, events: ['meeting.started'] });
  const lacking = await complaints();

  const remedy = 'npx meetbus realtimekit webhooks sync';
  expect(missing).toEqual({
    code: 1,
    found: [
      {
        check: 'RealtimeKit webhook',
        status: 'problem',
        message: expect.stringContaining('There is none for'),
        remedy,
      },
    ],
  });
  expect(lacking).toEqual({
    code: 1,
    found: [
      { check: 'RealtimeKit webhook', status: 'problem', message: expect.stringContaining('is disabled'), remedy },
      {
        check: 'RealtimeKit webhook',
        status: 'problem',
        message: expect.stringContaining('does not send meeting.ended'),
        remedy,
      },
    ],
  });
});

it('warns of a deployment of another version, and of one without an output', async () => {
  register();
  const state = join(folder, 'older');
  cpSync(world.meetbus.state, state, { recursive: true });
  const file = join(state, 'outputs.json');
  const { Meetbus } = JSON.parse(readFileSync(file, 'utf8'));
  expect(Meetbus.Version).toBe(version);
  writeFileSync(file, JSON.stringify({ Meetbus: { ...Meetbus, Version: '0.0.1' } }));
  expect(await complaints(state)).toEqual({
    code: 0,
    found: [
      {
        check: 'version',
        status: 'warning',
        message: `0.0.1 is deployed, and this is ${version}.`,
        remedy: expect.stringContaining('npx cdk deploy'),
      },
    ],
  });
  writeFileSync(file, JSON.stringify({ Meetbus: { ...Meetbus, Version: undefined } }));
  expect((await complaints(state)).found).toContainEqual(
    expect.objectContaining({
      check: 'version',
      status: 'problem',
      message: expect.stringContaining('no output Version'),
    }),
  );
});

it('warns of a key server that serves no key, while the verifiers go on', async () => {
  register();
  const { keyServer, realtimekit } = world;
  keyServer.answer = serves('no key');
  const { code, found } = await complaints();
  keyServer.answer = serves(realtimekit.publicPem);
  expect({ code, found }).toEqual({
    code: 0,
    found: [expect.objectContaining({ check: 'public key', status: 'warning' })],
  });
});

it('tells why nothing can be reached, with advice that fits', async () => {
  register();
  const state = join(folder, 'gone');
  cpSync(world.meetbus.state, state, { recursive: true });
  const file = (name: string) => join(state, name);
  const { Meetbus } = JSON.parse(readFileSync(file('outputs.json'), 'utf8'));
  const keyServer = await KeyServer.start(serves('none'));
  const gone = new URL('/', keyServer.url).href;
  await keyServer.close();
  writeFileSync(file('outputs.json'), JSON.stringify({ Meetbus: { ...Meetbus, ApiUrl: gone } }));
  const addresses = JSON.parse(readFileSync(file('local.json'), 'utf8'));
  writeFileSync(
    file('local.json'),
    JSON.stringify({
      ...addresses,
      providers: { ...addresses.providers, realtimekit: { options: { keyUrl: `${gone}key` } } },
    }),
  );
  const { found } = await complaints(state);

  const cause = `connect ECONNREFUSED ${new URL(gone).host} (nothing listens there)`;
  const of = (name: string) => found.find(({ check }) => check === name);
  expect(of('/recall/webhooks')).toMatchObject({ message: `The API cannot be reached: ${cause}` });
  expect(of('public key')).toMatchObject({
    status: 'warning',
    message: `${gone}key serves no key from here: ${cause}`,
  });
  expect(of('public key')?.remedy).not.toMatch(/set the secret/i);
  expect(of('public key')?.remedy).toContain('realtimekit.keyUrl');
});

it('finds what cannot be used in the secret, and that there is none', async () => {
  register();
  const { meetbus, recall } = world;
  await putRecallSecret(meetbus, { signingSecrets: ['whsec_short'], realtimeTokens: [recall.token] });
  const unusable = await complaints();
  await putRecallSecret(meetbus, recall.secret);
  const unreadable = await complaints();
  await meetbus.clients.secrets.send(
    new DeleteSecretCommand({ SecretId: RECALL_SECRET_NAME, ForceDeleteWithoutRecovery: true }),
  );
  const missing = await complaints();
  await runCli(['secrets', 'set', '--local', '--state', meetbus.state], { input: recall.secret });

  expect(unusable.code).toBe(1);
  expect(unusable.found.map(({ remedy }) => remedy)).toEqual([
    'npx meetbus secrets retire <fingerprint>',
    'npx meetbus secrets add signing-secret',
  ]);
  expect(unreadable.found).toContainEqual({
    check: 'secret of Recall.ai',
    status: 'problem',
    message: `The secret ${RECALL_SECRET_NAME} holds no JSON object: verifiers cannot read it.`,
    remedy: expect.stringContaining('npx meetbus secrets set'),
  });
  expect(missing.code).toBe(1);
  expect(missing.found).toContainEqual({
    check: 'secret of Recall.ai',
    status: 'problem',
    message: `There is no secret ${RECALL_SECRET_NAME}, so Recall.ai is answered 503.`,
    remedy: 'Set it up: npx meetbus secrets set',
  });
});

describe('the sender of RealtimeKit', () => {
  const CHECK = 'RealtimeKit sender';
  const SYNC = 'npx meetbus realtimekit webhooks sync';
  const SECRET = { SecretId: 'meetbus/realtimekit' };
  const put = (value: object) =>
    world.meetbus.clients.secrets.send(new PutSecretValueCommand({ ...SECRET, SecretString: JSON.stringify(value) }));
  afterEach(() => put({ urlTokens: [urlToken] }));
  /** What the doctor finds of it, well or not. */
  const found = async (state?: string) => {
    const { stdout } = await examine(['--json'], state);
    return JSON.parse(stdout).filter(({ check }: Finding) => check === CHECK) as Finding[];
  };

  it('is proved by tokens, or by the lists that are deployed', async () => {
    register();
    expect(await found()).toEqual([{ check: CHECK, status: 'ok', message: 'proved by 1 URL token' }]);
    await put({ urlTokens: [] });
    const state = join(folder, 'listed');
    cpSync(world.meetbus.state, state, { recursive: true });
    const Meetbus = { ...world.meetbus.outputs, RealtimekitOrganizationIds: 'org-a' };
    writeFileSync(join(state, 'outputs.json'), JSON.stringify({ Meetbus }));
    expect(await found(state)).toEqual([
      { check: CHECK, status: 'ok', message: 'proved by the setting realtimekit.organizationIds' },
    ]);
  });

  it('cannot be proved without either', async () => {
    await put({ urlTokens: [] });
    expect(await found()).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('It cannot be proved: there is no URL token, and no list of senders'),
        remedy: expect.stringContaining(SYNC),
      }),
    ]);
  });

  it('has tokens that verifiers ignore, or that are easy to guess', async () => {
    await put({ urlTokens: ['short', 'sixteen-letters!', 'sixteen-letters-'] });
    expect(await found()).toMatchObject([
      { status: 'problem', message: expect.stringMatching(/^Not usable: url-token [0-9a-f]{12}\.$/) },
      { status: 'problem', remedy: 'npx meetbus secrets retire <fingerprint>' },
      { status: 'warning', remedy: expect.stringContaining('npx meetbus secrets add url-token --generate') },
      { status: 'ok' },
    ]);
  });
});

it('warns of a token that could be guessed, which counts all the same, and does not have it thrown away at once', async () => {
  register();
  const { meetbus, recall } = world;
  await putRecallSecret(meetbus, { ...recall.secretValue, realtimeTokens: [recall.token, 'weak-with-16-char'] });
  const { code, found } = await complaints();
  await putRecallSecret(meetbus, recall.secretValue);
  expect({ code, found }).toEqual({
    code: 0,
    found: [
      {
        check: 'secret of Recall.ai',
        status: 'warning',
        message: expect.stringMatching(/^Easy to guess, but taken: token [0-9a-f]{12}\.$/),
        remedy: expect.stringMatching(/^npx meetbus secrets add token --generate; .+ npx meetbus secrets retire/),
      },
    ],
  });
});

it('finds what has been put aside, and the alarm that fires for it', async () => {
  register();
  const { clients, outputs } = world.meetbus;
  const { MeetingDeadLetterQueueUrl: QueueUrl } = outputs as unknown as Record<string, string>;
  await putAside(clients.sqs, QueueUrl!, ['poison']);
  expect(await complaints()).toEqual({
    code: 1,
    found: [
      {
        check: 'dead-letter queues',
        status: 'problem',
        message: 'meeting: 1 dead-lettered.',
        remedy: expect.stringContaining('npx meetbus dlq redrive meeting'),
      },
      {
        check: 'alarms',
        status: 'problem',
        message: 'Meetbus-dlq-meeting is firing.',
        remedy: expect.stringContaining('docs/runbook.md, "Dead-letter queue not empty"'),
      },
    ],
  });
});

it('shows that a probe does not come back, and how far it came', async () => {
  const { eventBridge } = world.meetbus.clients;
  const EventBusName = world.meetbus.outputs.SharedBusName;
  const { Rules = [] } = await eventBridge.send(new ListRulesCommand({ EventBusName }));
  const rule = { EventBusName, Name: Rules.find(({ Name }) => Name?.includes('ProbeReturnRule'))!.Name };
  await eventBridge.send(new DisableRuleCommand(rule));
  const { code, found } = await complaints();
  await eventBridge.send(new EnableRuleCommand(rule));
  expect(code).toBe(1);
  expect(found).toContainEqual({
    check: 'probe',
    status: 'problem',
    message: expect.stringMatching(/^No event has come back from the shared bus\. The API answered in \d+ ms\.$/),
    remedy: 'docs/runbook.md#probe',
  });
});

it('shows that Lambda does not run the prober', async () => {
  const lambda = new LambdaClient(localClientConfig(world.meetbus.awsUrl));
  const FunctionName = world.meetbus.outputs.ProberFunctionName;
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  const { found } = await complaints();
  await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  lambda.destroy();
  expect(found.filter(({ check }) => check === 'probe')).toEqual([
    {
      check: 'probe',
      status: 'problem',
      message: 'Lambda does not run the prober: it has no concurrency left.',
      remedy: 'docs/runbook.md#probe',
    },
  ]);
});

it('finds the probe on a laptop whose clock is ahead', async () => {
  const ahead = join(folder, 'ahead.cjs');
  writeFileSync(ahead, 'const now = Date.now; Date.now = () => now() + 60_000;');
  const args = ['doctor', '--local', '--state', world.meetbus.state, '--json'];
  const { stdout } = await runCli(args, { env: { ...api.environment, NODE_OPTIONS: `--require ${ahead}` } });
  const found = JSON.parse(stdout).filter(({ check }: Finding) => check === 'probe');
  expect(found).toEqual([expect.objectContaining({ status: 'ok' })]);
});

it('does not take its own requests for deliveries that were refused', async () => {
  register();
  const { stdout } = await examine(['--json']);
  const deliveries = JSON.parse(stdout).filter(({ check }: Finding) => check === 'deliveries');
  expect(deliveries).toEqual([{ check: 'deliveries', status: 'ok', message: '0 in the last hour, each taken in' }]);
});

describe('the last hour', () => {
  let troubled: World;
  beforeAll(async () => {
    troubled = await startWorld(['--account-concurrency', '10']);
  });
  afterAll(() => troubled.close());

  /** What the doctor finds of one thing. */
  async function found(check: string, ...args: readonly string[]) {
    const { code, stdout } = await examine(['--json', ...args], troubled.meetbus.state);
    return { code, findings: JSON.parse(stdout).filter((finding: Finding) => finding.check === check) };
  }

  it('tells what the account has too little of, and what fits', async () => {
    expect(await found('concurrency')).toEqual({
      code: 1,
      findings: [
        {
          check: 'concurrency',
          status: 'problem',
          message: expect.stringMatching(
            /^The account runs 10 functions at a time, and 7 consumers × 50 and \d verifiers want 35\d:/,
          ),
          remedy: expect.stringMatching(/"Concurrent executions".+ to 35\d or more/),
        },
      ],
    });
  });

  it('tells deliveries that were refused, by provider and reason, each with what to do', async () => {
    const { meetbus, recall } = troubled;
    const good = Array.from({ length: 10 }, (_, index) =>
      recall.signed({ event: 'bot.done', data: { bot: { id: `b${index}` } } }),
    );
    const bad = Array.from({ length: 30 }, () => recall.withToken({ event: 'bot.done' }, 'wrong'));
    for (const delivery of [...good, ...bad]) await meetbus.post(delivery);
    await meetbus.settled();
    const refusedBy = Date.now();

    expect(await found('deliveries')).toEqual({
      code: 1,
      findings: [
        {
          check: 'deliveries',
          status: 'problem',
          message: expect.stringMatching(
            /^Recall\.ai: 30 of 40 refused in the last hour \(unknown_token\), the last at \d{4}-/,
          ),
          remedy: expect.stringContaining('npx meetbus recall endpoint'),
        },
      ],
    });
    // What was before the time that is looked at is not told. Logs are searched by whole seconds, both of them included.
    await until(() => Date.now() > refusedBy + 2_000, 'the next second but one');
    expect((await found('deliveries', '--since', '1ms')).findings).toEqual([
      expect.objectContaining({ status: 'ok', message: expect.stringContaining('in the last 1 minutes') }),
    ]);
  });

  it('tells a real-time endpoint that has died, with its bot, and events that were not understood', async () => {
    const { meetbus, recall } = troubled;
    const failed = recallBody('realtime_endpoint.failed', { seed: 'dead' });
    const { id } = (failed.data as { bot: { id: string } }).bot;
    await meetbus.post(recall.signed(failed));
    await meetbus.post(recall.signed({ event: 'bot.flew', data: {} }));
    await meetbus.settled();

    expect((await found('real-time endpoints')).findings).toEqual([
      {
        check: 'real-time endpoints',
        status: 'problem',
        message: expect.stringMatching(new RegExp(`^That of bot ${id} has died at \\d{4}-.+Z: nothing more`)),
        remedy: expect.stringContaining('docs/runbook.md#dead-real-time-endpoint'),
      },
    ]);
    expect((await found('unrecognized events')).findings).toEqual([
      expect.objectContaining({
        status: 'warning',
        message: '1 in the last hour: bot.flew (1).',
        remedy: expect.stringContaining('npx meetbus events list --unrecognized'),
      }),
    ]);
  });

  it('tells deliveries that were stored, because their queue was down', async () => {
    const { meetbus, recall } = troubled;
    await setFaults(meetbus, { service: 'sqs', operation: 'SendMessage', fault: 'error' });
    await meetbus.post(recall.signed({ event: 'bot.done', data: { bot: { id: 'stored' } } }));
    await setFaults(meetbus);
    expect((await found('deliveries')).findings).toContainEqual({
      check: 'deliveries',
      status: 'warning',
      message: expect.stringMatching(
        /^Recall\.ai: 1 stored in the last hour, because a queue was down, the last at \d{4}-/,
      ),
      remedy: expect.stringContaining('npx meetbus query stored-deliveries'),
    });
  });

  it('tells an alarm that fired and is over', async () => {
    const change = (AlarmName: string, from: string, to: string) => ({
      ...{ AlarmName, AlarmType: 'MetricAlarm', HistoryItemType: 'StateUpdate', Timestamp: Date.now() / 1_000 - 600 },
      HistoryData: JSON.stringify({ oldState: { stateValue: from }, newState: { stateValue: to } }),
    });
    const AlarmHistoryItems = [
      change('Meetbus-fail-open', 'ALARM', 'OK'),
      change('Meetbus-table-throttled', 'INSUFFICIENT_DATA', 'OK'),
      change('Meetbus-staging-quiet', 'ALARM', 'OK'),
    ];
    const history = (target: string) =>
      target.endsWith('.DescribeAlarmHistory') ? { status: 200, body: { AlarmHistoryItems } } : undefined;
    const { stdout } = await withAwsProxy(troubled.meetbus, history, (state) => examine(['--json'], state));
    const over = JSON.parse(stdout).filter(({ message }: Finding) => message.includes('was firing'));
    expect(over).toEqual([
      {
        check: 'alarms',
        status: 'warning',
        message: expect.stringMatching(/^Meetbus-fail-open was firing until \d{4}-.+Z\.$/),
        remedy: expect.stringContaining('docs/runbook.md, "Fail-open"'),
      },
    ]);
  });

  it('tells what functions failed with', async () => {
    const { TranscriptQueueUrl: QueueUrl } = troubled.meetbus.outputs as unknown as Record<string, string>;
    const { sqs } = clientsAs('IngressRecallRealtime', troubled.meetbus);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'no delivery' }));
    sqs.destroy();
    const failed = {
      check: 'failures',
      status: 'warning',
      message: expect.stringMatching(/^a consumer failed with a message: \d+ in the last hour \(SyntaxError\)\.$/),
      remedy: expect.stringContaining('npx meetbus query on-the-way-to-a-dlq'),
    };
    const isTold = ({ message }: Finding) => message.startsWith('a consumer failed');
    await until(async () => (await found('failures')).findings.some(isTold), 'a failure');
    expect((await found('failures')).findings).toContainEqual(failed);
  });
});

it('says what to do where no local cloud runs', async () => {
  const ran = await examine([], join(folder, 'nowhere'));
  expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('npx meetbus local') });
});
