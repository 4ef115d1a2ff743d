/** Messages that somebody else holds are not taken for messages that are not there. */
import { useDeadLetterQueues } from './use-dead-letter-queues';

const queues = useDeadLetterQueues();

const HELD = 'are held by another command, or by one that was cut off; they come back within 15 minutes: run it again';

it('tells what a redrive that was killed still holds, and brings it back later', async () => {
  await queues.putAside('bot', 60);
  const killed = queues.start('redrive', 'bot', '--rate', '10/s');
  await queues.arrived('bot', 1);
  killed.child.kill('SIGKILL');
  await killed.ended;
  const held = await queues.heldIn('bot-dlq');
  const met = await queues.waiting('bot-dlq');
  expect([held, met].every((count) => count > 0)).toBe(true);

  const dryRun = await queues.run('redrive', 'bot', '--dry-run');
  expect(dryRun).toMatchObject({ code: 1, stderr: expect.stringContaining(`bot: ${held} ${HELD}`) });
  expect(dryRun.stdout).not.toContain('Nothing lies there.');
  const { code, stdout, stderr } = await queues.run('redrive', 'bot', '--json');
  expect({ code, stderr }).toEqual({ code: 1, stderr: `bot: ${held} ${HELD}.\n` });
  expect(JSON.parse(stdout)).toEqual([{ queue: 'bot', seen: met, wanted: met, moved: met, left: held, held }]);

  queues.pass(15 * 60);
  expect(await queues.run('redrive', 'bot')).toEqual({
    code: 0,
    stdout: `bot: brought back ${held}, left 0 in the dead-letter queue\n`,
    stderr: '',
  });
  expect(await queues.waiting('bot')).toBeGreaterThanOrEqual(60);
});

it('does not say that nothing lies there while all is held', async () => {
  await queues.putAside('bot', 3);
  await queues.hold('bot', 3);
  expect(await queues.run('redrive', 'bot')).toEqual({
    code: 1,
    stdout: 'bot: brought back 0, left 3 in the dead-letter queue\n',
    stderr: `bot: 3 ${HELD}.\n`,
  });
  expect(await queues.run('peek', 'bot')).toEqual({ code: 1, stdout: '', stderr: `bot: 3 ${HELD}.\n` });
  expect(await queues.run('peek', 'meeting')).toMatchObject({
    code: 0,
    stdout: 'Nothing lies in the dead-letter queue of meeting.\n',
  });
});

it('shows what it can see, and says that others are held', async () => {
  await queues.putAside('bot', 5);
  await queues.hold('bot', 3);
  const peeked = await queues.run('peek', 'bot', '--json');
  expect(peeked).toMatchObject({ code: 1, stderr: `bot: 3 ${HELD}.\n` });
  expect(JSON.parse(peeked.stdout)).toHaveLength(2);
  expect(await queues.run('peek', 'bot', '--limit', '2')).toMatchObject({ code: 0, stderr: '' });
});
