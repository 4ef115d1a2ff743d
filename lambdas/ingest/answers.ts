/**
 * The answer table: the answer to a delivery by what became of it. Some providers drop a delivery for good after any answer from
 * 300 to 499. So what is our fault, or may be right a moment later, is always answered with 5xx.
 */
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Answered, RefusalReason } from '../../providers/runtime';
import type { EnqueueOutcome } from './enqueue';

/** What became of a delivery. */
export type Outcome = EnqueueOutcome | 'answered' | 'unavailable' | RefusalReason;

interface Answer {
  readonly statusCode: 200 | 401 | 503;
  /** The word in the body. The sender learns nothing else. */
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

/** The answer says that another try is useless. */
export const isRefusal = (outcome: Outcome): boolean => ANSWERS[outcome].statusCode === 401;

/** Most outages are short. */
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
