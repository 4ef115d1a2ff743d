/** Dead-letter queues by command: a thousand deliveries that failed for one cause come back when it is mended, once each. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DeliveryMessage } from '../../../lambdas/ingest/delivery-message';
import { recallBody } from '../../../providers/recall/sandbox';
import { cliOf, type Ran, runCli } from '../../support/cli';
import { putAside, withFailingRepublish } from '../../support/dead-letters';
import { comeBackAfter, setFaults } from '../../support/faults';
import { type Meetbus, startMeetbus } from '../../support/meetbus';
import { operatorClients } from '../../support/operator';
import { until } from '../../support/until';

const COUNT = 500;

/** Of the deliveries, every fourth is of this event, and came on another day. */
const RARE = { event: 'participant_events.leave', receivedTime: '2026-01-02T00:00:00.000Z', count: COUNT / 4 };
const USUAL = { event: 'participant_events.join', receivedTime: '2026-01-01T00:00:00.000Z' };

let meetbus: Meetbus;
let dlq: (...args: readonly string[]) => Promise<Ran>;
beforeAll(async () => {
  meetbus = await startMeetbus();
  dlq = (...args) => cliOf(meetbus)('dlq', ...args);
});
afterAll(() => meetbus.stop());

const output = (name: string): string => (meetbus.outputs as unknown as Record<string, string>)[name] ?? '';

const waitingIn = async (name: string): Promise<number> => {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const command = new GetQueueAttributesCommand({ QueueUrl: output(name), AttributeNames });
  return Number((await meetbus.clients.sqs.send(command)).Attributes?.ApproximateNumberOfMessages);
};

const messageOf = (
  { event, receivedTime }: { readonly event: string; readonly receivedTime: string },
  body: object = recallBody(event),
): DeliveryMessage => ({
  provider: 'recall',
  providerEvent: event,
  family: 'participant',
  deliveryId: `msg_${randomUUID()}`,
  eventId: randomUUID().replaceAll('-', ''),
  correlationId: randomUUID(),
  receivedTime,
  body: { base64: Buffer.from(JSON.stringify(body)).toString('base64') },
});

it(`brings ${COUNT} poisoned deliveries back, each published once`, async () => {
  const { sqs } = await operatorClients(meetbus);
  const shared = await meetbus.subscribeToAll('shared');
  await comeBackAfter(meetbus, 1, 1);
  await setFaults(meetbus, { service: 'dynamodb', fault: 'error', functionName: 'ParticipantLaneConsumer' });
  const messages = Array.from({ length: COUNT }, (_, index) => messageOf(index % 4 === 0 ? RARE : USUAL));
  for (let start = 0; start < COUNT; start += 10) {
    const Entries = messages.slice(start, start + 10).map((message, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify(message),
      MessageGroupId: `bot-${index}`,
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: output('ParticipantQueueUrl'), Entries }));
  }
  await until(async () => (await waitingIn('ParticipantDeadLetterQueueUrl')) === COUNT, 'all to be put aside');

  const [listed, peeked, counted] = [
    await dlq('list', '--json'),
    await dlq('peek', 'participant', '--limit', '12', '--json'),
    await dlq('redrive', 'participant', '--event', RARE.event, '--from', RARE.receivedTime, '--dry-run'),
  ];
  expect(JSON.parse(listed.stdout)).toContainEqual(expect.objectContaining({ name: 'participant', messages: COUNT }));
  const ids = new Set(messages.map(({ eventId }) => eventId));
  const summaries: { eventId: string }[] = JSON.parse(peeked.stdout);
  expect(new Set(summaries.map(({ eventId }) => eventId)).size).toBe(12);
  expect(summaries.every(({ eventId }) => ids.has(eventId))).toBe(true);
  expect(counted).toMatchObject({ code: 0, stderr: '' });
  expect(counted.stdout).toContain(`participant: ${RARE.count} of ${COUNT} would be brought back`);
  expect(await waitingIn('ParticipantDeadLetterQueueUrl')).toBe(COUNT);

  await setFaults(meetbus);
  await comeBackAfter(meetbus, 60);
  const some = await dlq('redrive', 'participant', '--event', RARE.event);
  expect(some.stdout).toContain(`brought back ${RARE.count}, left ${COUNT - RARE.count}`);
  expect(await waitingIn('ParticipantDeadLetterQueueUrl')).toBe(COUNT - RARE.count);

  const all = await dlq('redrive', 'all', '--json');
  expect(all.code).toBe(0);
  expect(JSON.parse(all.stdout)).toContainEqual({
    queue: 'participant',
    seen: COUNT - RARE.count,
    wanted: COUNT - RARE.count,
    moved: COUNT - RARE.count,
    left: 0,
  });
  await meetbus.settled();
  const events = await shared.drain();
  expect(events.map(({ detail }) => detail.id).sort()).toEqual([...ids].sort());
});

it('shows a body without credentials and links', async () => {
  const { sqs } = meetbus.clients;
  const secrets = ['rtmp-key-5f1c', 'signed-5f1c', 'pass-5f1c'];
  const body = {
    event: 'livestreaming.statusUpdate',
    streamKey: secrets[0],
    recording: { download: `https://user:${secrets[2]}@files.example.com/a.mp4?X-Amz-Signature=${secrets[1]}` },
    title: 'Weekly',
  };
  const message = messageOf({ ...USUAL, event: body.event }, body);
  await putAside(sqs, output('MeetingDeadLetterQueueUrl'), [JSON.stringify(message)]);

  const [peeked, plain] = await Promise.all([
    dlq('peek', 'meeting', '--body').then(async (first) => [first, await dlq('peek', 'meeting')] as const),
    dlq('list'),
  ]);
  const [withBody, without] = peeked;
  expect(withBody.stdout).toContain('"download": "https://files.example.com/(masked)"');
  expect(withBody.stdout).toContain('"streamKey": "(masked)"');
  for (const secret of secrets) expect(withBody.stdout).not.toContain(secret);
  expect(without.stdout).toContain(message.eventId);
  expect(without.stdout).not.toContain('Weekly');
  expect(plain.stdout).toMatch(/^meeting +1\b/m);
});

it('puts events of the republish rule on the shared bus, digit for digit', async () => {
  const { sqs } = await operatorClients(meetbus);
  const [intake, shared] = [await meetbus.subscribeToAll('intake'), await meetbus.subscribeToAll('shared')];
  const message = messageOf(USUAL);
  const body = JSON.stringify({ ...recallBody(USUAL.event), big: 'a number' }).replace(
    '"a number"',
    '12345678901234567890',
  );
  const MessageBody = JSON.stringify({ ...message, body: { base64: Buffer.from(body).toString('base64') } });
  await withFailingRepublish(meetbus, async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: output('ParticipantQueueUrl'), MessageBody }));
    await until(async () => (await waitingIn('RepublishDeadLetterQueueUrl')) === 1, 'the event to be put aside');
  });

  const redriven = await dlq('redrive', 'republish');
  expect(redriven).toMatchObject({ code: 0, stdout: expect.stringContaining('brought back 1, left 0') });
  const [[published], [event]] = await Promise.all([intake.collect(1), shared.collect(1)]);
  expect(event?.text).toContain('12345678901234567890');
  expect(event?.detail).toEqual(published?.detail);
});

it('finds a poisoned message, why it failed, and takes it out', async () => {
  await comeBackAfter(meetbus, 1, 1);
  const { sqs } = await operatorClients(meetbus);
  const poison = { QueueUrl: output('RecordingQueueUrl'), MessageBody: '{"poison":true,"token":"sekret"' };
  const { MessageId = '' } = await sqs.send(new SendMessageCommand(poison));
  await until(async () => (await waitingIn('RecordingDeadLetterQueueUrl')) === 1, 'it to be put aside');
  await comeBackAfter(meetbus, 60);

  const peeked = await dlq('peek', 'recording', '--body');
  expect(peeked).toMatchObject({ code: 0, stderr: '' });
  expect(peeked.stdout).toContain(MessageId);
  expect(peeked.stdout).toContain('It is not JSON. Its consumer failed with SyntaxError');
  expect(peeked.stdout).toContain('poison');
  expect(peeked.stdout).not.toContain('sekret');
  const redriven = await dlq('redrive', 'recording');
  expect(redriven).toMatchObject({ code: 1, stderr: expect.stringContaining(`Their message ids: ${MessageId}.`) });
  const deleted = await dlq('delete', MessageId.slice(0, 13), '--yes');
  expect(deleted).toMatchObject({ code: 0, stdout: `Deleted ${MessageId} from the dead-letter queue of recording.\n` });
  expect(await dlq('redrive', 'recording')).toMatchObject({ code: 0, stdout: 'Nothing lies there.\n' });
});

it('shows messages that are no deliveries, beside those that are', async () => {
  const { sqs } = meetbus.clients;
  const bucket = output('BucketName');
  const strange = [
    'null',
    '{"eventId":7,"providerEvent":null,"receivedTime":{}}',
    '{"body":"text"}',
    '{"body":{"base64":5}}',
    JSON.stringify({ eventId: 'gone', body: { bucket, key: 'not-there' } }),
  ];
  const good = messageOf(USUAL);
  await putAside(sqs, output('WorkspaceDeadLetterQueueUrl'), [...strange, JSON.stringify(good)]);
  const { code, stdout } = await dlq('peek', 'workspace', '--body', '--json');
  expect(code).toBe(0);
  const summaries: { eventId: string; body: unknown; wrong?: string }[] = JSON.parse(stdout);
  expect(summaries).toHaveLength(6);
  expect(summaries.filter(({ wrong }) => wrong?.startsWith('The message is not a delivery; wrong at: '))).toHaveLength(
    5,
  );
  for (const body of [null, { body: 'text' }, { body: { base64: 5 } }]) {
    expect(summaries).toContainEqual(expect.objectContaining({ eventId: '', body }));
  }
  const gone = { eventId: 'gone', body: expect.stringContaining('its object is gone') };
  expect(summaries).toContainEqual(expect.objectContaining(gone));
  expect(summaries).toContainEqual(expect.objectContaining({ eventId: good.eventId, body: expect.any(Object) }));
});

/** Runs commands as somebody who may neither read metrics nor list the bucket, so that S3 does not tell what it lacks. */
async function asGuest(...commands: readonly (readonly string[])[]): Promise<Ran[]> {
  const server = createServer(async (request, response) => {
    const { 'x-amz-target': target, host, connection, ...headers } = request.headers;
    const body = await buffer(request);
    if (target === undefined) {
      response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
    } else if (String(target).endsWith('.GetMetricData')) {
      response.writeHead(403, { 'content-type': request.headers['content-type'] });
      response.end('{"__type":"AccessDenied","message":"You may not perform: cloudwatch:GetMetricData"}');
    } else {
      const answer = await fetch(new URL(request.url!, meetbus.awsUrl), {
        method: 'POST',
        headers: { ...(headers as Record<string, string>), 'x-amz-target': String(target) },
        body: new Uint8Array(body),
      });
      response
        .writeHead(answer.status, Object.fromEntries(answer.headers))
        .end(Buffer.from(await answer.arrayBuffer()));
    }
  }).listen(0, '127.0.0.1');
  const state = mkdtempSync(join(tmpdir(), 'meetbus-guest-'));
  try {
    await once(server, 'listening');
    cpSync(meetbus.state, state, { recursive: true });
    const addresses = JSON.parse(readFileSync(join(state, 'local.json'), 'utf8'));
    const awsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(join(state, 'local.json'), JSON.stringify({ ...addresses, awsUrl }));
    return await Promise.all(commands.map((command) => runCli([...command, '--local', '--state', state])));
  } finally {
    server.close();
    rmSync(state, { recursive: true });
  }
}

it('tells what it may know to somebody who may not know all', async () => {
  const { sqs } = meetbus.clients;
  const body = JSON.stringify({ eventId: 'gone', body: { bucket: output('BucketName'), key: 'not-there' } });
  await putAside(sqs, output('TranscriptDeadLetterQueueUrl'), [body]);

  const peek = ['dlq', 'peek', 'transcript', '--body'];
  const [listed, json, examined, peeked] = (await asGuest(
    ['dlq', 'list'],
    ['dlq', 'list', '--json'],
    ['doctor', '--json'],
    peek,
  )) as [Ran, Ran, Ran, Ran];
  const why = 'How long they have been there is not known: You may not perform: cloudwatch:GetMetricData';
  expect(listed).toMatchObject({ code: 0, stderr: `${why}\n` });
  expect(listed.stdout).toMatch(/^transcript +1 +\?$/m);
  expect(listed.stdout).toMatch(/^bot +0$/m);
  expect(JSON.parse(json.stdout)).toContainEqual({ name: 'transcript', messages: 1 });
  expect(examined.stdout).toContain('transcript: 1 dead-lettered.');
  expect(peeked).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^"\(not readable: .* s3:GetObject is not allowed\)"$/m),
  });
});

it.each([
  [['peek', 'zoo'], 'Allowed choices are bot'],
  [['redrive', 'bot', '--from', 'yesterday'], '2026-01-31T09:30:00Z'],
  [['redrive', 'bot', '--rate', 'fast'], '20/s'],
  [['redrive', 'bot', '--rate', '0.05/s'], 'from 0.1'],
  [['redrive', 'bot', '--from', '-1h', '--to', '-2h'], '--to must be later than --from'],
])('calls %j wrong usage', async (args, message) => {
  expect(await dlq(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});
