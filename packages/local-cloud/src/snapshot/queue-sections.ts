/** Queues and their messages. */
import type { Message } from '../sqs/message';
import { type QueueAttributes, redrivePolicyOf } from '../sqs/queue-attributes';
import { declaredNames, type Section } from './section';

interface QueueRecord {
  readonly name: string;
  readonly attributes: QueueAttributes;
}

/** The queues that were made from outside; the template tells of the others. */
export const queueSection: Section<QueueRecord> = {
  *save(state) {
    const declared = declaredNames(state, 'AWS::SQS::Queue');
    for (const { name, attributes } of state.queues.list()) if (!declared.has(name)) yield { name, attributes };
  },

  restore({ queues }, records) {
    // A queue that others name as their dead-letter queue has to be there before them.
    const hasDeadLetterQueue = ({ attributes }: QueueRecord) => Number(redrivePolicyOf(attributes) !== undefined);
    for (const { name, attributes } of records.toSorted((a, b) => hasDeadLetterQueue(a) - hasDeadLetterQueue(b))) {
      if (!queues.byName(name)) queues.create(name, attributes);
    }
    return [];
  },
};

interface MessageRecord {
  readonly queue: string;
  readonly message: Message;
}

/** Every message, those in flight too. */
export const messageSection: Section<MessageRecord> = {
  *save({ queues }) {
    for (const queue of queues.list()) for (const message of queue.messages()) yield { queue: queue.name, message };
  },

  restore({ queues }, records) {
    const leftOut = new Set<string>();
    for (const { queue: name, message } of records) {
      const queue = queues.byName(name);
      if (queue) queue.restore(message);
      else leftOut.add(`messages of the queue ${name}`);
    }
    return leftOut;
  },
};
