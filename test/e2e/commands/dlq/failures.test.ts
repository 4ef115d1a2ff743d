/** A queue that fails does not hide what was done in the others. */
import { useDeadLetterQueues } from './use-dead-letter-queues';

const queues = useDeadLetterQueues();

it('tells of every queue, and why one failed', async () => {
  await queues.putAside('bot', 3);
  await queues.putAside('meeting', 2);
  queues.deny((operation, { QueueUrl }) => operation === 'SendMessageBatch' && /\/meeting$/.test(QueueUrl ?? ''));
  const why = 'meeting: You may not do SendMessageBatch; what is left is safe.\n';

  expect(await queues.run('redrive', 'all')).toEqual({
    code: 1,
    stdout: [
      'bot: brought back 3, left 0 in the dead-letter queue',
      'meeting: brought back 0, left 2 in the dead-letter queue\n',
    ].join('\n'),
    stderr: why,
  });
  await queues.putAside('bot', 1);
  const { code, stdout, stderr } = await queues.run('redrive', 'all', '--json');
  expect({ code, stderr }).toEqual({ code: 1, stderr: why });
  const results = JSON.parse(stdout);
  expect(results).toContainEqual({ queue: 'bot', seen: 1, wanted: 1, moved: 1, left: 0 });
  const error = 'You may not do SendMessageBatch.';
  expect(results).toContainEqual({ queue: 'meeting', seen: 2, wanted: 2, moved: 0, left: 2, error });
  expect(await queues.waiting('meeting-dlq')).toBe(2);
});

it('counts what was brought back before it failed', async () => {
  await queues.putAside('bot', 60);
  let calls = 0;
  queues.deny((operation) => operation === 'SendMessageBatch' && ++calls > 2);
  const { code, stdout } = await queues.run('redrive', 'bot');
  expect(code).toBe(1);
  const moved = await queues.waiting('bot');
  expect(moved).toBeGreaterThan(0);
  expect(stdout).toBe(`bot: brought back ${moved}, left ${60 - moved} in the dead-letter queue\n`);
});
