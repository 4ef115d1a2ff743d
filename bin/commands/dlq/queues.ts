/** The dead-letter queues of a deployment: one for each family, and one of the rule between the buses. */
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { FAMILIES } from '@meetbus/events';
import { pascalCase } from '../../../lib/pascal-case';
import { type Deployment, outputOf } from '../../deployment';
import { messageOf } from '../../errors';

/** Name of the dead-letter queue of the rule `republish`. */
export const REPUBLISH = 'republish';

/** Names of the dead-letter queues. */
export const QUEUE_NAMES: readonly string[] = [...FAMILIES, REPUBLISH];

/** A dead-letter queue. */
export interface DeadLetterQueue {
  readonly name: string;
  readonly url: string;
  /** Its source queue; undefined for the queue `republish`, whose messages are events. */
  readonly sourceUrl: string | undefined;
}

/** How many messages a dead-letter queue holds. */
export interface Count {
  readonly name: string;
  readonly messages: number;
}

/** The state of a dead-letter queue. */
export interface Depth extends Count {
  /**
   * Seconds since the oldest message was dead-lettered; undefined if the queue is empty, or CloudWatch has no datapoint
   * yet.
   */
  readonly oldestSeconds: number | undefined;
}

/** How far back to look for CloudWatch's last datapoint of a queue; there is one per minute, a few minutes late. */
const METRIC_WINDOW_MS = 15 * 60_000;

/** The dead-letter queue of a family, or {@link REPUBLISH}. */
export function deadLetterQueueOf(deployment: Deployment, name: string): DeadLetterQueue {
  const output = pascalCase(name);
  return {
    name,
    url: outputOf(deployment, `${output}DeadLetterQueueUrl`),
    sourceUrl: name === REPUBLISH ? undefined : outputOf(deployment, `${output}QueueUrl`),
  };
}

/** The dead-letter queue with that name, or all with `all`. */
export const queuesNamed = (deployment: Deployment, name: string): DeadLetterQueue[] =>
  (name === 'all' ? QUEUE_NAMES : [name]).map((one) => deadLetterQueueOf(deployment, one));

/** Runs an operation with an SQS client. */
export async function withSqs<T>({ clientConfig }: Deployment, work: (sqs: SQSClient) => Promise<T>): Promise<T> {
  const sqs = new SQSClient(clientConfig);
  try {
    return await work(sqs);
  } finally {
    sqs.destroy();
  }
}

/** Visible messages of a queue, and those in flight. */
export async function messagesIn(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

/** How many messages every dead-letter queue holds. */
export const countsOf = (deployment: Deployment, sqs: SQSClient): Promise<Count[]> =>
  Promise.all(
    QUEUE_NAMES.map(async (name) => ({
      name,
      messages: await messagesIn(sqs, deadLetterQueueOf(deployment, name).url),
    })),
  );

/**
 * Number of messages in every dead-letter queue, and the age of the oldest.
 *
 * @returns `whyNoAges` if CloudWatch does not return the ages
 */
export async function depthsOf(
  deployment: Deployment,
  sqs: SQSClient,
): Promise<{ readonly depths: Depth[]; readonly whyNoAges?: string }> {
  const counts = await countsOf(deployment, sqs);
  const depthsWith = (ages: readonly (number | undefined)[]): Depth[] =>
    counts.map((count, index) => ({ ...count, oldestSeconds: count.messages > 0 ? ages[index] : undefined }));
  if (counts.every(({ messages }) => messages === 0)) return { depths: depthsWith([]) };
  try {
    return { depths: depthsWith(await agesOf(deployment)) };
  } catch (error) {
    return { depths: depthsWith([]), whyNoAges: messageOf(error) };
  }
}

/**
 * Age of the oldest message of each queue, in seconds. In a dead-letter queue it counts from when the message was moved
 * there (SQS Developer Guide, "Setting up dead-letter queue retention"). No queue attribute has this age.
 */
async function agesOf(deployment: Deployment): Promise<(number | undefined)[]> {
  const client = new CloudWatchClient(deployment.clientConfig);
  const queries = QUEUE_NAMES.map((name, index) => ({
    Id: `age${index}`,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: deadLetterQueueOf(deployment, name).url.split('/').at(-1) }],
      },
      Period: 60,
      Stat: 'Maximum',
    },
  }));
  const EndTime = new Date();
  const StartTime = new Date(EndTime.getTime() - METRIC_WINDOW_MS);
  try {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({ MetricDataQueries: queries, StartTime, EndTime, ScanBy: 'TimestampDescending' }),
    );
    return queries.map(({ Id: id }) => MetricDataResults.find(({ Id }) => Id === id)?.Values?.[0]);
  } finally {
    client.destroy();
  }
}
