/** What queries of Logs Insights are about: log lines as rows of fields. */
import type { LogEvent } from '../log-groups';

/** A point in time is a Date, so that it can be told from a number. Undefined where a row has no such field. */
export type Value = string | number | boolean | Date | undefined;

/** Fields by name. */
export type Row = Readonly<Record<string, Value>>;

/** The fields of a line: those that every line has, and the members of a JSON line, inner ones as `error.cause.name`. */
export function rowOf(event: LogEvent, logGroup: string, account: string): Row {
  return {
    ...membersOf(event.message),
    '@timestamp': new Date(event.timestamp),
    '@ingestionTime': new Date(event.ingestionTime),
    '@message': event.message,
    '@logStream': event.logStreamName,
    '@log': `${account}:${logGroup}`,
  };
}

/** As on AWS, a line that begins or ends with something else is no JSON line. */
function membersOf(message: string): Record<string, Value> {
  try {
    const parsed: unknown = JSON.parse(message);
    return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(flattened(parsed, '')) : {};
  } catch {
    return {};
  }
}

function* flattened(value: object, prefix: string): Generator<[string, Value]> {
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === 'object' && member !== null) yield* flattened(member, `${prefix}${key}.`);
    else if (member !== null) yield [`${prefix}${key}`, member as Value];
  }
}

/** A value as results tell it; times as `2026-01-31 09:30:00.000`. */
export const textOf = (value: Exclude<Value, undefined>): string =>
  value instanceof Date ? value.toISOString().replace('T', ' ').replace('Z', '') : String(value);

/** A value as a number; NaN where it is none. Fields of a JSON line may hold numbers as text. */
export function numberOf(value: Value): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

/** Orders two values: numbers and times by their size, all else by its text. Those that are not there come last. */
export function compare(a: Value, b: Value): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const [one, other] = [numberOf(a), numberOf(b)];
  if (!Number.isNaN(one) && !Number.isNaN(other)) return one - other;
  const [text, otherText] = [textOf(a), textOf(b)];
  return text < otherText ? -1 : Number(text > otherText);
}
