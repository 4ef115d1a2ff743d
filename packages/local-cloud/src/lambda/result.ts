/**
 * Why an invocation gave no result.
 *
 * - `handled`: the handler threw, or its result cannot be sent
 * - `timeout`: the function's timeout passed
 * - `crash`: the process ended during the event
 * - `init`: the function's code could not be loaded
 * - `throttled`: the function's reserved concurrency is used up; the function did not run
 * - `too_large`: the event is over Lambda's limit; the function did not run
 */
export type FailureKind = 'handled' | 'timeout' | 'crash' | 'init' | 'throttled' | 'too_large';

/** A failed invocation, with Lambda's own `errorType` and `errorMessage`. */
export interface InvokeFailure {
  readonly ok: false;
  readonly kind: FailureKind;
  readonly errorType: string;
  readonly errorMessage: string;
}

/** What an invocation comes to. Invoking never throws. */
export type InvokeResult = { readonly ok: true; readonly payload: unknown } | InvokeFailure;

/** Makes an {@link InvokeFailure}. */
export const failure = (kind: FailureKind, errorType: string, errorMessage: string): InvokeFailure => ({
  ok: false,
  kind,
  errorType,
  errorMessage,
});

/** Largest event of a synchronous invocation in bytes: 6 MiB. */
export const MAX_REQUEST_BYTES = 6 * 1024 * 1024;

/** Largest result in bytes. Lambda allows results 100 bytes more than events. */
export const MAX_RESPONSE_BYTES = MAX_REQUEST_BYTES + 100;
