/** A subscriber of a bus: a queue, a rule, and all that has arrived. */

import { randomUUID } from 'node:crypto';
import { type EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { assertContract } from './contract';
import { Patience } from './until';

/** An event as EventBridge hands it to a queue. */
export interface BusEvent {
  /** The body of the SQS message, digit for digit. */
  readonly text: string;
  readonly source: string;
  readonly type: string;
  /** The CloudEvent. */
  readonly detail: MeetingEventDetail;
}

/** A CloudEvent as a subscriber finds it. */
export interface MeetingEventDetail {
  readonly id: string;
  readonly type: string;
  readonly deliveryid: string;
  // biome-ignore lint/suspicious/noExplicitAny: a subscriber that has not looked at the catalogue.
  readonly data: Record<string, any>;
  readonly [attribute: string]: unknown;
}

/** Names of subscribers' queues and rules begin so. */
export const SUBSCRIBER_PREFIX = 'subscriber-';

interface Clients {
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
}

/** A subscription to a bus. */
export class Subscription {
  /** Everything that has been collected so far, in order of arrival. */
  readonly events: BusEvent[] = [];

  private constructor(
    private sqs: SQSClient,
    private queueUrl: string,
    /** Name of its queue, and of its rule. */
    readonly name: string,
  ) {}

  static async create({ sqs, eventBridge }: Clients, busName: string, pattern: object): Promise<Subscription> {
    const name = `${SUBSCRIBER_PREFIX}${randomUUID()}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const EventPattern = JSON.stringify(pattern);
    await eventBridge.send(new PutRuleCommand({ Name: name, EventBusName: busName, EventPattern }));
    const Targets = [{ Id: 'queue', Arn: Attributes?.QueueArn }];
    await eventBridge.send(new PutTargetsCommand({ Rule: name, EventBusName: busName, Targets }));
    return new Subscription(sqs, QueueUrl!, name);
  }

  /** Goes on at a Meetbus that was started again, at another address, with the data of the one before. */
  async resume({ sqs }: Pick<Clients, 'sqs'>): Promise<void> {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: this.name }));
    this.sqs = sqs;
    this.queueUrl = QueueUrl!;
  }

  /**
   * Reads and deletes messages until so many events have been collected in all, or until that holds of them.
   *
   * @throws Error when nothing more comes before that holds
   */
  async collect(until: number | ((events: readonly BusEvent[]) => boolean)): Promise<BusEvent[]> {
    const isDone = typeof until === 'number' ? () => this.events.length >= until : () => until(this.events);
    const wanted = typeof until === 'number' ? `${until} events` : 'what was waited for';
    const patience = new Patience();
    while (!isDone()) {
      if ((await this.#receive(1)) > 0) patience.renew();
      else patience.spend(1_000, () => `After ${this.events.length} events no more came, and not ${wanted}.`);
    }
    return this.events;
  }

  /** Reads and deletes all that is there; call it once Meetbus has settled. */
  async drain(): Promise<BusEvent[]> {
    while ((await this.#receive(1)) > 0);
    return this.events;
  }

  async #receive(WaitTimeSeconds: number): Promise<number> {
    const { sqs, queueUrl: QueueUrl } = this;
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds }),
    );
    if (Messages.length === 0) return 0;
    this.events.push(...Messages.map(({ Body = '' }) => eventOf(Body)));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return Messages.length;
  }
}

/** Whatever test an event comes to, it keeps the contract. What other sources publish is their own. */
function eventOf(text: string): BusEvent {
  const { source, 'detail-type': type, detail } = JSON.parse(text);
  if (source.startsWith('meetbus.')) assertContract(detail);
  return { text, source, type, detail };
}
