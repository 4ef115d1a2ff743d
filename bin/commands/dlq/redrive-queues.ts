/** Redrives some dead-letter queues at once, as `meetbus dlq redrive` and the console do. */
import { type Message, SQSClient } from '@aws-sdk/client-sqs';
import { createPace } from '../../../lambdas/platform/pace';
import type { Deployment } from '../../deployment';
import { asOperator } from '../../operator';
import { UsageError } from '../../usage';
import { type MessageSummary, summaryOf, whatIsWrong } from './messages';
import { type DeadLetterQueue, messagesIn } from './queues';
import { queueSink, redrive, type Sink } from './redrive';
import type { Result } from './report';
import { sharedBusSink } from './republish';

/** Which messages are brought back, and how. */
export interface RedriveOptions {
  /** Only these provider event names. */
  readonly event?: readonly string[];
  /** Only those received since, and before. Milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
  /** Most messages a second, over all queues; as fast as it goes without. */
  readonly rate?: number;
  /** Also those that will fail again. */
  readonly force?: boolean;
  /** Only counts them. */
  readonly dryRun?: boolean;
}

/** How a redrive is followed. */
interface Following {
  /** Stops after the current messages. */
  readonly signal: AbortSignal;
  /** Called with the number of messages read so far, and the approximate number of all; first before any is read. */
  readonly onProgress: (seen: number, total: number) => void;
}

/** @throws UsageError if no time is between the two */
export function checkTimes({ from, to }: Pick<RedriveOptions, 'from' | 'to'>): void {
  if (from !== undefined && to !== undefined && from >= to) throw new UsageError('--to must be later than --from.');
}

/** Redrives queues concurrently, with one rate limit for all. If one fails, the others continue to their end. */
export async function redriveQueues(
  deployment: Deployment,
  sqs: SQSClient,
  queues: readonly DeadLetterQueue[],
  options: RedriveOptions,
  { signal, onProgress }: Following,
): Promise<Result[]> {
  const sinks = options.dryRun ? [] : await sinksOf(deployment, queues);
  const depths = await Promise.all(queues.map(({ url }) => messagesIn(sqs, url)));
  const total = depths.reduce((sum, depth) => sum + depth, 0);
  const pace = createPace(options.rate);
  let seen = 0;
  onProgress(seen, total);
  return Promise.all(
    queues.map(async (queue, index) => {
      const redriven = await redrive({
        sqs,
        queueUrl: queue.url,
        sink: sinks[index],
        isWanted: (message: Message) => passes(summaryOf(message, queue), options),
        // A message that is not an event cannot be put on a bus, even with --force.
        ...((!options.force || queue.sourceUrl === undefined) && {
          isReadable: (message: Message) => whatIsWrong(message, queue) === undefined,
        }),
        pace,
        rate: options.rate,
        signal,
        depth: depths[index] ?? 0,
        onSeen: (count) => {
          seen += count;
          onProgress(seen, total);
        },
      });
      return { queue: queue.name, ...redriven };
    }),
  );
}

/** Where the messages of each queue go. */
async function sinksOf(deployment: Deployment, queues: readonly DeadLetterQueue[]): Promise<Sink[]> {
  const operator = await asOperator(deployment);
  const sqs = new SQSClient(operator.clientConfig);
  return queues.map(({ sourceUrl }) => (sourceUrl === undefined ? sharedBusSink(operator) : queueSink(sqs, sourceUrl)));
}

/** True if a message matches the filter. A message without a time does not match a filter by time. */
function passes({ providerEvent, receivedTime }: MessageSummary, { event, from, to }: RedriveOptions): boolean {
  const received = Date.parse(receivedTime);
  return (
    (event === undefined || event.includes(providerEvent)) &&
    (from === undefined || received >= from) &&
    (to === undefined || received < to)
  );
}
