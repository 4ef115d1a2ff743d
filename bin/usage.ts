/** Parses options and reports invalid ones. Wrong usage exits with 2, a failure with 1. */
import { type Argument, InvalidArgumentError, Option } from 'commander';
import { didYouMean, sentences } from './did-you-mean';

/** The person asked for something impossible: the command exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Limits an argument or an option to these values. For any other, the error suggests the nearest. */
export function withChoices<T extends Argument | Option>(of: T, names: readonly string[]): T {
  of.choices(names);
  const { parseArg: parse } = of;
  of.argParser((value: string, before: unknown) => {
    if (names.includes(value)) return parse?.(value, before);
    const allowed = `Allowed choices are ${names.join(', ')}.`;
    throw new InvalidArgumentError(sentences(didYouMean(value, names), allowed));
  });
  return of;
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a whole number from 1. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return Number(text);
}

/** Reads a port of this machine; 0 is for any that is free. */
export function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError('Give a port from 0 to 65535; 0 takes a free one.');
}

/** Reads a whole number from 0. */
export function wholeNumber(text: string): number {
  if (!/^(0|[1-9]\d{0,8})$/.test(text)) throw new InvalidArgumentError('Give a whole number from 0.');
  return Number(text);
}

/** The lowest rate: at a lower one a command would wait for minutes between two operations. */
const LEAST_PER_SECOND = 0.1;

/** Reads a rate, such as `20/s` or `20`, per second. */
export function perSecond(text: string): number {
  const rate = Number(/^(\d{1,6}(?:\.\d+)?)(?:\/s)?$/.exec(text)?.[1]);
  if (!(rate >= LEAST_PER_SECOND)) {
    throw new InvalidArgumentError(`Give a number a second from ${LEAST_PER_SECOND}, such as 20/s.`);
  }
  return rate;
}

/** Ten years: a longer duration is a typing error, and such times cannot be represented. */
const LONGEST_DAYS = 3_650;

/** Reads a duration, such as `500ms`, `30s`, `10m`, `2h` or `1d`; in milliseconds. */
export function durationMs(text: string): number {
  const [, number, unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('Give a number and ms, s, m, h or d, such as 30s.');
  const duration = Number(number) * (UNIT_MS[unit] as number);
  if (duration > LONGEST_DAYS * 86_400_000) throw new InvalidArgumentError(`Give ${LONGEST_DAYS}d at most.`);
  return duration;
}

/** Reads a point in time: ISO 8601 with its zone, or a duration ago, such as `-2h`; in milliseconds since 1970. */
export function timeMs(text: string): number {
  if (text.startsWith('-')) return Date.now() - durationMs(text.slice(1));
  const [, day = ''] = /^(\d{4}-\d\d-\d\d)T[\d:.]+(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const at = isDay(day) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError('Give a time such as 2026-01-31T09:30:00Z, or -2h.');
  return at;
}

/** Reads a point in time as {@link timeMs} does, or a duration ago without its sign, such as `3h`. */
export const sinceMs = (text: string): number =>
  /^\d+[a-z]+$/.test(text) ? Date.now() - durationMs(text) : timeMs(text);

/**
 * The option `--since`, read by {@link sinceMs}.
 *
 * @param unlessTold default, as a duration ago, such as `3h`
 */
export const sinceOption = (description: string, unlessTold: string): Option =>
  new Option('--since <time>', description).argParser(sinceMs).default(sinceMs(unlessTold), unlessTold);

/**
 * The time from `--since` to `--until`, which is now if left out. In milliseconds since 1970.
 *
 * @throws UsageError if it ends before it begins
 */
export function windowOf({
  since,
  until = Date.now(),
}: {
  readonly since: number;
  readonly until?: number | undefined;
}) {
  if (since >= until) throw new UsageError('--until must be later than --since.');
  return { from: since, to: until };
}

/** Whether a date exists in the calendar: `Date.parse` reads February 30 as March 2. */
function isDay(date: string): boolean {
  const at = Date.parse(date);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

/** Gathers the values of an option that may be repeated. */
export const repeated = (value: string, before: readonly string[] = []): string[] => [...before, value];
