/** `POST /_local-cloud/schedules` on the AWS endpoint: runs every schedule now. */
import { type HttpAnswer, json } from '../http-answer';
import type { EventBridge } from './event-bridge';

export const SCHEDULES_PATH = '/_local-cloud/schedules';

/** Answers `{ ran: [names of rules] }` once the targets are done, or `{ error }`. */
export async function answerSchedulesRequest(
  eventBridge: Pick<EventBridge, 'runSchedules'>,
  method: string,
): Promise<HttpAnswer> {
  if (method !== 'POST') return json(405, { error: `${SCHEDULES_PATH} takes POST.` });
  return json(200, { ran: await eventBridge.runSchedules() });
}
