/** Converts times of providers to the format of meeting events. */
import { digitsOf } from './json';

/** Date and clock as ISO 8601 has them, or as databases and Go write them: `2026-03-02 09:30:00.5 +0000 UTC`. */
const CALENDAR =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(?:Z|UTC|GMT|([+-]\d{2}):?(\d{2})?(?:\s+[A-Z\d+-]{1,5})?)?$/i;

/** Seconds since 1970, or thousandths, millionths or billionths of them. Fewer or other digits are no time of ours. */
const EPOCH = /^([1-9]\d{9})(\d{3}|\d{6}|\d{9})?(?:\.(\d+))?$/;

/** Go writes an unset time as the first second of the year 1. */
const EARLIEST = new Date('1970-01-01T00:00:00Z');
const LATEST = new Date('9999-12-31T00:00:00Z');

/** More digits of a second than a meeting event's time has. */
const MAX_FRACTION_DIGITS = 9;

/**
 * A provider's time in UTC, ISO 8601 with `Z`, as precise as it came, to the billionth of a second. A time without a zone is
 * taken for UTC. Numbers, and texts of digits, are times since 1970 where they are of ten digits, or of 13, 16 or 19.
 *
 * @param value the value of a time member; never pass an id or an offset, because its digits may look like a time
 * @returns undefined for anything that is not a time
 */
export function utcTimeOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : plainDigitsOf(value);
  return text === undefined ? undefined : (calendarTimeOf(text) ?? epochTimeOf(text));
}

/** A number without an exponent; one without is unchanged, because its last digits matter. */
function plainDigitsOf(value: unknown): string | undefined {
  const digits = digitsOf(value);
  return digits !== undefined && /e/i.test(digits) ? String(Number(digits)) : digits;
}

function calendarTimeOf(text: string): string | undefined {
  const [, date, minutes, seconds = '00', fraction = '', hour, minute = '00'] = CALENDAR.exec(text) ?? [];
  if (date === undefined || !isDate(date)) return undefined;
  const zone = hour === undefined ? 'Z' : `${hour}:${minute}`;
  return written(new Date(`${date}T${minutes}:${seconds}${zone}`), fraction);
}

/** Whether the month has that day: JavaScript reads February 30 as March 2. */
const isDate = (date: string): boolean => {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
};

function epochTimeOf(text: string): string | undefined {
  const [, seconds, parts = '', fraction = ''] = EPOCH.exec(text) ?? [];
  return seconds === undefined ? undefined : written(new Date(Number(seconds) * 1_000), parts + fraction);
}

function written(seconds: Date, fraction: string): string | undefined {
  // Beyond these years ISO 8601 needs a sign, which a meeting event's time does not have.
  if (!(seconds >= EARLIEST && seconds < LATEST)) return undefined;
  return `${seconds.toISOString().slice(0, 19)}.${fraction.slice(0, MAX_FRACTION_DIGITS).padEnd(3, '0')}Z`;
}
