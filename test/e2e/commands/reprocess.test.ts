/** `npx meetbus events reprocess`: what was set aside comes to subscribers, once, under its id, and only what may. */
import { hash, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { clientsAs } from '../../support/as-function';
import { cliOf, startCli } from '../../support/cli';
import { type Meetbus, startMeetbus } from '../../support/meetbus';
import type { Subscription } from '../../support/subscription';
import { until } from '../../support/until';

let meetbus: Meetbus;
let intake: Subscription;
let shared: Subscription;
let outputs: Readonly<Record<string, string>>;
let verifier: ReturnType<typeof clientsAs>;

beforeAll(async () => {
  meetbus = await startMeetbus();
  verifier = clientsAs('IngressRealtimekitWebhooks', meetbus);
  outputs = meetbus.outputs as unknown as Readonly<Record<string, string>>;
  [intake, shared] = await Promise.all([meetbus.subscribeToAll('intake'), meetbus.subscribeToAll('shared')]);
});
afterAll(() => meetbus.stop());

const cli = (...args: readonly string[]) => cliOf(meetbus)('events', 'reprocess', ...args);

interface Lists {
  readonly organizationIds?: string;
  readonly webhookIds?: string;
}

interface SetAside {
  readonly body: string | Buffer;
  readonly reason: string;
  readonly provider?: string;
  readonly proof?: string | undefined;
  readonly deliveryId?: string;
  /** The body is too large for a message. */
  readonly isLarge?: true;
  /** That of the same delivery, which came before. @default a new one */
  readonly eventId?: string;
}

/** Has a consumer set a delivery aside, as an earlier version did: what a verifier of that version put on the queue. */
async function setAside(delivery: SetAside): Promise<string> {
  const { body, reason, provider = 'realtimekit', isLarge, ...rest } = delivery;
  const { eventId = hash('sha256', randomUUID()).slice(0, 32) } = delivery;
  const location = { bucket: outputs.BucketName, key: `deliveries/${provider}/${eventId}` };
  if (isLarge) {
    await verifier.s3.send(new PutObjectCommand({ Bucket: location.bucket, Key: location.key, Body: body }));
  }
  const message = {
    ...{ provider, providerEvent: 'as-it-came', family: 'unrecognized', unrecognized: reason, eventId },
    ...{ deliveryId: `msg_${eventId}`, correlationId: randomUUID(), receivedTime: new Date().toISOString() },
    proof: 'signature',
    ...rest,
    body: isLarge ? location : { base64: Buffer.from(body).toString('base64') },
  };
  await verifier.sqs.send(
    new SendMessageCommand({ QueueUrl: outputs.UnrecognizedQueueUrl, MessageBody: JSON.stringify(message) }),
  );
  await intake.collect((events) =>
    events.some(({ detail }) => detail.id === eventId && (detail.data as { reason?: string }).reason === reason),
  );
  return eventId;
}

const started = (organization?: string) => ({
  event: 'meeting.started',
  meeting: { id: randomUUID(), ...(organization && { organizedBy: { id: organization } }) },
});

/** What subscribers have got under this id. */
async function arrivedUnder(id: string) {
  await meetbus.settled();
  return (await shared.drain()).filter(({ detail }) => detail.id === id);
}

/** What the command says of each event. */
async function itemsOf(...args: readonly string[]): Promise<Map<string, object>> {
  const { code, stdout, stderr } = await cli('--json', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return new Map(JSON.parse(stdout).events.map((item: { eventId: string }) => [item.eventId, item]));
}

it('brings what is understood to subscribers, once, under its id, digit for digit', async () => {
  const meeting = randomUUID();
  const body = `{"event":"meeting.started","meeting":{"id":"${meeting}","size":12345678901234567890,"share":1.10}}`;
  const id = await setAside({ body, reason: 'unknown_event_name' });

  const dry = await cli('--dry-run');
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toMatch(/1 +unknown_event_name +meeting\.started +meeting\.started\n/);
  expect(dry.stdout).toContain('dry run: 1 of 1 would be sent');
  expect(Math.max(...dry.stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect(await arrivedUnder(id)).toEqual([]);

  expect(await cli()).toMatchObject({ code: 0, stdout: expect.stringContaining('sent 1 of 1') });
  const [event, ...more] = await arrivedUnder(id);
  expect(more).toEqual([]);
  expect(event).toMatchObject({ type: 'meeting.started', detail: { deliveryid: `msg_${id}`, proof: 'signature' } });
  expect(event?.text).toContain('"size":12345678901234567890,"share":1.10');

  expect(await cli()).toMatchObject({ code: 0 });
  expect(await arrivedUnder(id)).toHaveLength(1);
});

it('leaves aside what is not understood, and publishes it no second time', async () => {
  const name = await setAside({ body: '{"event":"galaxy.discovered"}', reason: 'unknown_event_name' });
  const binary = await setAside({ body: Buffer.from([0, 255, 123]), reason: 'not_json' });
  const before = (await intake.drain()).length;
  const items = await itemsOf();
  for (const id of [name, binary]) expect(items.get(id)).toMatchObject({ leftAside: 'not_understood' });
  await meetbus.settled();
  expect((await intake.drain()).length).toBe(before);
});

it('a consumer that does not understand it either publishes nothing, and a later one does', async () => {
  const id = await setAside({ body: '{"event":"galaxy.discovered"}', reason: 'unknown_event_name' });
  const before = (await intake.drain()).length;
  const send = (body: object) => {
    const message = {
      ...{
        provider: 'realtimekit',
        providerEvent: 'meeting.started',
        family: 'meeting',
        eventId: id,
        reprocess: 'unknown_event_name',
      },
      ...{ deliveryId: id, correlationId: randomUUID(), receivedTime: new Date().toISOString() },
      body: { base64: Buffer.from(JSON.stringify(body)).toString('base64') },
    };
    return verifier.sqs.send(
      new SendMessageCommand({ QueueUrl: outputs.MeetingQueueUrl, MessageBody: JSON.stringify(message) }),
    );
  };
  await send({ event: 'meeting.started' });
  await meetbus.settled();
  expect((await intake.drain()).length).toBe(before);
  expect(meetbus.functionLog().toString()).toContain('"outcome":"still_unrecognized"');
  await send(started());
  expect(await arrivedUnder(id)).toMatchObject([{ type: 'meeting.started' }]);
});

it.each([
  ['bodies in the bucket', 1_300_000],
  ['bodies that fit into an event, and into no message', 900_000],
])('brings %s', async (_, length) => {
  const body = JSON.stringify({ ...started(), note: 'x'.repeat(length) });
  const id = await setAside({ body, reason: 'schema_mismatch', isLarge: true });
  expect((await itemsOf()).get(id)).toMatchObject({ becomes: 'meeting.started' });
  expect(await arrivedUnder(id)).toMatchObject([{ type: 'meeting.started' }]);
});

it('brings what an unproved sender sent only once somebody names the organization', async () => {
  const organization = `org-${randomUUID()}`;
  const id = await setAside({ body: JSON.stringify(started(organization)), reason: 'sender_not_proved' });
  const nameless = await setAside({ body: JSON.stringify(started()), reason: 'sender_not_proved' });
  const older = await setAside({
    body: JSON.stringify(started(organization)),
    reason: 'unknown_event_name',
    proof: undefined,
  });

  const left = await cli('--reason', 'sender_not_proved');
  expect(left).toMatchObject({ code: 0, stdout: expect.stringContaining(`  ${organization}  1\n`) });
  expect(left.stdout).toContain('--organization <id>');
  const items = await itemsOf();
  for (const one of [id, nameless, older]) expect(items.get(one)).toMatchObject({ leftAside: 'sender_not_proved' });
  expect([await arrivedUnder(id), await arrivedUnder(older), await arrivedUnder(nameless)]).toEqual([[], [], []]);

  const named = await itemsOf('--organization', 'other', '--organization', organization);
  expect(named.get(id)).toMatchObject({ becomes: 'meeting.started' });
  expect([await arrivedUnder(id), await arrivedUnder(older), await arrivedUnder(nameless)]).toMatchObject([
    [{ type: 'meeting.started' }],
    [{ type: 'meeting.started' }],
    [],
  ]);
  const every = await itemsOf('--organization', '*', '--reason', 'sender_not_proved', '--dry-run');
  expect(every.get(nameless)).toMatchObject({ becomes: 'meeting.started' });
});

it('publishes nothing again that has come since, from a webhook that is proved', async () => {
  const body = JSON.stringify(started('org-of-two-webhooks'));
  const id = await setAside({ body, reason: 'sender_not_proved' });
  const proved = {
    ...{ provider: 'realtimekit', providerEvent: 'meeting.started', family: 'meeting', eventId: id, deliveryId: id },
    ...{ correlationId: randomUUID(), receivedTime: new Date().toISOString(), proof: 'signature' },
    body: { base64: Buffer.from(body).toString('base64') },
  };
  await verifier.sqs.send(
    new SendMessageCommand({ QueueUrl: outputs.MeetingQueueUrl, MessageBody: JSON.stringify(proved) }),
  );
  expect(await arrivedUnder(id)).toHaveLength(1);
  expect((await itemsOf('--organization', 'org-of-two-webhooks')).get(id)).toMatchObject({
    becomes: 'meeting.started',
  });
  expect(await arrivedUnder(id)).toHaveLength(1);
});

it.each([
  ['first', ['sender_not_proved', 'unknown_event_name']],
  ['last', ['unknown_event_name', 'sender_not_proved']],
])('brings what is proved, also where the same delivery came without a proof %s', async (_, [one, other]) => {
  const body = JSON.stringify(started(`org-${randomUUID()}`));
  const id = await setAside({ body, reason: one as string });
  await setAside({ body, reason: other as string, eventId: id });
  await itemsOf();
  expect(await arrivedUnder(id)).toMatchObject([{ type: 'meeting.started' }]);
  await itemsOf('--organization', '*');
  expect(await arrivedUnder(id)).toHaveLength(1);
});

it.each([
  ['the organization', { organizationIds: 'a,org-listed' }, 'org-listed', true],
  ['every organization', { organizationIds: '*' }, 'org-b', true],
  ['every webhook', { webhookIds: '*' }, 'org-b', true],
  ['another organization', { organizationIds: 'a,b' }, 'org-c', false],
  ['webhooks, of which the archive knows none', { organizationIds: 'org-d', webhookIds: 'some' }, 'org-d', false],
])(
  'goes by the settings that are deployed: %s',
  async (_, { organizationIds, webhookIds }: Lists, organization, isBelieved) => {
    const id = await setAside({ body: JSON.stringify(started(organization)), reason: 'sender_not_proved' });
    const state = mkdtempSync(join(tmpdir(), 'meetbus-listed-'));
    cpSync(meetbus.state, state, { recursive: true });
    const Meetbus = { ...outputs, RealtimekitOrganizationIds: organizationIds, RealtimekitWebhookIds: webhookIds };
    writeFileSync(join(state, 'outputs.json'), JSON.stringify({ Meetbus }));
    const { stdout } = await cliOf({ state })('events', 'reprocess', '--dry-run', '--json');
    rmSync(state, { recursive: true });
    const item = JSON.parse(stdout).events.find(({ eventId }: { eventId: string }) => eventId === id);
    expect(item).toMatchObject(isBelieved ? { becomes: 'meeting.started' } : { leftAside: 'sender_not_proved' });
  },
);

it('never brings what a token alone proved, unless it is of a real-time endpoint', async () => {
  const token = { provider: 'recall', reason: 'unknown_event_name', proof: 'token' };
  const done = JSON.stringify({ event: 'bot.done', data: { bot: { id: randomUUID() } } });
  const forged = await setAside({ ...token, body: done });
  const signed = await setAside({ ...token, body: done, proof: 'signature' });
  expect((await itemsOf()).get(forged)).toMatchObject({ leftAside: 'signature_required' });
  expect(await arrivedUnder(forged)).toEqual([]);
  expect(await arrivedUnder(signed)).toMatchObject([{ type: 'bot.status_changed' }]);
});

it('takes the window and the reasons that it is told', async () => {
  const id = await setAside({ body: '{"event":"galaxy.discovered"}', reason: 'unknown_event_name' });
  const [earlier, other, wrong, backwards] = await Promise.all([
    itemsOf('--since', '2026-01-01T00:00:00Z', '--until', '2026-01-02T00:00:00Z'),
    itemsOf('--reason', 'not_json', 'schema_mismatch'),
    cli('--reason', 'bad_weather'),
    cli('--since', '1h', '--until', '2h'),
  ]);
  expect([earlier.size, other.has(id)]).toEqual([0, false]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown_event_name') });
  expect(backwards).toMatchObject({ code: 2, stderr: expect.stringContaining('must be later than') });
});

it('says so where there is nothing', async () => {
  const { code, stdout } = await cli('--since', '2026-01-01T00:00:00Z', '--until', '2026-01-02T00:00:00Z');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'There is no such event in that time.\n' });
});

it('Ctrl-C ends it with 1, and leaves nothing behind', async () => {
  for (let count = 0; count < 5; count++) await setAside({ body: `{"event":"star.${count}"}`, reason: 'not_json' });
  const rules = async () => {
    const { Rules = [] } = await meetbus.clients.eventBridge.send(
      new ListRulesCommand({ EventBusName: outputs.IntakeBusName, NamePrefix: 'meetbus-' }),
    );
    return Rules.length;
  };
  const { child, ended } = startCli(['events', 'reprocess', '--local', '--state', meetbus.state]);
  await until(async () => (await rules()) > 0, 'the rule of the command');
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Not all were looked at') });
  expect(await rules()).toBe(0);
  const { QueueUrls = [] } = await meetbus.clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'meetbus-' }));
  expect(QueueUrls).toEqual([]);
});
