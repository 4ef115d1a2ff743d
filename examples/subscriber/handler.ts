/** Works off finished recordings. */

import { type MeetingEvent, parseMeetingEvent } from '@meetbus/events';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** Takes a batch of messages; those that failed come again, and in the end go to the queue `Failed`. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures = [];
  for (const { body, messageId } of Records) {
    try {
      const event = parseMeetingEvent(JSON.parse(body));
      if (event.type === 'recording.ready') await keep(event);
    } catch (error) {
      console.error(JSON.stringify({ messageId, error: (error as Error).message }));
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

/**
 * Here your work begins. An event may come twice: do nothing the second time for the same `id`. A download link in
 * `data.download` lets whoever holds it fetch the file, so it does not belong in a log.
 */
async function keep({ id, time, data: { recording, bot } }: MeetingEvent<'recording.ready'>): Promise<void> {
  console.log(JSON.stringify({ eventId: id, readyAt: time, recordingId: recording.id, botId: bot?.id }));
}
