/**
 * The answer table: how a provider is answered in each case. RealtimeKit drops an event for good at any answer from 300
 * to 499, and a Recall.ai stream dies after sixty failed tries, so nothing that is our fault, and nothing that time
 * may mend, is ever answered below 500.
 */
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Answered, RefusalReason } from '../../providers/runtime';
import type { EnqueueOutcome } from './enqueue';

/** What became of a delivery. */
export type Outcome = EnqueueOutcome | 'answered' | 'unavailable' | RefusalReason;

interface Answer {
  readonly statusCode: 200 | 401 | 503;
  /** The word in the body, which is all that a sender learns. */
  readonly status: string;
}

const REFUSED: Answer = { statusCode: 401, status: 'unauthorized' };
const TRY_AGAIN: Answer = { statusCode: 503, status: 'unavailable' };

/** Every case and its answer, the same on all routes. */
export const ANSWERS: Readonly<Record<Outcome, Answer>> = {
  accepted: { statusCode: 200, status: 'accepted' },
  accepted_again: { statusCode: 200, status: 'accepted' },
  stored: { statusCode: 200, status: 'accepted' },
  duplicate: { statusCode: 200, status: 'duplicate' },
  // A handshake: its provider says what the answer is.
  answered: { statusCode: 200, status: 'answered' },
  missing_header: REFUSED,
  repeated_header: REFUSED,
  conflicting_headers: REFUSED,
  malformed_timestamp: REFUSED,
  timestamp_too_old: REFUSED,
  timestamp_in_future: REFUSED,
  malformed_signature: REFUSED,
  no_matching_key: REFUSED,
  missing_token: REFUSED,
  repeated_token: REFUSED,
  unknown_token: REFUSED,
  key_unavailable: TRY_AGAIN,
  not_configured: TRY_AGAIN,
  unavailable: TRY_AGAIN,
};

/** The sender is told that this can never become right, and does not try again. */
export const isRefusal = (outcome: Outcome): boolean => ANSWERS[outcome].statusCode === 401;

/** What is down for a moment is worth another try in a moment. */
const RETRY_AFTER_SECONDS = '2';

/** The HTTP answer to an outcome. */
export function answer(outcome: Outcome): APIGatewayProxyResult {
  const { statusCode, status } = ANSWERS[outcome];
  return {
    statusCode,
    headers: {
      'content-type': 'application/json',
      ...(statusCode === 503 && { 'retry-after': RETRY_AFTER_SECONDS }),
    },
    body: JSON.stringify({ status }),
  };
}

/** The HTTP answer to a handshake, as its provider wants it. */
export const answerHandshake = ({ statusCode, body, contentType }: Answered): APIGatewayProxyResult => ({
  statusCode,
  headers: { 'content-type': contentType },
  body,
});
