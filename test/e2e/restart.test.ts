/** The whole local cloud stops with work left to do, and starts again on other ports. */
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { DeleteMessageBatchCommand, ListQueuesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { FaultPlanInput } from '@meetbus/local-cloud/faults/fault-rules';
import type { FaultStatus } from '@meetbus/local-cloud/faults/faults';
import { SNAPSHOT_FILE } from '@meetbus/local-cloud/snapshot/snapshot';
import { CAN_FILL_DISK, fillDiskOf } from '../../packages/local-cloud/test/full-disk';
import { recallSamples } from '../../providers/recall/sandbox';
import { type Meetbus, startMeetbus } from '../support/meetbus';
import { putRecallSecret, Recall } from '../support/providers';
import { SUBSCRIBER_PREFIX } from '../support/subscription';
import { until } from '../support/until';

const folder = mkdtempSync(join(tmpdir(), 'restart-'));
const running = new Set<Meetbus>();
afterEach(async () => {
  for (const meetbus of running) await stop(meetbus);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(...flags: string[]): Promise<Meetbus> {
  const meetbus = await startMeetbus(['--data', join(folder, 'data'), ...flags]);
  running.add(meetbus);
  return meetbus;
}

async function stop(meetbus: Meetbus): Promise<void> {
  running.delete(meetbus);
  await meetbus.stop();
}

const faultsFile = (plan: FaultPlanInput): string => {
  const file = join(folder, 'faults.json');
  writeFileSync(file, JSON.stringify(plan));
  return file;
};

/** Takes what is in the one queue that a subscriber has made, until it stays empty; ids of the events' deliveries. */
async function receiveDeliveries({ clients: { sqs } }: Meetbus): Promise<string[]> {
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: SUBSCRIBER_PREFIX }));
  const QueueUrl = QueueUrls?.[0];
  const ids: string[] = [];
  while (true) {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const { Messages = [] } = await sqs.send(command);
    if (Messages.length === 0) return ids;
    ids.push(...Messages.map(({ Body = '' }) => JSON.parse(Body).detail.deliveryid));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

const privateKeyOf = async ({ clients: { secrets } }: Meetbus) => {
  const SecretId = 'meetbus/local/realtimekit-private-key';
  return (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString!;
};

const servedKeyOf = async ({ state }: Meetbus) => {
  const { providers } = JSON.parse(readFileSync(join(state, 'local.json'), 'utf8'));
  return ((await (await fetch(providers.realtimekit.options.keyUrl)).json()) as { data: { publicKey: string } }).data
    .publicKey;
};

it('what was accepted before the stop arrives once after the start', async () => {
  const recall = new Recall();
  const ids = Array.from({ length: 20 }, (_, index) => `msg_${index}`);
  const body = recallSamples['bot.in_call_recording']!;
  const large = { ...body, padding: 'x'.repeat(900_000) };

  const first = await start('--faults', faultsFile({ seed: 11, faults: [{ service: 'events', fault: 'error' }] }));
  await until(() => first.output().includes('on, with seed 11'), 'the banner');
  await putRecallSecret(first, recall.secretValue);
  await first.subscribeToAll('shared');
  const answers = await Promise.all([
    ...ids.map((id) => first.post(recall.signed(body, { id }))),
    first.post(recall.signed(large, { id: 'msg_large' })),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const injected = async () => {
    const status = (await (await fetch(`${first.awsUrl}/_local-cloud/faults`)).json()) as FaultStatus;
    return status.injected['events.PutEvents.error'] ?? 0;
  };
  while ((await injected()) === 0) await delay(50);
  const privateKey = await privateKeyOf(first);
  await stop(first);

  const second = await start();
  expect(second.awsUrl).not.toBe(first.awsUrl);
  const received: string[] = [];
  while (received.length < ids.length + 1) received.push(...(await receiveDeliveries(second)));

  expect(received.toSorted()).toEqual([...ids, 'msg_large'].toSorted());
  const again = await second.post(recall.signed(body, { id: ids[0]! }));
  expect(JSON.parse(again.body)).toMatchObject({ status: 'duplicate' });
  expect(await privateKeyOf(second)).toBe(privateKey);
  expect(await servedKeyOf(second)).toBe(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
});

it.each([
  ['is not JSON', '{', /Give a file of JSON/],
  ['has a wrong rule', '{"faults":[{"service":"sqs","fault":"explode"}]}', /faults\[0\]\.fault: /],
])('a start with a fault plan that %s ends with a clear line', async (_, text, message) => {
  const file = join(folder, 'wrong.json');
  writeFileSync(file, text);

  await expect(start('--faults', file)).rejects.toThrow(message);
});

it('a folder is for one at a time, and tells the next start of a stop that was not clean', async () => {
  const data = join(folder, 'shared');
  const startThere = () => start('--data', data);
  const first = await startThere();
  await expect(startThere()).rejects.toThrow(`The local cloud of process ${first.pid} uses ${data}`);
  running.delete(first);
  first.signal('SIGKILL');
  await first.ended;

  const second = await startThere();
  expect(second.output()).toMatch(/began at .* did not stop in order\. .* is lost/);
  await stop(second);
  const third = await startThere();
  expect(third.output()).not.toContain('did not stop in order');
  if (!CAN_FILL_DISK) return;
  fillDiskOf(join(data, `${SNAPSHOT_FILE}.new`));
  await expect(stop(third)).rejects.toThrow(/The stop was not clean\. .*ENOSPC.*make room on the disk first/);
  const fourth = await startThere();
  expect(fourth.output()).toContain('did not stop in order');
}, 120_000);
