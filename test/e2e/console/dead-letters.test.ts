/** The console's routes about dead letters, against queues in all their states: in the page they do what the commands do. */
import type { DeadLetters, ExportProgress, RedriveProgress } from '../../../bin/console/api/dead-letters';
import { type Console, startConsole } from '../../../bin/console/server';
import { newMessage } from '../../support/messages';
import { useDeadLetterQueues } from '../commands/dlq/use-dead-letter-queues';

const queues = useDeadLetterQueues();
let page: Console | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

const FLAGS = { state: '.meetbus', stack: 'Meetbus', region: 'eu-central-1' };

/** Asks a console that was started with or without `--allow-changes`. */
async function ask(path: string, body?: object, allowChanges = true): Promise<Response> {
  page ??= await startConsole({ deployment: queues.deployment(), flags: FLAGS, port: 0, allowChanges });
  const headers = { 'content-type': 'application/json', origin: new URL(page.url).origin };
  return fetch(
    new URL(`api/dead-letters${path}`, page.url),
    body && { method: 'POST', headers, body: JSON.stringify(body) },
  );
}

const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;

/** The values of server-sent events. */
async function valuesOf<T>(answer: Promise<Response>): Promise<T[]> {
  const text = await (await answer).text();
  return [...text.matchAll(/^data: (.+)$/gm)]
    .map(([, data = '']) => JSON.parse(data))
    .filter((value) => value !== null);
}

const bot = (providerEvent: string, receivedTime = new Date().toISOString()) =>
  JSON.stringify({ ...newMessage(), providerEvent, receivedTime });

it('shows messages, and says how many somebody else holds', async () => {
  await queues.putAside('bot', 3);
  await queues.hold('bot', 1);
  const { messages, held } = await json<DeadLetters>(ask('/bot'));
  expect(messages).toHaveLength(2);
  expect(messages[0]).toMatchObject({ isBroken: false, why: expect.stringContaining('No line of its consumer tells') });
  expect(held).toContain('bot: 1 are held by another command');
  expect(await queues.waiting('bot-dlq')).toBe(2);
});

it('says what AWS denies', async () => {
  await queues.putAside('bot', 1);
  queues.deny((operation) => operation === 'FilterLogEvents');
  expect(await json<DeadLetters>(ask('/bot'))).toMatchObject({
    messages: [{ isBroken: false }],
    whyNoLogs: 'You may not do FilterLogEvents.',
  });
  queues.deny((operation) => operation === 'ReceiveMessage');
  const denied = await ask('/bot');
  expect(denied.status).toBe(502);
  expect(await denied.json()).toEqual({ error: 'You may not do ReceiveMessage.' });
  queues.deny((operation) => operation === 'SendMessageBatch' || operation === 'DeleteMessageBatch');
  const last = (await valuesOf<RedriveProgress>(ask('/redrive', { queue: 'bot' }))).at(-1);
  expect(last).toMatchObject({
    results: [{ queue: 'bot', moved: 0, left: 1 }],
    notes: ['bot: You may not do SendMessageBatch; what is left is safe.'],
  });
});

it('counts, then brings back what the filters want, and tells how far it is', async () => {
  const old = '2026-01-01T00:00:00.000Z';
  await queues.putAside('bot', [bot('bot.done'), bot('bot.done', old), bot('bot.other'), '{"poison":true']);
  const wanted = { queue: 'all', events: ['bot.done'], from: '-2h', rate: '50/s' };
  const [first, ...values] = await valuesOf<RedriveProgress>(ask('/preview', wanted));
  expect(first).toEqual({ seen: 0, total: 4 });
  const dryRun = values.at(-1) as Extract<RedriveProgress, { readonly results: unknown }>;
  expect(dryRun.results).toContainEqual({ queue: 'bot', seen: 4, wanted: 1, moved: 0, left: 4 });
  expect(await queues.waiting('bot')).toBe(0);
  const last = (await valuesOf<RedriveProgress>(ask('/redrive', wanted))).at(-1) as typeof dryRun;
  expect(last.results).toContainEqual({ queue: 'bot', seen: 4, wanted: 1, moved: 1, left: 3 });
  expect(await queues.waiting('bot')).toBe(1);

  // Without a filter it names the broken one, with commands for this deployment.
  const all = (await valuesOf<RedriveProgress>(ask('/redrive', { queue: 'bot' }))).at(-1) as typeof dryRun;
  expect(all.results).toEqual([{ queue: 'bot', seen: 3, wanted: 2, moved: 2, left: 1 }]);
  expect(all.notes).toEqual([expect.stringContaining('npx meetbus dlq peek bot --region eu-central-1 --body')]);
});

it.each([
  [{ queue: 'zoo' }, /queue/],
  [{ queue: 'bot', rate: 'fast' }, /Give a number a second from 0\.1/],
  [{ queue: 'bot', from: 'yesterday' }, /Give a time such as/],
  [{ queue: 'bot', from: '-1h', to: '-2h' }, /--to must be later than --from/],
])('takes no %j', async (body, error) => {
  const answer = await ask('/redrive', body);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { error: string }).error).toMatch(error);
});

it('exports what the command exports, without credentials', async () => {
  await queues.putAside('bot', ['{"token":"sekret"', bot('bot.done')]);
  const values = await valuesOf<ExportProgress>(ask('/export', { queue: 'bot' }));
  const lines = values.flatMap((value) => ('line' in value ? [value.line] : []));
  expect(values.at(-1)).toEqual({ count: 2, notes: [] });
  const { stdout } = await queues.run('export', 'bot');
  // Each look counts as a receive.
  const normalized = (text: string) =>
    text
      .trim()
      .replace(/"receives":\d+|"ApproximateReceiveCount":"\d+"/g, '')
      .split('\n')
      .sort();
  expect(normalized(lines.join(''))).toEqual(normalized(stdout));
  expect(stdout).not.toContain('sekret');
});

it('deletes one message, and says when somebody else holds it', async () => {
  await queues.putAside('bot', 2);
  const [id = ''] = await queues.idsIn('bot');
  expect(await json(ask('/delete', { queue: 'bot', messageId: id }))).toEqual({ deleted: id });
  const left = await queues.idsIn('bot');
  expect(left).toHaveLength(1);
  expect(left).not.toContain(id);
  await queues.hold('bot', 1);
  const { error } = await json<{ readonly error: string }>(ask('/delete', { queue: 'bot', messageId: left[0] }));
  expect(error).toMatch(/No dead-letter queue holds a message .* are held by another command/);
});

it('on AWS only reads, unless changes are allowed', async () => {
  await queues.putAside('bot', 1);
  const [messageId = ''] = await queues.idsIn('bot');
  expect((await json<DeadLetters>(ask('/bot', undefined, false))).messages).toHaveLength(1);
  expect((await valuesOf(ask('/preview', { queue: 'bot' }))).at(-1)).toMatchObject({ results: [{ wanted: 1 }] });
  for (const [path, body] of [
    ['/redrive', { queue: 'bot' }],
    ['/delete', { queue: 'bot', messageId }],
  ] as const) {
    const answer = await ask(path, body);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('--allow-changes') });
  }
  expect(await queues.waiting('bot-dlq')).toBe(1);
});
