/** Events on the shared bus are shown as they come, and nothing stays behind. */
import { closeSync, openSync } from 'node:fs';
import { recallBody } from '../../../providers/recall/sandbox';
import { runCli, startCli } from '../../support/cli';
import { startWorld, type World } from '../../support/providers';
import { expireLease, temporaryQueues } from '../../support/temporary-queues';
import { until } from '../../support/until';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const startTail = (...args: readonly string[]) =>
  startCli(['tail', ...args, '--local', '--state', world.meetbus.state]);

/** Names of the rules and queues that were made. */
const traces = () => temporaryQueues(world.meetbus);

/** Sends one delivery of each of two types. */
async function sendBoth(bot: string): Promise<void> {
  const { recall, meetbus } = world;
  await meetbus.post(recall.signed({ event: 'recording.done', data: { recording: { id: 'r' }, bot: { id: bot } } }));
  await meetbus.post(recall.signed({ event: 'bot.done', data: { bot: { id: bot } } }));
}

it('shows the events that were asked for, whole or a line each, and cleans up at the limit and at Ctrl-C', async () => {
  const byType = startTail('--type', 'bot.*', '--limit', '1');
  const bySubject = startTail('--subject', 'recording/*', '--json');
  const interrupted = startTail('--type', 'meeting.ended');
  await until(async () => (await traces()).length === 6, 'three tails');
  const waiting = [byType, bySubject, interrupted];
  await until(() => waiting.every(({ printed }) => printed.stderr.includes('Waiting')), 'three subscriptions');
  await sendBoth('bot-1');

  const line = (await byType.ended).stdout;
  expect(line).toMatch(/^\S+Z {2}bot\.status_changed +bot\/bot-1 +[0-9a-f]{32}\n$/);
  await until(() => bySubject.printed.stdout.endsWith('\n'), 'an event');
  bySubject.child.kill('SIGTERM');
  interrupted.child.kill('SIGINT');
  const [events, none] = await Promise.all([bySubject.ended, interrupted.ended]);
  expect(JSON.parse(events.stdout)).toMatchObject({
    'detail-type': 'recording.ready',
    detail: { subject: 'recording/r', data: { bot: { id: 'bot-1' } } },
  });
  expect([events.code, none.code, none.stdout]).toEqual([0, 0, '']);
  expect(await traces()).toEqual([]);
});

it('shows the bot where the subject is another, as the runbook says, and nothing that would steer a terminal', async () => {
  const { meetbus, recall } = world;
  const tail = startTail('--type', 'endpoint.status_changed', '--type', 'participant.joined', '--limit', '3');
  await until(() => tail.printed.stderr.includes('Waiting'), 'a tail');
  const failed = recallBody('realtime_endpoint.failed', { seed: 'dead' });
  await meetbus.post(recall.signed(failed));
  await until(() => tail.printed.stdout.includes('\n'), 'an event');
  const data = { realtime_endpoint: { id: 'e' }, data: { code: 'failed' } };
  await meetbus.post(
    recall.signed({ event: 'realtime_endpoint.failed', data: { ...data, bot: { id: 'b\u001b[2J' } } }),
  );
  await until(() => tail.printed.stdout.split('\n').length === 3, 'another');
  await meetbus.post(recall.withToken(recallBody('participant_events.join', { seed: 'dead' })));
  const [dead, hostile, joined] = (await tail.ended).stdout.split('\n');
  const { id } = (failed.data as { bot: { id: string } }).bot;
  expect(dead).toMatch(new RegExp(`endpoint/\\S+ +[0-9a-f]{32}  bot ${id}$`));
  expect(hostile).toMatch(/ {2}bot b\uFFFD\[2J$/);
  expect(joined).toMatch(/ bot\/\S+ +[0-9a-f]{32}$/);
});

it('cleans up when its reader closes the pipe', async () => {
  const tail = startTail('--type', 'bot.*');
  await until(() => tail.printed.stderr.includes('Waiting'), 'a tail');
  tail.child.stdout.destroy();
  await sendBoth('bot-2');
  expect(await tail.ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Error') });
  expect(await traces()).toEqual([]);
});

it.each([
  ['tail', () => ['tail', '--type', 'bot.*']],
  ['doctor', () => ['doctor']],
  ['dlq list', () => ['dlq', 'list', '--json']],
])('%s says in one line that its output cannot be written, cleans up, and ends with 1', async (_, args) => {
  const full = openSync('/dev/full', 'w');
  const run = startCli([...args(), '--local', '--state', world.meetbus.state], { stdout: full });
  closeSync(full);
  if (args()[0] === 'tail') {
    await until(() => run.printed.stderr.includes('Waiting'), 'a tail');
    await sendBoth('bot-3');
  }
  const { code, stderr } = await run.ended;
  expect(stderr.replace(/^Waiting .*\n/, '')).toBe(
    'The output cannot be written: ENOSPC: no space left on device, write\n',
  );
  expect(code).toBe(1);
  expect(await traces()).toEqual([]);
});

it('deletes what a killed tail has left behind, once its time is over, and nothing of one that runs', async () => {
  const killed = startTail('--timeout', '1h');
  await until(() => killed.printed.stderr.includes('Waiting'), 'a tail');
  killed.child.kill('SIGKILL');
  await killed.ended;
  const [rule] = await traces();

  // Its lease is not over: for all that another tail knows, it still runs.
  expect(await startTail('--limit', '1', '--timeout', '1ms').ended).toMatchObject({ code: 1 });
  expect(await traces()).toEqual([rule, rule]);
  await expireLease(world.meetbus, String(rule));
  await startTail('--timeout', '1ms').ended;
  expect(await traces()).toEqual([]);
});

it.each([
  [['--type', 'recording.flew'], 'There is no event type recording.flew'],
  [['--type', 'event.unrecognized'], 'on the intake bus only'],
  [['--limit', '0'], 'whole number from 1'],
  [['--timeout', '999999999d'], 'Give 3650d at most.'],
])('calls %j wrong usage', async (args, message) => {
  const ran = await runCli(['tail', ...args, '--local', '--state', world.meetbus.state]);
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});
