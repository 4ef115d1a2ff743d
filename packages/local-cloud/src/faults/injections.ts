/** What each fault makes of a call. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Injection } from './fault-plan';
import type { CallFault, FaultService } from './fault-rules';
import { deniedError, internalError, throttlingError } from './service-errors';

/** The caller gets no answer: the front door cuts the connection. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** A call that goes wrong. */
export interface FaultyCall {
  readonly service: FaultService;
  readonly input: unknown;
  readonly injection: Injection;
  /** Fires when the client has gone away. */
  readonly clientGone: AbortSignal;
  /** Fires when the local cloud stops: nothing waits any longer. */
  readonly stopping: AbortSignal;
  /** Carries the call out, with this input. */
  carryOut(input: unknown): Promise<object>;
  /** Kills the execution environment that made the call. */
  killCaller(): void;
  /** From now on nothing that this environment calls is carried out, and nothing that it replies counts. */
  silenceCaller(): void;
  /** Runs a function after the answer has been sent, or after the client has gone away. */
  onceAnswered(run: () => void): void;
}

/** How long a call that times out goes without an answer; no client waits longer. */
const TIMEOUT_MS = 30_000;

/**
 * Does to a call what the fault says.
 *
 * @returns the output of the call
 * @throws AwsError that the caller is to see; NoAnswer
 */
export function inject(call: FaultyCall): Promise<object> {
  return INJECTIONS[call.injection.fault](call);
}

type Inject = (call: FaultyCall) => Promise<object>;

const INJECTIONS: Readonly<Record<CallFault, Inject>> = {
  throttle: async ({ service }) => {
    throw throttlingError(service);
  },
  error: async ({ service }) => {
    throw internalError(service);
  },
  denied: async ({ service }) => {
    throw deniedError(service);
  },
  down: async () => {
    throw new NoAnswer();
  },
  timeout: async ({ clientGone, stopping }) => {
    await pause(TIMEOUT_MS, AbortSignal.any([clientGone, stopping]));
    throw new NoAnswer();
  },
  lost_answer: async (call) => {
    await carriedOutUnseen(call);
    throw new NoAnswer();
  },
  // A client that gives up does not stop a slow service: the call takes effect all the same.
  slow: async ({ injection, stopping, carryOut, input }) => {
    await pause(injection.milliseconds, stopping);
    return carryOut(input);
  },
  kill_before: async ({ killCaller }) => {
    killCaller();
    throw new NoAnswer();
  },
  kill_during: async (call) => {
    await carriedOutUnseen(call);
    call.killCaller();
    throw new NoAnswer();
  },
  // With the answer in hand it could make its next call, or reply, before the kill reaches it.
  kill_after: ({ onceAnswered, killCaller, silenceCaller, carryOut, input }) => {
    onceAnswered(killCaller);
    return carryOut(input).finally(silenceCaller);
  },
  duplicate: async ({ carryOut, input }) => {
    const output = await carryOut(input);
    await carryOut(input);
    return output;
  },
  fail_entries: failEntries,
};

/** Runs a call and drops its result, also that of a call that fails. */
async function carriedOutUnseen({ carryOut, input }: FaultyCall): Promise<void> {
  await carryOut(input).catch(() => {});
}

/** Waits that long, or until the signal fires. */
const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  delay(milliseconds, undefined, { signal }).catch(() => {});

interface PutEventsOutput {
  readonly FailedEntryCount: number;
  readonly Entries: readonly object[];
}

const FAILED_ENTRY = { ErrorCode: 'InternalFailure', ErrorMessage: 'The fault plan made this entry fail.' };

/** Half of the entries fail on average, and one at least. */
async function failEntries({ input, injection: { random }, carryOut }: FaultyCall): Promise<object> {
  const { Entries: entries = [] } = input as { Entries?: readonly object[] };
  const certain = Math.floor(random() * entries.length);
  const isFailed = entries.map((_, index) => random() < 0.5 || index === certain);
  const taken = entries.filter((_, index) => !isFailed[index]);
  const output = (
    taken.length > 0 || entries.length === 0
      ? await carryOut({ ...(input as object), Entries: taken })
      : { FailedEntryCount: 0, Entries: [] }
  ) as PutEventsOutput;
  const results = output.Entries.values();
  return {
    FailedEntryCount: output.FailedEntryCount + isFailed.filter(Boolean).length,
    Entries: isFailed.map((failed) => (failed ? FAILED_ENTRY : results.next().value)),
  };
}
