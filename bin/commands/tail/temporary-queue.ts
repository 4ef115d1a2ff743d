/**
 * A temporary subscription: a rule and a queue with the same name. The rule's description contains an expiry time,
 * which a running command keeps extending. The rule is created first and deleted last, so after a crash the next
 * command finds everything by the rule.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { ClientConfig } from '../../deployment';
import { messageOf } from '../../errors';

/** Prefix of the names of the rule and the queue. */
const PREFIX = 'meetbus-tail-';

/** Beginning of the rule's description; the time follows as the last word. */
const NEEDED_UNTIL = 'Made by npx meetbus, needed until ';

/**
 * Lifetime of a rule; it is extended after half of that. The clocks of two people can differ by up to five minutes: AWS
 * refuses requests with a larger clock skew.
 */
const LEASE_MS = 12 * 60_000;

const TARGET_ID = 'tail';

/** Retention of the queue in seconds: a reader may take its time. */
const RETENTION_SECONDS = 3_600;

/** Longest wait of one receive, in seconds. */
const WAIT_SECONDS = 20;

/** Some servers of SQS may not know a new queue for a second; the wait is generous. */
const SETTLING_MS = 10_000;
const RETRY_MS = 500;

/** An event in the queue that is hidden from other receivers for a while. */
export interface HeldMessage {
  /** SQS's id of the message: the same each time it is received. */
  readonly id: string;
  /** The event: EventBridge's envelope as JSON. */
  readonly text: string;
  /** What SQS wants to see for a change of the message. */
  readonly receiptHandle: string;
}

/** How messages are taken. */
interface TakeOptions {
  /** At most so many, from 1 to 10. @default 10 */
  readonly most?: number;
  /** How long to wait for a first one, in seconds. With long polling, none means that no server of the queue has one. */
  readonly waitSeconds?: number;
  /** How long the messages are hidden, in seconds. @default 30, as of any queue */
  readonly holdSeconds?: number;
}

/** A temporary queue with the events of a bus. */
export class TemporaryQueue {
  readonly #sqs: SQSClient;
  readonly #eventBridge: EventBridgeClient;
  readonly name = `${PREFIX}${randomUUID()}`;
  /** From CreateQueue: SQS finds a new queue by its name only after a second. */
  #queueUrl: string | undefined;
  #usableFrom = 0;
  readonly #closing = new AbortController();
  /** Resolves when the rule is no longer extended; undefined if no rule was created. */
  #renewing: Promise<void> | undefined;

  constructor(
    clientConfig: ClientConfig,
    private readonly busName: string,
    private readonly leaseMs = LEASE_MS,
  ) {
    this.#sqs = new SQSClient(clientConfig);
    this.#eventBridge = new EventBridgeClient(clientConfig);
  }

  /** Creates the rule and the queue. */
  async open(pattern: object): Promise<void> {
    const ruleArn = await this.#putRule(pattern);
    this.#renewing = this.#renew(pattern);
    const [, partition, , region, account] = ruleArn.split(':');
    const queueArn = `arn:${partition}:sqs:${region}:${account}:${this.name}`;
    const { QueueUrl } = await this.#sqs.send(
      new CreateQueueCommand({
        QueueName: this.name,
        Attributes: {
          MessageRetentionPeriod: String(RETENTION_SECONDS),
          Policy: JSON.stringify(policyFor(queueArn, ruleArn)),
        },
      }),
    );
    this.#queueUrl = QueueUrl;
    this.#usableFrom = Date.now() + SETTLING_MS;
    const Targets = [{ Id: TARGET_ID, Arn: queueArn }];
    const { FailedEntryCount } = await this.#eventBridge.send(
      new PutTargetsCommand({ EventBusName: this.busName, Rule: this.name, Targets }),
    );
    if (FailedEntryCount) throw new Error('EventBridge did not take the queue as a target. Try again.');
  }

  /**
   * Receives events as JSON strings, and deletes them; empty if none arrived for a while, or after the signal.
   *
   * @param waitSeconds as in {@link TakeOptions}
   */
  async receive(signal?: AbortSignal, waitSeconds = WAIT_SECONDS): Promise<string[]> {
    const messages = await this.take({ waitSeconds }, signal);
    if (messages.length === 0) return [];
    const Entries = messages.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
    const command = new DeleteMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries });
    await this.#onceUsable(() => this.#sqs.send(command));
    return messages.map(({ text }) => text);
  }

  /**
   * Takes events that stay in the queue, hidden, until {@link remove} deletes them; after that time they come again. Empty
   * if none arrived for a while, or after the signal.
   */
  async take(
    { most = 10, waitSeconds = WAIT_SECONDS, holdSeconds }: TakeOptions,
    signal?: AbortSignal,
  ): Promise<HeldMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: most,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: holdSeconds,
    });
    try {
      const { Messages = [] } = await this.#onceUsable(() =>
        this.#sqs.send(command, signal && { abortSignal: signal }),
      );
      return Messages.map(({ MessageId: id = '', Body: text = '', ReceiptHandle: receiptHandle = '' }) => ({
        id,
        text,
        receiptHandle,
      }));
    } catch (error) {
      if (signal?.aborted) return [];
      throw error;
    }
  }

  /** Deletes an event that was taken. */
  async remove({ receiptHandle: ReceiptHandle }: HeldMessage): Promise<void> {
    const command = new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle });
    await this.#onceUsable(() => this.#sqs.send(command));
  }

  /** Has an event that was taken come again after so many seconds, at most 12 hours. */
  async putBack({ receiptHandle: ReceiptHandle }: HeldMessage, seconds: number): Promise<void> {
    const change = { QueueUrl: this.#queueUrl, ReceiptHandle, VisibilityTimeout: seconds };
    try {
      await this.#onceUsable(() => this.#sqs.send(new ChangeMessageVisibilityCommand(change)));
    } catch (error) {
      // It is back already: this machine slept for longer than the event was held.
      if (!isNoLongerHeld(error)) throw error;
    }
  }

  /** What SQS answers about a queue that is just made: some of its servers do not know it yet, and are asked again. */
  async #onceUsable<T>(ask: () => Promise<T>): Promise<T> {
    while (true) {
      try {
        return await ask();
      } catch (error) {
        if (!isNotThere(error) || Date.now() > this.#usableFrom) throw error;
        await sleep(RETRY_MS);
      }
    }
  }

  /**
   * Deletes the rule and the queue.
   *
   * @throws Error that names the remaining resources, if that fails
   */
  async close(): Promise<void> {
    this.#closing.abort();
    // PutRule after the deletion would create the rule again.
    await this.#renewing;
    try {
      if (this.#renewing) await this.#deleteAll(this.name);
    } catch (error) {
      throw new Error(
        `The rule ${this.name} on ${this.busName} and the queue of that name could not be deleted: ${messageOf(error)} ` +
          'The same command deletes them, when it begins a quarter of an hour from now or later.',
        { cause: error },
      );
    } finally {
      this.#sqs.destroy();
      this.#eventBridge.destroy();
    }
  }

  /** Deletes expired rules and queues of other commands. */
  async removeLeftovers(): Promise<void> {
    const { Rules = [] } = await this.#eventBridge.send(
      new ListRulesCommand({ EventBusName: this.busName, NamePrefix: PREFIX }),
    );
    for (const { Name = '', Description = '' } of Rules) {
      const until = Description.split(' ').at(-1) ?? '';
      if (Date.parse(until) < Date.now()) await this.#deleteAll(Name);
    }
  }

  /** Creates the rule, or extends its expiry time; returns its ARN. */
  async #putRule(pattern: object): Promise<string> {
    const { RuleArn = '' } = await this.#eventBridge.send(
      new PutRuleCommand({
        Name: this.name,
        EventBusName: this.busName,
        EventPattern: JSON.stringify(pattern),
        Description: NEEDED_UNTIL + new Date(Date.now() + this.leaseMs).toISOString(),
      }),
    );
    return RuleArn;
  }

  async #renew(pattern: object): Promise<void> {
    const { signal } = this.#closing;
    while (true) {
      await sleep(this.leaseMs / 2, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      // A failure is retried in time; receiving reports a lasting one.
      await this.#putRule(pattern).catch(() => {});
    }
  }

  async #deleteAll(name: string): Promise<void> {
    const rule = { EventBusName: this.busName, Rule: name };
    await ifThere(this.#eventBridge.send(new RemoveTargetsCommand({ ...rule, Ids: [TARGET_ID] })));
    await ifThere(this.#urlOf(name).then((QueueUrl) => this.#sqs.send(new DeleteQueueCommand({ QueueUrl }))));
    await ifThere(this.#eventBridge.send(new DeleteRuleCommand({ EventBusName: this.busName, Name: name })));
  }

  async #urlOf(QueueName: string): Promise<string> {
    if (QueueName === this.name && this.#queueUrl !== undefined) return this.#queueUrl;
    const { QueueUrl = '' } = await this.#sqs.send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl;
  }
}

/**
 * Lets work read the events of a bus that match a pattern. Rule and queue are deleted after it; those that killed commands have
 * left behind, before it.
 */
export async function withTemporaryQueue<T>(
  clientConfig: ClientConfig,
  busName: string,
  pattern: object,
  work: (queue: TemporaryQueue) => Promise<T>,
): Promise<T> {
  const queue = new TemporaryQueue(clientConfig, busName);
  try {
    await queue.removeLeftovers();
    await queue.open(pattern);
    return await work(queue);
  } finally {
    await queue.close();
  }
}

/** Allows only this rule to send to the queue. */
const policyFor = (queueArn: string, ruleArn: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    },
  ],
});

const NOT_THERE: readonly string[] = ['ResourceNotFoundException', 'QueueDoesNotExist'];

/** Waits for a deletion; a missing resource needs none. */
async function ifThere(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isNotThere(error)) throw error;
  }
}

/** What SQS says of a message that is visible again, or was received again since. */
const NO_LONGER_HELD: readonly string[] = [
  'MessageNotInflight',
  'InvalidParameterValue',
  'InvalidParameterValueException',
];

const isNoLongerHeld = (error: unknown): boolean => error instanceof Error && NO_LONGER_HELD.includes(error.name);

const isNotThere = (error: unknown): boolean => error instanceof Error && NOT_THERE.includes(error.name);
