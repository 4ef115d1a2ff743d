/** What a check is, and how it says what is wrong. */
import type { RefusalReason, Verification } from '../runtime';

/** One check of the suite. */
export interface Check {
  /** What holds of a provider that passes, for the test's name. */
  readonly name: string;
  /** @throws ConformanceError that says what is wrong, and what to do */
  run(): Promise<void>;
}

/** A provider is wrong in one point. The message never holds a secret or a body. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/**
 * Ends a check.
 *
 * @param cause the provider's own error, where there is one
 */
export function fail(message: string, cause?: unknown): never {
  throw new ConformanceError(message, { cause });
}

/** Ends a check unless something holds. */
export function expectThat(holds: boolean, message: string, cause?: unknown): asserts holds {
  if (!holds) fail(message, cause);
}

/** What became of a delivery. */
export type Outcome = Verification | { readonly outcome: 'failed'; readonly error: unknown };

/** Refusals that are answered 503, so that the provider tries again. All others are answered 401, and many providers give up then. */
const RETRIED: ReadonlySet<RefusalReason> = new Set(['key_unavailable', 'not_configured']);

/** Refused for good: the answer is 401. */
export const isRefusedForGood = (outcome: Outcome): boolean =>
  outcome.outcome === 'refused' && !RETRIED.has(outcome.reason);

/** Answered 503, so that the provider tries again. */
export const isRetried = (outcome: Outcome): boolean =>
  outcome.outcome === 'failed' || (outcome.outcome === 'refused' && RETRIED.has(outcome.reason));

/** True where the delivery becomes an event, and is not only set aside. */
export const isBelieved = (outcome: Outcome): boolean =>
  outcome.outcome === 'verified' && outcome.unrecognized === undefined;

/** An outcome in words. Messages of errors may quote a body, so only their names are told. */
export function inWords(outcome: Outcome): string {
  switch (outcome.outcome) {
    case 'verified':
      return outcome.unrecognized === undefined ? 'verified' : `verified, but set aside as ${outcome.unrecognized}`;
    case 'refused':
      return `refused with ${outcome.reason} (${isRetried(outcome) ? 503 : 401})`;
    case 'answered':
      return `answered with ${outcome.statusCode}`;
    default:
      return `not verified, because it threw ${nameOf(outcome.error)}`;
  }
}

/** Name of an error. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : `a ${typeof error}`);

/** The result of a function that must not throw. */
export function unlessItThrows<Result>(what: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    return fail(`${what} throws ${nameOf(error)}. It must read any value, because a thrown error is answered 503.`);
  }
}
