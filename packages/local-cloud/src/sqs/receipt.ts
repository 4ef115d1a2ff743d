/** The receipt handle: proof of one receive of one message, opaque to the receiver. */

import { AwsError } from '../service';

export interface Receipt {
  readonly queue: string;
  readonly messageId: string;
  /** Which receive of the message it was, from 1. */
  readonly receiveCount: number;
}

export function writeReceipt({ queue, messageId, receiveCount }: Receipt): string {
  return Buffer.from(`${queue}/${messageId}/${receiveCount}`).toString('base64');
}

/**
 * @param queue name of the queue that the handle is used on
 * @throws AwsError `ReceiptHandleIsInvalid` when it is no handle, or another queue's
 */
export function openReceipt(handle: string, queue: string): Receipt {
  const [ofQueue, messageId, receiveCount] = Buffer.from(handle, 'base64').toString().split('/');
  if (ofQueue !== queue || !messageId || !receiveCount) {
    throw new AwsError('ReceiptHandleIsInvalid', `The input receipt handle is invalid for the queue ${queue}.`, 404);
  }
  return { queue, messageId, receiveCount: Number(receiveCount) };
}
