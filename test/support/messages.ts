/** Messages as verifiers send them, and how a consumer is handed some of them. */
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { DeliveryMessage } from '../../lambdas/ingest/delivery-message';
import { lambdaContext } from './aws-in-process';

/** The handler of a consumer. */
export type Consumer = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

let counter = 0;

/** A message about Recall.ai's `bot.done` with an event id of its own, and these changes, which may break it. */
export function newMessage(changes: object = {}): DeliveryMessage {
  const eventId = `event-${counter++}`;
  return {
    provider: 'recall',
    providerEvent: 'bot.done',
    family: 'bot',
    proof: 'signature',
    deliveryId: eventId,
    eventId,
    correlationId: 'correlation',
    receivedTime: '2026-02-03T10:00:00.000Z',
    body: base64Of(`{"event":"bot.done","data":{"bot":{"id":"bot-${eventId}"}}}`),
    ...changes,
  };
}

/** The body of a message, from that of a delivery. */
export const base64Of = (text: string) => ({ base64: Buffer.from(text).toString('base64') });

/** Hands messages to a consumer as one batch; gives the places of those that it reports as failed. */
export async function handOver(consumer: Consumer, messages: readonly (object | string)[]): Promise<number[]> {
  const Records = messages.map((message, index) => ({
    messageId: String(index),
    body: typeof message === 'string' ? message : JSON.stringify(message),
    eventSource: 'aws:sqs',
  }));
  const { batchItemFailures } = await consumer({ Records } as unknown as SQSEvent, lambdaContext());
  return batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier)).sort();
}
