/** What a redrive says that it left is what is left. */
import { useDeadLetterQueues } from './use-dead-letter-queues';

const queues = useDeadLetterQueues();

it('counts what it has not looked at when it is interrupted', async () => {
  await queues.putAside('bot', 100);
  const { child, ended } = queues.start('redrive', 'bot', '--rate', '10/s');
  await queues.arrived('bot', 1);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  const moved = await queues.waiting('bot');
  expect(moved).toBeLessThan(100);
  expect(stdout).toBe(`bot: brought back ${moved}, left ${100 - moved} in the dead-letter queue\n`);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'Not all were brought back. What is left is safe: run the command again.\n',
  });
  expect(await queues.waiting('bot-dlq')).toBe(100 - moved);
});
