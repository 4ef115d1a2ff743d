/** Checks a delivery with cached keys, and once more with fresh ones before it is refused. */
import { type RefusalReason, type Refused, refused, type Verified } from '../runtime';
import type { Cached } from './stale-if-error-cache';

/** Refusals that a rotated or a just configured key would turn into a yes. */
const MAY_BE_ROTATED: ReadonlySet<RefusalReason> = new Set(['no_matching_key', 'unknown_token', 'not_configured']);

/**
 * The outcome of `check`, tried with the cached keys and, when these do not fit, with the keys as their source has
 * them now: a rotation costs no delivery. While the source does not answer, those that another copy of the verifier has kept
 * may fit. Else nobody can say that a signature is wrong, so the outcome is `key_unavailable`, which providers retry.
 */
export async function verifyWithFreshKeys<Keys>(
  keys: Cached<Keys>,
  check: (keys: Keys) => Verified | Refused,
): Promise<Verified | Refused> {
  const cached = await keys.get();
  if (!cached.ok) return refused(cached.missing);
  const first = check(cached.value);
  if (first.outcome === 'verified' || !MAY_BE_ROTATED.has(first.reason)) return first;
  const fresh = await keys.refresh();
  if (!fresh.ok) {
    const { stored } = keys;
    const last = stored === undefined ? first : check(stored);
    return last.outcome === 'verified' ? last : refused(fresh.missing);
  }
  return fresh.value === cached.value ? first : check(fresh.value);
}
