/** Times of providers, in the one form that meeting events have. */

const PATTERN = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

const EARLIEST = new Date('0001-01-01T00:00:00Z');
const LATEST = new Date('9999-12-31T00:00:00Z');

/**
 * A provider's time in UTC, ISO 8601 with `Z`, as precise as it came (microseconds stay). A time without a zone is
 * taken for UTC.
 *
 * @returns undefined for anything that is not a time
 */
export function utcTimeOf(value: unknown): string | undefined {
  const [, date, clock, fraction = '', zone = 'Z'] =
    typeof value === 'string' ? (PATTERN.exec(value.trim()) ?? []) : [];
  if (date === undefined || clock === undefined) return undefined;
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const seconds = new Date(`${date}T${clock}${offset}`);
  // Beyond these years ISO 8601 needs a sign, which a meeting event's time does not have.
  if (!(seconds >= EARLIEST && seconds < LATEST)) return undefined;
  return `${seconds.toISOString().slice(0, 19)}.${fraction.padEnd(3, '0')}Z`;
}
