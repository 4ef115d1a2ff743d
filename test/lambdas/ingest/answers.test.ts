import { ANSWERS, answer, type Outcome } from '../../../lambdas/ingest/answers';
import { isRefusedForGood, isRetried } from '../../../providers/conformance/check';
import { type RefusalReason, refused } from '../../../providers/runtime';

/** The answer table, written out by hand. */
const EXPECTED: Readonly<Record<Outcome, readonly [number, string]>> = {
  accepted: [200, 'accepted'],
  duplicate: [200, 'duplicate'],
  accepted_again: [200, 'accepted'],
  stored: [200, 'accepted'],
  answered: [200, 'answered'],
  missing_header: [401, 'unauthorized'],
  repeated_header: [401, 'unauthorized'],
  conflicting_headers: [401, 'unauthorized'],
  malformed_timestamp: [401, 'unauthorized'],
  timestamp_too_old: [401, 'unauthorized'],
  timestamp_in_future: [401, 'unauthorized'],
  malformed_signature: [401, 'unauthorized'],
  no_matching_key: [401, 'unauthorized'],
  digest_mismatch: [401, 'unauthorized'],
  malformed_handshake: [401, 'unauthorized'],
  missing_token: [401, 'unauthorized'],
  repeated_token: [401, 'unauthorized'],
  unknown_token: [401, 'unauthorized'],
  key_unavailable: [503, 'unavailable'],
  not_configured: [503, 'unavailable'],
  unavailable: [503, 'unavailable'],
};

it('has an answer for every outcome, and no other', () => {
  expect(Object.keys(ANSWERS).sort()).toEqual(Object.keys(EXPECTED).sort());
});

it.each(Object.entries(EXPECTED))('%s is answered %j', (outcome, [statusCode, status]) => {
  const given = answer(outcome as Outcome);
  expect(given.statusCode).toBe(statusCode);
  expect(JSON.parse(given.body)).toEqual({ status });
  expect(given.headers?.['retry-after']).toBe(statusCode === 503 ? '2' : undefined);
  // Svix would take orders from this one.
  expect(Object.keys(given.headers ?? {})).not.toContain('webhook-delivery');
});

it.each(
  Object.entries(EXPECTED).filter(([outcome]) => !/accepted|duplicate|stored|answered|^unavailable/.test(outcome)),
)('%s means the same to the conformance suite', (outcome, [statusCode]) => {
  const refusal = refused(outcome as RefusalReason);
  expect(isRefusedForGood(refusal)).toBe(statusCode === 401);
  expect(isRetried(refusal)).toBe(statusCode === 503);
});
