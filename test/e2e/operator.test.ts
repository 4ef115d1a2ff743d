/** What an operator may tighten: no token without a signature, only senders of their own, and fewer log lines. */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Step } from '@meetbus/local-cloud';
import { localClientConfig } from '../../bin/local/client-config';
import { type MeetbusCloud, startMeetbusCloud } from '../../bin/local/cloud';
import { realtimekitSamples, SAMPLE_ORGANIZATION_ID } from '../../providers/realtimekit/sandbox';
import { recallBody } from '../../providers/recall/sandbox';
import { copyAssembly } from '../support/assembly';
import { type HttpDelivery, send } from '../support/http';
import { KeyServer, serves } from '../support/key-server';
import { REALTIMEKIT_SECRET_NAME, RECALL_SECRET_NAME, RealtimeKit, Recall } from '../support/providers';
import { CDK_OUT } from '../support/synth';
import { until as waitUntil } from '../support/until';

/** What the settings `recall.requireSignature`, `realtimekit.organizationIds` and `.webhookIds` become. */
const OPTIONS = {
  recall: { requireSignature: true },
  realtimekit: {
    organizationIds: ['another-organization', SAMPLE_ORGANIZATION_ID],
    webhookIds: ['webhook-ours'],
  },
};

/** What the setting `logLevel` becomes. */
const VARIABLES = { POWERTOOLS_LOG_LEVEL: 'WARN' };

const recall = new Recall();
const realtimekit = new RealtimeKit();
const cdkOut = mkdtempSync(join(tmpdir(), 'meetbus-test-'));

const steps = new EventEmitter();

let keyServer: KeyServer;
let cloud: MeetbusCloud;

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
  cloud = await startMeetbusCloud({
    cdkOut,
    stackName: 'Meetbus',
    port: 0,
    awsPort: 0,
    options: { ...OPTIONS, realtimekit: { ...OPTIONS.realtimekit, keyUrl: keyServer.url } },
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

it('has the variables in the template, and the options beside the code', () => {
  const template = readFileSync(join(CDK_OUT, 'Meetbus.template.json'), 'utf8');
  for (const name of Object.keys(VARIABLES)) expect(template).toContain(`"${name}"`);
  for (const [provider, options] of Object.entries(OPTIONS)) {
    const files = globSync(`asset.*/providers/${provider}.json`, { cwd: CDK_OUT });
    const deployed = JSON.parse(readFileSync(join(CDK_OUT, String(files[0])), 'utf8')).options;
    expect(Object.keys(deployed)).toEqual(expect.arrayContaining(Object.keys(options)));
  }
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

describe('with lists of senders', () => {
  const path = '/realtimekit/webhooks';
  const ours = { path, webhookId: 'webhook-ours' };
  const bodies = Object.values(realtimekitSamples);
  const foreign = (body: object) => JSON.stringify(body).replaceAll(SAMPLE_ORGANIZATION_ID, 'a-stranger');

  /** The event in which a text stands, on the first bus that has it. */
  const eventWith = async (text: string, delivery: HttpDelivery) => {
    const seen = until(({ detail }) => detail.includes(text));
    expect(await post(delivery)).toBe('200 accepted');
    const { bus, detail } = await seen;
    expect(bus).toBe('Meetbus-intake');
    return JSON.parse(detail);
  };

  it.each(bodies)('$event of our organization is believed without a token', async (body) => {
    const marker = randomUUID();
    const { type, proof } = await eventWith(marker, realtimekit.signed({ ...body, marker }, ours));
    expect({ type, proof }).toEqual({ type: expect.not.stringContaining('unrecognized'), proof: 'signature' });
  });

  it.each(bodies)('$event of another organization is kept, but not believed', async (body) => {
    const marker = randomUUID();
    const delivery = realtimekit.signed(foreign({ ...body, marker }), ours);
    expect(await eventWith(marker, delivery)).toMatchObject({
      type: 'event.unrecognized',
      data: { reason: 'sender_not_proved', raw: { event: body.event } },
    });
  });

  it.each([
    ['of another webhook', { path, webhookId: 'webhook-of-a-stranger' }],
    ['of another webhook, with a token that is none', { path: `${path}/none`, webhookId: 'webhook-of-a-stranger' }],
  ])('an event %s is kept, but not believed', async (_, options) => {
    const marker = randomUUID();
    const event = await eventWith(marker, realtimekit.signed({ ...bodies[0]!, marker }, options));
    expect(event).toMatchObject({ type: 'event.unrecognized', data: { reason: 'sender_not_proved' } });
  });

  it('an event that names no organization is kept whole', async () => {
    const body = { event: 'livestreaming.statusUpdate', streamId: randomUUID(), status: 'LIVE' };
    const event = await eventWith(body.streamId, realtimekit.signed(body, ours));
    expect(event).toMatchObject({ type: 'event.unrecognized', data: { reason: 'sender_not_proved' } });
    expect(event.data.raw).toEqual(body);
  });

  it('the log tells who it was that was not believed', async () => {
    const lines: Record<string, unknown>[] = [];
    steps.on('log', ({ line }: Extract<Step, { kind: 'log' }>) => lines.push(JSON.parse(line)));
    expect(await post(realtimekit.signed(foreign({ ...bodies[0]!, n: randomUUID() }), ours))).toBe('200 accepted');
    const told = { organizationId: 'a-stranger', webhookId: 'webhook-ours', unrecognized: 'sender_not_proved' };
    const isTold = (line: Record<string, unknown>) => line.message === 'delivery' && line.organizationId !== undefined;
    await waitUntil(() => lines.some(isTold), 'the line of the verifier');
    expect(lines.find(isTold)).toMatchObject({ ...told, level: 'WARN', outcome: 'accepted', provider: 'realtimekit' });
  });

  it('the token of the URL is enough, whatever the lists say', async () => {
    const secrets = new SecretsManagerClient(localClientConfig(cloud.awsUrl));
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: REALTIMEKIT_SECRET_NAME }));
    secrets.destroy();
    const [token] = JSON.parse(SecretString).urlTokens;
    const marker = randomUUID();
    const delivery = realtimekit.signed(foreign({ ...bodies[0]!, marker }), { path: `${path}/${token}` });
    expect((await eventWith(marker, delivery)).type).toBe(bodies[0]!.event);
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
