/** Whether messages are in the dead-letter queues. */
import type { Deployment } from '../../deployment';
import { type Finding, ok, problem } from '../../findings';
import { countsOf, withSqs } from '../dlq/queues';

export async function checkDeadLetterQueues(deployment: Deployment): Promise<Finding[]> {
  const counts = await withSqs(deployment, (sqs) => countsOf(deployment, sqs));
  const full = counts.filter(({ messages }) => messages > 0);
  if (full.length === 0) return [ok('dead-letter queues', 'all empty')];
  return full.map(({ name, messages }) =>
    problem(
      'dead-letter queues',
      `${name}: ${messages} dead-lettered.`,
      `npx meetbus dlq peek ${name}; fix the cause; npx meetbus dlq redrive ${name}`,
    ),
  );
}
