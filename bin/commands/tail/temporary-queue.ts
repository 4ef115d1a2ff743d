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
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { ClientConfig } from '../../deployment';
import { messageOf } from '../../errors';

/** Prefix of the names of the rule and the queue. */
const PREFIX = 'meetbus-tail-';

/** Prefix of the rule's description; the time follows. */
const NEEDED_UNTIL = 'Made by meetbus tail, needed until ';

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
   * Receives events as JSON strings; empty if none arrived for a while, or after the signal.
   *
   * @param waitSeconds how long to wait for a first one; with long polling, empty means that no server of the queue has
   *   one
   */
  async receive(signal?: AbortSignal, waitSeconds = WAIT_SECONDS): Promise<string[]> {
    const QueueUrl = this.#queueUrl;
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds });
    try {
      const { Messages = [] } = await this.#sqs.send(command, signal && { abortSignal: signal });
      if (Messages.length === 0) return [];
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      return Messages.map(({ Body = '' }) => Body);
    } catch (error) {
      if (signal?.aborted) return [];
      // SQS needs a second until a new queue can be used.
      if (!isNotThere(error) || Date.now() > this.#usableFrom) throw error;
      await sleep(RETRY_MS);
      return [];
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
      if (this.#renewing) await this.#remove(this.name);
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
      if (Date.parse(Description.replace(NEEDED_UNTIL, '')) < Date.now()) await this.#remove(Name);
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

  async #remove(name: string): Promise<void> {
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

const isNotThere = (error: unknown): boolean => error instanceof Error && NOT_THERE.includes(error.name);
