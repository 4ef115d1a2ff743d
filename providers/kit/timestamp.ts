/** Signed timestamps of deliveries: a captured delivery is worthless once its timestamp is too old. */
import type { RefusalReason } from '../runtime';

/** Seconds by which a signed timestamp may differ from our clock, either way; what the Standard Webhooks libraries allow. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

/** Unix time in decimal digits without sign, fraction or leading zero. */
const UNIX_TIME = /^[1-9]\d{0,14}$/;

/** How a provider writes its timestamps. */
export interface TimestampFormat {
  /** @default 'seconds' */
  readonly unit?: 'seconds' | 'milliseconds';
  /** Seconds by which it may differ from our clock. @default 300 */
  readonly toleranceSeconds?: number | { readonly past: number; readonly future: number };
}

/**
 * Checks that a timestamp is recent.
 *
 * @param timestamp unix time, as the header has it
 * @param now our clock, milliseconds since 1970
 * @returns why the delivery is refused; undefined for a recent timestamp
 */
export function checkTimestamp(
  timestamp: string,
  now: number,
  { unit = 'seconds', toleranceSeconds = TIMESTAMP_TOLERANCE_SECONDS }: TimestampFormat = {},
): RefusalReason | undefined {
  if (!UNIX_TIME.test(timestamp)) return 'malformed_timestamp';
  const sentSeconds = unit === 'seconds' ? Number(timestamp) : Math.floor(Number(timestamp) / 1000);
  const age = Math.floor(now / 1000) - sentSeconds;
  const { past, future } =
    typeof toleranceSeconds === 'object' ? toleranceSeconds : { past: toleranceSeconds, future: toleranceSeconds };
  if (age > past) return 'timestamp_too_old';
  return age < -future ? 'timestamp_in_future' : undefined;
}
