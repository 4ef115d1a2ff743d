/** One standard queue: visible messages, hidden ones (delayed or in flight), and the receivers that wait. */

import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION } from '../service';
import { FairLine } from './fair-line';
import { asReceived, checkMessage, type Message, type MessageToSend, type ReceivedMessage } from './message';
import { DEFAULT_ATTRIBUTES, type QueueAttributes, redrivePolicyOf } from './queue-attributes';
import { openReceipt } from './receipt';

export interface ReceiveOptions {
  /** The SQS API allows 1 to 10; a caller in this process may take more. */
  readonly maxMessages: number;
  /** Seconds to wait for a first message. */
  readonly waitSeconds: number;
  /** Seconds; the default is the queue's value. */
  readonly visibilityTimeout?: number | undefined;
  /** Ends the wait early, with no message. */
  readonly signal?: AbortSignal | undefined;
}

export interface QueueSurroundings {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Finds a dead-letter queue. */
  readonly byArn: (arn: string) => Queue | undefined;
}

/** The longest that setTimeout can wait, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const SWEEP_INTERVAL_MS = 1_000;
const PURGE_INTERVAL_SECONDS = 60;

export class Queue {
  readonly arn: string;
  readonly createdAt: number;
  modifiedAt: number;
  /** How many messages were sent, received and deleted so far, without those that went to a dead-letter queue. */
  readonly traffic = { sent: 0, received: 0, deleted: 0 };
  #attributes: QueueAttributes = DEFAULT_ATTRIBUTES;

  readonly #all = new Map<string, Message>();
  /** May still hold messages that were deleted since; `#all` decides. */
  #visible = new FairLine<Message>();
  readonly #hidden = new Set<Message>();
  /** No hidden message becomes visible before this time. */
  #nextVisibleAt = Number.POSITIVE_INFINITY;
  #lastSweepAt = 0;
  #lastPurgeAt = Number.NEGATIVE_INFINITY;
  readonly #waiters = new Set<() => void>();

  constructor(
    readonly name: string,
    private readonly surroundings: QueueSurroundings,
  ) {
    this.arn = `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
    this.createdAt = surroundings.now();
    this.modifiedAt = this.createdAt;
  }

  /** The attributes that can be set, with their defaults. */
  get attributes(): QueueAttributes {
    return this.#attributes;
  }

  /** @param attributes checked ones; the others keep their values, an empty value goes back to the default */
  setAttributes(attributes: QueueAttributes): void {
    const merged = { ...this.#attributes, ...attributes };
    const given = Object.entries(merged).filter(([, value]) => value !== '');
    this.#attributes = { ...DEFAULT_ATTRIBUTES, ...Object.fromEntries(given) };
    this.modifiedAt = this.surroundings.now();
  }

  /** How many messages there are of each kind, as the `ApproximateNumberOfMessages…` attributes give them. */
  counts(): { visible: number; inFlight: number; delayed: number } {
    this.#settle();
    const delayed = [...this.#hidden].filter(({ receiveCount }) => receiveCount === 0).length;
    return {
      visible: this.#all.size - this.#hidden.size,
      inFlight: this.#hidden.size - delayed,
      delayed,
    };
  }

  /**
   * Takes in a message.
   *
   * @returns the id of the message
   * @throws AwsError when the message breaks a rule of AWS
   */
  send(message: MessageToSend): string {
    checkMessage(message, Number(this.#attributes.MaximumMessageSize));
    const now = this.surroundings.now();
    const delaySeconds = message.delaySeconds ?? Number(this.#attributes.DelaySeconds);
    const id = crypto.randomUUID();
    this.traffic.sent += 1;
    this.#add({
      ...message,
      id,
      sentAt: now,
      receiveCount: 0,
      firstReceivedAt: undefined,
      visibleAt: now + delaySeconds * 1_000,
      deadLetterSourceArn: undefined,
    });
    return id;
  }

  /** Takes visible messages, and waits for a first one if there is none. Empty when none came, or on abort. */
  async receive(options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const deadline = performance.now() + options.waitSeconds * 1_000;
    for (;;) {
      if (options.signal?.aborted) return [];
      const received = this.#take(options);
      const left = deadline - performance.now();
      if (received.length > 0 || left <= 0) return received;
      const untilVisible = Math.max(0, this.#nextVisibleAt - this.surroundings.now());
      await this.#news(Math.min(left, untilVisible), options.signal);
    }
  }

  /**
   * Deletes a message. As on AWS it does nothing, without an error, when the message is gone or was received again
   * since.
   *
   * @throws AwsError `ReceiptHandleIsInvalid`
   */
  delete(receiptHandle: string): void {
    const message = this.#received(receiptHandle);
    if (!message) return;
    this.traffic.deleted += 1;
    this.#remove(message);
  }

  /**
   * Sets anew for how long a message in flight stays hidden.
   *
   * @param seconds from now; 0 makes it visible at once
   * @throws AwsError `ReceiptHandleIsInvalid`, `MessageNotInflight`, `InvalidParameterValueException`
   */
  changeVisibility(receiptHandle: string, seconds: number): void {
    const message = this.#received(receiptHandle);
    this.#settle();
    if (!message) {
      throw new AwsError(
        'InvalidParameterValueException',
        'The receipt handle is out of date: the message was deleted, or received again since.',
      );
    }
    if (!this.#hidden.has(message)) {
      throw new AwsError('MessageNotInflight', 'The message is not in flight: its visibility timeout has passed.');
    }
    this.#hide(message, this.surroundings.now() + seconds * 1_000);
    this.#settle();
  }

  /**
   * Deletes every message, those in flight too.
   *
   * @throws AwsError `PurgeQueueInProgress` within 60 seconds of the purge before
   */
  purge(): void {
    const now = this.surroundings.now();
    if (now < this.#lastPurgeAt + PURGE_INTERVAL_SECONDS * 1_000) {
      throw new AwsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${this.name} is allowed every ${PURGE_INTERVAL_SECONDS} seconds.`,
        403,
      );
    }
    this.#lastPurgeAt = now;
    this.#all.clear();
    this.#hidden.clear();
    this.#visible = new FairLine();
  }

  /**
   * Moves the next visible message to another queue, where it is a new one: new id, sent now, never received.
   *
   * @param destinationOf told the queue that gave up on the message, if one did
   * @returns false when no message was visible
   * @throws whatever `destinationOf` or the other queue throws; the message then stays
   */
  moveNext(destinationOf: (deadLetterSourceArn: string | undefined) => Queue): boolean {
    this.#settle();
    const message = this.#shiftVisible();
    if (!message) return false;
    const { body, attributes, groupId, traceHeader, senderId, deadLetterSourceArn } = message;
    try {
      destinationOf(deadLetterSourceArn).send({ body, attributes, groupId, traceHeader, senderId });
    } catch (error) {
      this.#visible.push(message, groupId);
      throw error;
    }
    this.#all.delete(message.id);
    return true;
  }

  /** Every message that is in the queue, those in flight too; for a snapshot. */
  messages(): Message[] {
    this.#settle();
    return [...this.#all.values()];
  }

  /** Puts a message of a snapshot back, under its own id. One that was in flight is visible at once. */
  restore(message: Message): void {
    const isInFlight = message.receiveCount > 0;
    this.#add({ ...message, visibleAt: isInFlight ? this.surroundings.now() : message.visibleAt });
  }

  #take({ maxMessages, visibilityTimeout }: ReceiveOptions): ReceivedMessage[] {
    this.#settle();
    const now = this.surroundings.now();
    const hiddenSeconds = visibilityTimeout ?? Number(this.#attributes.VisibilityTimeout);
    const redrive = redrivePolicyOf(this.#attributes);
    const deadLetterQueue = redrive && this.surroundings.byArn(redrive.deadLetterTargetArn);
    const received: ReceivedMessage[] = [];
    while (received.length < maxMessages) {
      const message = this.#shiftVisible();
      if (!message) break;
      if (deadLetterQueue && message.receiveCount >= redrive.maxReceiveCount) {
        this.#all.delete(message.id);
        const moved = { at: now, receiveCount: message.receiveCount };
        deadLetterQueue.#add({ ...message, visibleAt: now, deadLetterSourceArn: this.arn, moved });
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      this.#hide(message, now + hiddenSeconds * 1_000);
      received.push(asReceived(message, this.name));
    }
    this.traffic.received += received.length;
    return received;
  }

  #shiftVisible(): Message | undefined {
    for (;;) {
      const message = this.#visible.shift();
      if (!message || this.#all.get(message.id) === message) return message;
    }
  }

  /** The message of a receipt handle, if that handle is its newest. */
  #received(receiptHandle: string): Message | undefined {
    const { messageId, receiveCount } = openReceipt(receiptHandle, this.name);
    const message = this.#all.get(messageId);
    return message?.receiveCount === receiveCount ? message : undefined;
  }

  #add(message: Message): void {
    this.#all.set(message.id, message);
    if (message.visibleAt > this.surroundings.now()) this.#hide(message, message.visibleAt);
    else this.#show(message);
  }

  #remove(message: Message): void {
    this.#all.delete(message.id);
    this.#hidden.delete(message);
  }

  #hide(message: Message, visibleAt: number): void {
    message.visibleAt = visibleAt;
    this.#hidden.add(message);
    this.#nextVisibleAt = Math.min(this.#nextVisibleAt, visibleAt);
  }

  #show(message: Message): void {
    this.#hidden.delete(message);
    this.#visible.push(message, message.groupId);
    for (const wake of this.#waiters) wake();
  }

  /** Does what time has brought: hidden messages become visible, old ones expire. */
  #settle(): void {
    const now = this.surroundings.now();
    if (now >= this.#lastSweepAt + SWEEP_INTERVAL_MS) {
      const oldest = now - Number(this.#attributes.MessageRetentionPeriod) * 1_000;
      for (const message of this.#all.values()) if (message.sentAt <= oldest) this.#remove(message);
      this.#lastSweepAt = now;
    }
    if (now < this.#nextVisibleAt) return;
    this.#nextVisibleAt = Number.POSITIVE_INFINITY;
    for (const message of this.#hidden) {
      if (message.visibleAt <= now) this.#show(message);
      else this.#nextVisibleAt = Math.min(this.#nextVisibleAt, message.visibleAt);
    }
  }

  /** Resolves when a message has become visible, after that many milliseconds, or on abort. */
  async #news(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.min(milliseconds, MAX_TIMER_MS));
    const wake = () => resolve();
    signal?.addEventListener('abort', wake);
    this.#waiters.add(wake);
    await promise;
    clearTimeout(timer);
    signal?.removeEventListener('abort', wake);
    this.#waiters.delete(wake);
  }
}
