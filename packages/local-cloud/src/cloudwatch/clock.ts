/** `POST /_local-cloud/clock` on the AWS endpoint: sets CloudWatch's clock forward, for alarms that look back for long. */
import { type HttpAnswer, json } from '../http-answer';
import { MINUTE_MS } from './metric-store';

export const CLOCK_PATH = '/_local-cloud/clock';

/**
 * Answers a request to {@link CLOCK_PATH}, whose body is `{ minutes: <number> }`.
 *
 * @param advance sets the clock forward by milliseconds
 */
export function answerClockRequest(method: string, body: Buffer, advance: (milliseconds: number) => void): HttpAnswer {
  if (method !== 'POST') return json(405, { error: `${CLOCK_PATH} takes POST.` });
  const minutes = minutesIn(body);
  if (minutes === undefined) return json(400, { error: 'Send { "minutes": 5 }: a number from 0 up.' });
  advance(minutes * MINUTE_MS);
  return json(200, { minutes });
}

function minutesIn(body: Buffer): number | undefined {
  try {
    const { minutes } = JSON.parse(body.toString()) as { readonly minutes?: unknown };
    return typeof minutes === 'number' && minutes >= 0 ? minutes : undefined;
  } catch {
    return undefined;
  }
}
