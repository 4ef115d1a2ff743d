/** The queues of the stack from outside: shortens their timeouts, waits until they are empty, and redrives. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { SUBSCRIBER_PREFIX } from './subscription';

/** Messages in queues by the last part of the queue's name. */
export type Counts = Readonly<Record<string, number>>;

interface QueueState {
  readonly url: string;
  readonly arn: string;
  /** All messages, hidden ones too. */
  readonly messages: number;
  readonly isDeadLetterQueue: boolean;
  /** ARN of the queue that takes what has failed too often. */
  readonly deadLetterQueue: string | undefined;
}

/** How the queues treat messages that failed. */
export interface RetrySettings {
  /** Seconds after which a message comes back. */
  readonly visibilitySeconds: number;
  /** Failures after which it goes to the dead-letter queue. */
  readonly maxReceives: number;
}

const LOOK_EVERY_MS = 250;

/** The queues of the stack, without those of subscribers. */
export class StackQueues {
  /** Messages that had to be redriven from dead-letter queues. */
  redriven = 0;

  /** @param operator gives a client that may move messages out of dead-letter queues; its session does not last for ever */
  constructor(
    private readonly sqs: SQSClient,
    private readonly operator: () => Promise<SQSClient> = async () => sqs,
  ) {}

  /**
   * Makes messages that failed come back sooner than the template says, and puts them aside sooner, in every queue that
   * has a dead-letter queue.
   */
  async shortenRetries({ visibilitySeconds, maxReceives }: RetrySettings): Promise<void> {
    for (const { url, deadLetterQueue } of await this.#states()) {
      if (deadLetterQueue === undefined) continue;
      const policy = { deadLetterTargetArn: deadLetterQueue, maxReceiveCount: maxReceives };
      const Attributes = { VisibilityTimeout: String(visibilitySeconds), RedrivePolicy: JSON.stringify(policy) };
      await this.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
    }
  }

  /**
   * Waits until all queues are empty; when only dead-letter queues are not, redrives them.
   *
   * @param timeoutMs in all
   * @returns what is left when the time is up
   */
  async drain(timeoutMs: number): Promise<Counts> {
    const deadline = Date.now() + timeoutMs;
    let idleLooks = 0;
    while (true) {
      const states = await this.#states();
      const full = states.filter(({ messages }) => messages > 0);
      idleLooks = full.length === 0 ? idleLooks + 1 : 0;
      // A second look: between two queues an event is in none.
      if (idleLooks > 1) return {};
      if (Date.now() > deadline) return Object.fromEntries(full.map(({ arn, messages }) => [nameOf(arn), messages]));
      if (full.length > 0 && full.every(({ isDeadLetterQueue }) => isDeadLetterQueue)) await this.#redrive(full);
      await sleep(LOOK_EVERY_MS);
    }
  }

  async #redrive(deadLetterQueues: readonly QueueState[]): Promise<void> {
    const operator = await this.operator();
    for (const { arn: SourceArn } of deadLetterQueues) {
      await operator.send(new StartMessageMoveTaskCommand({ SourceArn }));
      for (let isRunning = true; isRunning; await sleep(LOOK_EVERY_MS)) {
        const { Results = [] } = await this.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
        isRunning = Results[0]?.Status === 'RUNNING';
        if (!isRunning) this.redriven += Number(Results[0]?.ApproximateNumberOfMessagesMoved);
      }
    }
  }

  async #states(): Promise<QueueState[]> {
    const { QueueUrls = [] } = await this.sqs.send(new ListQueuesCommand({ MaxResults: 1000 }));
    const own = QueueUrls.filter((url) => !url.includes(SUBSCRIBER_PREFIX));
    const found = await Promise.all(
      own.map(async (url) => {
        const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] });
        return { url, attributes: (await this.sqs.send(command)).Attributes ?? {} };
      }),
    );
    const deadLetterQueueOf = ({ RedrivePolicy = '{}' }: Record<string, string>): string | undefined =>
      JSON.parse(RedrivePolicy).deadLetterTargetArn;
    const targets = found.map(({ attributes }) => deadLetterQueueOf(attributes));
    return found.map(({ url, attributes }) => ({
      url,
      arn: attributes.QueueArn ?? '',
      messages:
        Number(attributes.ApproximateNumberOfMessages) +
        Number(attributes.ApproximateNumberOfMessagesNotVisible) +
        Number(attributes.ApproximateNumberOfMessagesDelayed),
      isDeadLetterQueue: targets.includes(attributes.QueueArn),
      deadLetterQueue: deadLetterQueueOf(attributes),
    }));
  }
}

const nameOf = (arn: string): string => arn.split(':').at(-1) ?? arn;
