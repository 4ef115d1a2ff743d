/** Checks a delivery with cached keys, and again with fresh ones before it is refused. */
import { type RefusalReason, type Refused, refused, type Verification } from '../runtime';
import type { Cached } from './stale-if-error-cache';

/** Refusals that a rotated, or a newly configured, key might turn into acceptance. */
const MAY_BE_ROTATED: ReadonlySet<RefusalReason> = new Set(['no_matching_key', 'unknown_token', 'not_configured']);

/**
 * Checks a delivery with the cached keys. Where they do not match, it loads the keys again, so that a rotation costs no delivery. While
 * the source is down, it tries the keys that another copy of the verifier has stored. If they do not match either, nobody knows
 * whether the signature is wrong: the delivery is refused with `key_unavailable`, which is answered 503.
 */
export async function verifyWithFreshKeys<Keys, Result extends Verification>(
  keys: Cached<Keys>,
  check: (keys: Keys) => Result | Refused,
): Promise<Result | Refused> {
  const cached = await keys.get();
  if (!cached.ok) return refused(cached.missing);
  const first = check(cached.value);
  if (first.outcome !== 'refused' || !MAY_BE_ROTATED.has(first.reason)) return first;
  const fresh = await keys.refresh();
  if (!fresh.ok) {
    const { stored } = keys;
    const last = stored === undefined ? first : check(stored);
    return last.outcome === 'refused' ? refused(fresh.missing) : last;
  }
  return fresh.value === cached.value ? first : check(fresh.value);
}
