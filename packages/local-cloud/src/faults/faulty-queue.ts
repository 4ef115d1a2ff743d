/** A queue as an event source mapping sees it while faults may befall it. */
import type { EventSourceQueue } from '../lambda/event-source-mapping';
import { AwsError } from '../service';
import type { Queue } from '../sqs/queue';
import { redrivePolicyOf } from '../sqs/queue-attributes';
import { openReceipt } from '../sqs/receipt';
import type { Faults } from './faults';

/** @param functionName the function that the mapping feeds */
export function withFaults(queue: Queue, functionName: string, faults: Faults): EventSourceQueue {
  /** Ids of messages that are under way once more. */
  const redelivered = new Set<string>();
  return {
    arn: queue.arn,

    async receive(options) {
      if (await faults.holdsReceiving(functionName, options.signal)) return [];
      // A new plan may say that SQS is down: a long poll that is under way must not outlive the old one.
      return queue.receive({ ...options, signal: AbortSignal.any([options.signal, faults.replaced]) });
    },

    delete(receiptHandle) {
      const { messageId } = openReceipt(receiptHandle, queue.name);
      const isLastTime = redelivered.delete(messageId) || isLastReceive(queue, receiptHandle);
      if (!isLastTime && faults.redelivers(functionName) && makeVisible(queue, receiptHandle)) {
        redelivered.add(messageId);
      } else {
        queue.delete(receiptHandle);
      }
    },
  };
}

/** Whether the message would go to the dead-letter queue next, and not to the function. */
function isLastReceive(queue: Queue, receiptHandle: string): boolean {
  const { maxReceiveCount = Number.POSITIVE_INFINITY } = redrivePolicyOf(queue.attributes) ?? {};
  return openReceipt(receiptHandle, queue.name).receiveCount >= maxReceiveCount;
}

/** @returns false when the message is not in flight any more */
function makeVisible(queue: Queue, receiptHandle: string): boolean {
  try {
    queue.changeVisibility(receiptHandle, 0);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
