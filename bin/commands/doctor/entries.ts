/** Findings about the entries of a secret. */
import { type Finding, problem, warning } from '../../findings';
import type { Entry } from '../secrets/entries';

export const RETIRE = 'npx meetbus secrets retire <fingerprint>';

/**
 * Reports the entries that verifiers ignore, and those that are easy to guess.
 *
 * @param check name of the findings
 * @param replace what to do about an entry that is easy to guess
 */
export const entryFindings = (check: string, entries: readonly Entry[], replace: string): Finding[] =>
  entries.flatMap(({ kind, fingerprint, isUsable, isWeak }) => {
    if (!isUsable) return [problem(check, `Not usable: ${kind} ${fingerprint}.`, RETIRE)];
    return isWeak ? [warning(check, `Easy to guess, but taken: ${kind} ${fingerprint}.`, replace)] : [];
  });
