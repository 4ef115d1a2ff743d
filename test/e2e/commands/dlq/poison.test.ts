/** A broken message: what it is and why is told, it is not brought back for nothing, and it can be kept and taken out. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newMessage } from '../../../support/messages';
import { useDeadLetterQueues } from './use-dead-letter-queues';

const queues = useDeadLetterQueues();
const folder = mkdtempSync(join(tmpdir(), 'meetbus-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const POISON = '{"poison":true';

/** Puts the poison aside; tells its message id. */
async function poison(text = POISON, name = 'bot'): Promise<string> {
  const before = await queues.idsIn(name);
  await queues.putAside(name, [text]);
  return (await queues.idsIn(name)).find((id) => !before.includes(id)) as string;
}

describe('peek', () => {
  it('shows id, age, why and the bytes', async () => {
    const id = await poison();
    queues.log({ message: 'event', messageId: id, outcome: 'failed', error: { name: 'SyntaxError' } });
    queues.pass(3 * 3600 + 300);
    const { code, stdout, stderr } = await queues.run('peek', 'bot', '--body');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`message   ${id}\n`);
    expect(stdout).toMatch(/^age {7}\d+ (s|min|h)/m);
    expect(stdout).toContain('why       It is not JSON. Its consumer failed with SyntaxError\n');
    expect(stdout).toContain(JSON.stringify(POISON));
    expect(stdout).not.toContain('unreadable');
  });

  it('shows the last failure that the logs have, with its cause', async () => {
    await queues.putAside('bot', [JSON.stringify(newMessage())]);
    const [messageId] = await queues.idsIn('bot');
    const line = (name: string) => ({ messageId, error: { name, message: 'no', cause: { name: 'TimeoutError' } } });
    for (const name of ['FirstError', 'LastError']) queues.log(line(name));
    queues.log({ messageId: 'another', error: { name: 'OtherError' } });
    const { stdout } = await queues.run('peek', 'bot');
    expect(stdout).toContain('why       Its consumer failed with LastError: no: cause: TimeoutError');
    const [shown] = JSON.parse((await queues.run('peek', 'bot', '--json')).stdout);
    expect(shown).toMatchObject({ messageId, failure: 'LastError: no: cause: TimeoutError' });
    expect(shown).not.toHaveProperty('wrong');
  });

  it('says where no line tells why, and where lines may not be read', async () => {
    await queues.putAside('bot', [JSON.stringify(newMessage())]);
    expect((await queues.run('peek', 'bot')).stdout).toContain('No line of its consumer tells');
    queues.deny((operation) => operation === 'FilterLogEvents');
    const { code, stderr } = await queues.run('peek', 'bot');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'What the logs say of them is not known: You may not do FilterLogEvents.\n',
    });
  });

  it('names what a delivery lacks, and masks what it holds', async () => {
    const base64 = Buffer.from('{"streamKey":"sekret","event":"bot.done"').toString('base64');
    await poison(JSON.stringify({ ...newMessage({ body: { base64 } }), family: 'zoo' }));
    await poison(`{"body":{"base64":"${base64}"`);
    const { stdout } = await queues.run('peek', 'bot', '--body');
    expect(stdout).toContain('The message is not a delivery; wrong at: family.');
    expect(stdout).toContain('bot.done');
    expect(stdout).not.toContain('sekret');
    expect(stdout).not.toContain(base64);
  });

  it('shows a body without its credentials', async () => {
    const body = { event: 'bot.done', token: ['sekret-1'], apiKey: 58_231, nested: { jwt: { raw: 'sekret-2' } } };
    const base64 = Buffer.from(JSON.stringify(body)).toString('base64');
    await queues.putAside('bot', [JSON.stringify(newMessage({ body: { base64 } }))]);
    const { code, stdout } = await queues.run('peek', 'bot', '--body', '--json');
    expect(code).toBe(0);
    const shown = { event: 'bot.done', token: '(masked)', apiKey: '(masked)', nested: { jwt: '(masked)' } };
    expect(JSON.parse(stdout)).toMatchObject([{ body: shown }]);
    expect(stdout).not.toMatch(/sekret|58231/);
  });
});

describe('redrive', () => {
  it('leaves it, says so, and brings the others back', async () => {
    const id = await poison();
    await queues.putAside('bot', 2);
    const dryRun = await queues.run('redrive', 'bot', '--dry-run');
    expect(dryRun).toMatchObject({ code: 1, stdout: 'bot: 2 of 3 would be brought back; this was a dry run\n' });
    const { code, stdout, stderr } = await queues.run('redrive', 'bot');
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'bot: brought back 2, left 1 in the dead-letter queue\n' });
    for (const said of [dryRun.stderr, stderr]) {
      expect(said).toContain(
        `bot: 1 would fail again, because they are no deliveries, and are left. Their message ids: ${id}.`,
      );
      for (const next of [
        '--force',
        /npx meetbus dlq peek bot .*--body/,
        'dlq export bot',
        'dlq delete <message id>',
      ]) {
        expect(said).toMatch(next);
      }
    }
    expect(await queues.idsIn('bot')).toEqual([id]);
  });

  it('brings it back with --force, and says beforehand what comes of it', async () => {
    await poison();
    const { code, stdout, stderr } = await queues.run('redrive', 'bot', '--force');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'bot: brought back 1, left 0 in the dead-letter queue\n' });
    expect(stderr).toContain('messages that will fail again are brought back too');
    expect(await queues.waiting('bot')).toBe(1);
  });

  it('cannot force onto a bus what is no event', async () => {
    const id = await poison('no event', 'republish');
    const { code, stderr } = await queues.run('redrive', 'republish', '--force');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(id) });
    expect(await queues.idsIn('republish')).toEqual([id]);
  });
});

describe('export', () => {
  const linesOf = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('writes every message with its attributes, masked, to a file of one’s own', async () => {
    const base64 = Buffer.from('{"event":"x","streamKey":"sekret"}').toString('base64');
    const id = await poison(`{"token":"sekret","body":{"base64":"${base64}"}`);
    await queues.putAside('bot', 25);
    const file = join(folder, 'masked.jsonl');
    const { code, stdout, stderr } = await queues.run('export', 'bot', '--to', file);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: `26 messages written to ${file}.\n` });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const lines = linesOf(readFileSync(file, 'utf8'));
    expect(new Set(lines.map(({ messageId }) => messageId)).size).toBe(26);
    const broken = lines.find(({ messageId }) => messageId === id);
    expect(broken).toMatchObject({
      queue: 'bot',
      wrong: 'It is not JSON.',
      attributes: { SentTimestamp: expect.any(String) },
    });
    expect(broken.body).toContain('(masked)');
    expect(readFileSync(file, 'utf8')).not.toMatch(new RegExp(`sekret|${base64}`));
    expect(await queues.waiting('bot-dlq')).toBe(26);
  });

  it('writes them as they are where that is asked for, of all queues', async () => {
    const text = '{"token":"sekret"';
    await poison(text);
    await poison(text, 'republish');
    const { code, stdout } = await queues.run('export', 'all', '--credentials');
    expect(code).toBe(0);
    const lines = linesOf(stdout);
    expect(lines.map(({ queue, body }) => ({ queue, body }))).toEqual([
      { queue: 'bot', body: text },
      { queue: 'republish', body: text },
    ]);
  });

  it('replaces no file', async () => {
    const file = join(folder, 'there');
    writeFileSync(file, 'mine');
    expect(await queues.run('export', 'bot', '--to', file)).toMatchObject({
      code: 2,
      stderr: `${file} is there already. Name a new file.\n`,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    const nowhere = join(folder, 'no', 'where');
    expect(await queues.run('export', 'bot', '--to', nowhere)).toMatchObject({ code: 2 });
    expect(existsSync(nowhere)).toBe(false);
  });

  it('ends with 1 where somebody else holds some', async () => {
    await queues.putAside('bot', 2);
    await queues.hold('bot', 1);
    const { code, stdout, stderr } = await queues.run('export', 'bot');
    expect({ code, lines: linesOf(stdout).length }).toEqual({ code: 1, lines: 1 });
    expect(stderr).toContain('bot: 1 are held by another command');
  });
});

describe('delete', () => {
  it('takes out the one message that is named, and says what is lost', async () => {
    const id = await poison();
    await queues.putAside('bot', 3);
    const { code, stdout, stderr } = await queues.run('delete', id.slice(0, 8), '--yes');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `Deleted ${id} from the dead-letter queue of bot.\n` });
    for (const said of [`${id} of bot:`, 'It is not JSON.', 'It was never published', 'npx meetbus dlq export bot']) {
      expect(stderr).toContain(said);
    }
    expect(await queues.waiting('bot-dlq')).toBe(3);
    expect(await queues.idsIn('bot')).not.toContain(id);
  });

  it('finds it in any queue, and knows what an event is', async () => {
    const id = await poison('no event', 'republish');
    const { code, stdout, stderr } = await queues.run('delete', id, '--yes', '--json');
    expect({ code, deleted: JSON.parse(stdout) }).toMatchObject({
      code: 0,
      deleted: { queue: 'republish', messageId: id },
    });
    expect(stderr).toContain('the archive of the intake bus has it');
  });

  it('deletes nothing unless somebody says so', async () => {
    const id = await poison();
    expect(await queues.run('delete', id)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await queues.idsIn('bot')).toEqual([id]);
  });

  it.each([
    ['an id that is too short', 'abc', 2, '8 characters'],
    ['an id of no message', '00000000-0000', 1, 'No dead-letter queue holds a message 00000000-0000'],
  ])('refuses %s', async (_, id, code, message) => {
    await poison();
    expect(await queues.run('delete', id, '--yes')).toMatchObject({ code, stderr: expect.stringContaining(message) });
    expect(await queues.waiting('bot-dlq')).toBe(1);
  });
});
