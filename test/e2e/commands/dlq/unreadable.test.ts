/** Messages of the republish rule that are no events: no redrive ever brings them back. */
import { useDeadLetterQueues } from './use-dead-letter-queues';

const queues = useDeadLetterQueues();

const eventOf = (id: string) =>
  JSON.stringify({ source: 's', 'detail-type': 't', time: '2026-01-01T00:00:00Z', detail: { id, providerevent: 'e' } });

it('are named, with what to do about them', async () => {
  await queues.putAside('republish', [eventOf('one'), 'no event', '{}']);

  const dryRun = await queues.run('redrive', 'republish', '--dry-run');
  expect(dryRun.stdout).toBe('republish: 1 of 3 would be brought back; this was a dry run\n');
  const { code, stdout, stderr } = await queues.run('redrive', 'republish', '--json');
  expect(code).toBe(1);
  const [result] = JSON.parse(stdout);
  expect(result).toEqual({
    ...{ queue: 'republish', seen: 3, wanted: 1, moved: 1, left: 2 },
    unreadable: [expect.any(String), expect.any(String)],
  });
  const [first, second] = result.unreadable;
  expect(stderr).toContain('republish: 2 are no events, and no redrive brings them back. Their message ids: ');
  for (const id of [first, second]) expect(stderr).toContain(id);
  expect(stderr).toContain('SQS deletes them 14 days after they came');
  expect(stderr).not.toContain('run the command again');
  expect(queues.published.map((text) => JSON.parse(text).id)).toEqual(['one']);

  const again = await queues.run('redrive', 'republish');
  expect(again).toMatchObject({ code: 1, stdout: 'republish: brought back 0, left 2 in the dead-letter queue\n' });
  expect(again.stderr).toContain('2 are no events');
});

it('are left alone by a redrive that asked for others', async () => {
  await queues.putAside('republish', [eventOf('one'), 'no event']);
  expect(await queues.run('redrive', 'republish', '--event', 'e')).toEqual({
    code: 0,
    stdout: 'republish: brought back 1, left 1 in the dead-letter queue\n',
    stderr: '',
  });
});

it('and an event that looks misspelt: the redrive asks what was meant, and looks for it all the same', async () => {
  expect(await queues.run('redrive', 'republish', '--event', 'bot.don', '--event', 'bot.done')).toMatchObject({
    code: 0,
    stderr: 'No provider is known to send bot.don. Did you mean bot.done?\n',
  });
});

it('are named up to ten, and the others counted', async () => {
  await queues.putAside('republish', Array(12).fill('no event'));
  const { stderr } = await queues.run('redrive', 'all');
  expect(stderr).toMatch(/republish: 12 are no events.* Their message ids: (\S+, ){9}\S+ and 2 more\./);
});
