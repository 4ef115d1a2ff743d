/** Whether something was put aside. */
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Deployment } from '../../deployment';
import { type Finding, ok, problem } from '../../findings';
import { countsOf } from '../dlq/queues';

export async function checkDeadLetterQueues(deployment: Deployment): Promise<Finding[]> {
  const sqs = new SQSClient(deployment.clientConfig);
  try {
    const full = (await countsOf(deployment, sqs)).filter(({ messages }) => messages > 0);
    if (full.length === 0) return [ok('dead-letter queues', 'all empty')];
    return full.map(({ name, messages }) =>
      problem(
        'dead-letter queues',
        `${name}: ${messages} put aside.`,
        `npx meetbus dlq peek ${name}; mend the cause; npx meetbus dlq redrive ${name}`,
      ),
    );
  } finally {
    sqs.destroy();
  }
}
