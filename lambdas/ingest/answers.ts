/**
 * The answer table: the HTTP response for each outcome. Some providers drop a delivery for good after any response from
 * 300 to 499. So our own failures, and failures that a retry may solve, always get a 5xx.
 */
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Answered, RefusalReason } from '../../providers/runtime';
import type { EnqueueOutcome } from './enqueue';

/** The outcome of a delivery. */
export type Outcome = EnqueueOutcome | 'answered' | 'unavailable' | RefusalReason;

interface Answer {
  readonly statusCode: 200 | 401 | 503;
  /** The word in the body. The response contains nothing else. */
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
  // A handshake: the provider's runtime supplies the response.
  answered: { statusCode: 200, status: 'answered' },
  missing_header: REFUSED,
  repeated_header: REFUSED,
  conflicting_headers: REFUSED,
  malformed_timestamp: REFUSED,
  timestamp_too_old: REFUSED,
  timestamp_in_future: REFUSED,
  malformed_signature: REFUSED,
  no_matching_key: REFUSED,
  digest_mismatch: REFUSED,
  malformed_handshake: REFUSED,
  missing_token: REFUSED,
  repeated_token: REFUSED,
  unknown_token: REFUSED,
  key_unavailable: TRY_AGAIN,
  not_configured: TRY_AGAIN,
  unavailable: TRY_AGAIN,
};

/** The response tells the provider not to retry. */
export const isRefusal = (outcome: Outcome): boolean => ANSWERS[outcome].statusCode === 401;

/**
 * The HTTP response for an outcome.
 *
 * @param retryAfterSeconds how long the provider should wait after a 503; most outages are short
 */
export function answer(outcome: Outcome, retryAfterSeconds = 2): APIGatewayProxyResult {
  const { statusCode, status } = ANSWERS[outcome];
  return {
    statusCode,
    headers: {
      'content-type': 'application/json',
      ...(statusCode === 503 && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ status }),
  };
}

/** The HTTP response to a handshake, as the provider requires. */
export const answerHandshake = ({ statusCode, body, contentType }: Answered): APIGatewayProxyResult => ({
  statusCode,
  headers: { 'content-type': contentType },
  body,
});
