/** What an operator may tighten: no token without a signature, only senders of their own, and fewer log lines. */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localClientConfig } from '../../local/client-config';
import { type LocalCloud, type Step, startLocalCloud } from '../../local/cloud';
import { realtimekitSamples, SAMPLE_ORGANIZATION_ID } from '../../samples/realtimekit';
import { recallBody } from '../../samples/recall';
import { copyAssembly } from '../support/assembly';
import { type HttpDelivery, send } from '../support/http';
import { KeyServer, serves } from '../support/key-server';
import { RECALL_SECRET_NAME, RealtimeKit, Recall } from '../support/providers';
import { CDK_OUT } from '../support/synth';
import { until as waitUntil } from '../support/until';

/** What the settings `recall.requireSignature`, `realtimekit.organizationIds`, `.webhookIds` and `logLevel` become. */
const VARIABLES = {
  RECALL_REQUIRE_SIGNATURE: 'true',
  REALTIMEKIT_ORGANIZATION_IDS: `another-organization,${SAMPLE_ORGANIZATION_ID}`,
  REALTIMEKIT_WEBHOOK_IDS: 'webhook-ours',
  POWERTOOLS_LOG_LEVEL: 'WARN',
};

const recall = new Recall();
const realtimekit = new RealtimeKit();
const cdkOut = mkdtempSync(join(tmpdir(), 'meetbus-test-'));

const steps = new EventEmitter();

let keyServer: KeyServer;
let cloud: LocalCloud;

type EventStep = Extract<Step, { kind: 'event' }>;

/** The first event on any bus of which that holds. */
const until = (isIt: (step: EventStep) => boolean): Promise<EventStep> =>
  new Promise((resolve) => steps.on('event', (step: EventStep) => isIt(step) && resolve(step)));

interface FunctionResource {
  readonly Properties?: { readonly Environment?: { readonly Variables?: Record<string, unknown> } };
}

beforeAll(async () => {
  // The functions have other values of these variables, where they have them.
  copyAssembly<FunctionResource>(cdkOut, ({ Properties }) => {
    const present = Properties?.Environment?.Variables ?? {};
    for (const [name, value] of Object.entries(VARIABLES)) if (name in present) present[name] = value;
  });
  keyServer = await KeyServer.start(serves(realtimekit.publicPem));
  cloud = await startLocalCloud({
    cdkOut,
    stackName: 'Meetbus',
    port: 0,
    awsPort: 0,
    realtimekitKeyUrl: keyServer.url,
    onStep: (step) => steps.emit(step.kind, step),
  });
  const secrets = new SecretsManagerClient(localClientConfig(cloud.awsUrl));
  const SecretString = JSON.stringify(recall.secretValue);
  await secrets.send(new PutSecretValueCommand({ SecretId: RECALL_SECRET_NAME, SecretString }));
  secrets.destroy();
});

afterAll(async () => {
  await cloud.close();
  await keyServer.close();
  rmSync(cdkOut, { recursive: true });
});

async function post(delivery: HttpDelivery): Promise<string> {
  const { status, body } = await send(new URL(delivery.path.slice(1), cloud.apiUrl), delivery);
  return `${status} ${JSON.parse(body).status}`;
}

it('has the variables in the template', () => {
  const template = readFileSync(join(CDK_OUT, 'Meetbus.template.json'), 'utf8');
  for (const name of Object.keys(VARIABLES)) expect(template).toContain(`"${name}"`);
});

describe('with requireSignature', () => {
  const body = recallBody('transcript.data');

  it('a token alone is refused', async () => {
    expect(await post(recall.withToken(body))).toBe('401 unauthorized');
  });

  it('a signature is accepted, with or without the token', async () => {
    const signed = recall.signed(body, { path: '/recall/realtime' });
    expect(await post(signed)).toBe('200 accepted');
    const path = `/recall/realtime?token=${recall.token}`;
    expect(await post(recall.signed(body, { path }))).toBe('200 accepted');
  });
});

describe('with a list of senders', () => {
  const ours = { webhookId: 'webhook-ours' };
  const bodies = Object.values(realtimekitSamples);

  it.each(bodies)('$event of our organization is accepted', async (body) => {
    expect(await post(realtimekit.signed(body, ours))).toBe('200 accepted');
  });

  const isAlarming = async () => {
    const client = new CloudWatchClient(localClientConfig(cloud.awsUrl));
    const query = new DescribeAlarmsCommand({ AlarmNames: ['Meetbus-sender-not-allowed'] });
    const { MetricAlarms: [alarm] = [] } = await client.send(query);
    client.destroy();
    return alarm?.StateValue === 'ALARM';
  };

  it('an event of another organization is an alarm', async () => {
    expect(await isAlarming()).toBe(false);
    const foreign = JSON.stringify(bodies[0]).replaceAll(SAMPLE_ORGANIZATION_ID, 'a-stranger');
    await post(realtimekit.signed(foreign, ours));
    await waitUntil(isAlarming, 'the alarm');
  });

  it.each(bodies)('$event of another organization is forbidden', async (body) => {
    const foreign = JSON.stringify(body).replaceAll(SAMPLE_ORGANIZATION_ID, 'a-stranger');
    expect(await post(realtimekit.signed(foreign, ours))).toBe('403 forbidden');
  });

  it('an event of another webhook is forbidden', async () => {
    expect(await post(realtimekit.signed(bodies[0]!, { webhookId: 'webhook-of-a-stranger' }))).toBe('403 forbidden');
  });

  it('an event that names no organization is kept, but not shared', async () => {
    const body = { event: 'livestreaming.statusUpdate', streamId: randomUUID(), status: 'LIVE' };
    const seen = until(({ detail }) => detail.includes(body.streamId));
    expect(await post(realtimekit.signed(body, ours))).toBe('200 accepted');
    const { bus, detail } = await seen;
    expect(bus).toBe('Meetbus-intake');
    expect(JSON.parse(detail)).toMatchObject({ type: 'event.unrecognized', data: { reason: 'sender_not_proved' } });
    expect(JSON.parse(detail).data.raw).toEqual(body);
  });

  it('a wrong signature stays a 401, whoever it says it is', async () => {
    expect(await post(new RealtimeKit().signed(bodies[0]!, ours))).toBe('401 unauthorized');
  });
});

describe('with the log level WARN', () => {
  it('functions log what was refused and metrics, and nothing of what went well', async () => {
    const lines: Record<string, unknown>[] = [];
    steps.on('log', ({ line }: Extract<Step, { kind: 'log' }>) => lines.push(JSON.parse(line)));
    expect(await post(recall.withToken(recallBody('bot.done')))).toBe('401 unauthorized');
    // A consumer would log an event after it has published it, so before the next one.
    for (let sent = 1; sent <= 2; sent++) {
      expect(await post(recall.signed(recallBody('bot.done')))).toBe('200 accepted');
      const isPublished = ({ type, Published }: Record<string, unknown>) =>
        type === 'bot.status_changed' && Published === 1;
      await waitUntil(() => lines.filter(isPublished).length === sent, 'the metric of an event', 20_000);
    }
    expect(lines).toContainEqual(expect.objectContaining({ level: 'WARN', outcome: 'missing_header' }));
    expect(lines.filter(({ outcome }) => outcome === 'accepted').map(({ level }) => level)).toEqual(
      Array(2).fill(undefined),
    );
    expect(lines.filter(({ level }) => level === 'INFO')).toEqual([]);
  });
});
