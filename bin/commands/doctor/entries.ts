/** Findings about the entries of a secret. */
import type { SecretEntry } from '../../../providers/provider';
import { type Finding, problem, warning } from '../../findings';
import { entriesOf, inWords, type SecretJson } from '../secrets/entries';
import { addCommandOf, entryOf, type SecretOwner } from '../secrets/owners';

const RETIRE = 'npx meetbus secrets retire <fingerprint>';

/**
 * Reports the entries that verifiers ignore, and those that are easy to guess.
 *
 * @param check name of the findings
 */
export const entryFindings = (check: string, owner: SecretOwner, json: SecretJson): Finding[] =>
  entriesOf(owner, json).flatMap((entry) => {
    if (!entry.isUsable) return [problem(check, `Not usable: ${inWords(entry)}.`, RETIRE)];
    if (!entry.isWeak) return [];
    return [
      warning(check, `Easy to guess, but taken: ${inWords(entry)}.`, replacing(owner, entryOf(owner, entry.kind))),
    ];
  });

/** The commands that replace an entry of a kind. A provider may use the old one for a while. */
const replacing = (owner: SecretOwner, entry: SecretEntry): string =>
  `${addCommandOf(owner, entry)} --generate; ${entry.passOn ? `${entry.passOn};` : 'once nothing uses the weak one:'} ${RETIRE}`;
