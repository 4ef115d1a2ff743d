/**
 * The conformance suite: what must be true of every provider, as checks for any test runner. They run in one process, against the
 * provider's runtime and with what its sandbox signs; a provider's server is a fake on 127.0.0.1.
 */
import type { Provider } from '../provider';
import type { Check } from './check';
import { definition, missingOptions, secretEntries, setUp } from './definition';
import { families, notJson, oversized, redaction, types, unknownNames } from './events';
import { hostileBodies, hostileDeliveries } from './hostile';
import { distinct, forgedIds, retries } from './identity';
import { firstLoad, outage, retirement, rotation } from './keys';
import { beginnings, occurrences } from './occurrences';
import { doubledHeaders, genuine, handshake, stale, tampered } from './proof';
import { silence } from './secrecy';
import { Stage } from './stage';

export { type Check, ConformanceError } from './check';

/** Every check, by what holds of a provider that passes. */
const CHECKS = {
  'its definition is complete, and fits its runtime': definition,
  'its secret is described, and can be made up': secretEntries,
  'its runtime asks for nothing that the definition does not name': setUp,
  'its runtime starts without options': missingOptions,
  'every genuine sample is verified': genuine,
  'a tampered delivery is refused': tampered,
  'a stale delivery is refused': stale,
  'a doubled header does no harm': doubledHeaders,
  'a handshake is answered, and a forged one is not': handshake,
  'a new key is accepted at once, and the previous key still is': rotation,
  'a retired key is no longer accepted': retirement,
  'the last good keys serve while their source is down': outage,
  'a delivery is never refused for good where there are no keys yet': firstLoad,
  'a retry has the identity of the first try': retries,
  'different deliveries have different identities': distinct,
  'what is not signed does not change the identity': forgedIds,
  'every sample and variant becomes an event of its type': types,
  'its families are those of its samples': families,
  'what events report is told apart': occurrences,
  'what begins with events can be asked about': beginnings,
  'an unknown event name is kept as unrecognized': unknownNames,
  'a body that is not JSON is kept': notJson,
  'an oversized body is kept': oversized,
  'credentials do not reach events': redaction,
  'hostile deliveries are refused without an error': hostileDeliveries,
  'hostile bodies are read without an error': hostileBodies,
  'nothing secret is logged': silence,
} as const satisfies Readonly<Record<string, (stage: Stage) => Promise<void>>>;

/** Name of a check. */
export type CheckName = keyof typeof CHECKS;

/**
 * The checks that every provider passes.
 *
 * @param provider with the settings to check
 * @example
 * ```ts
 * for (const { name, run } of conformance(acme())) it(name, run);
 * ```
 */
export const conformance = (provider: Provider): readonly Check[] =>
  Object.entries(CHECKS).map(([name, check]) => ({ name, run: () => Stage.with(provider, check) }));
