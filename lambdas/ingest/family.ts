/** Finds the family of a verified delivery. It never fails: a body that cannot be read is unrecognized. */
import type { Family, Proof, UnrecognizedReason } from '@meetbus/events';
import { familyOfType } from '../../providers/probe/types';
import type { ProviderRuntime, Reading } from '../../providers/runtime';

/** The family of a delivery, and the reason if it is unrecognized. */
export interface FamilyChoice {
  readonly family: Family;
  readonly unrecognized?: UnrecognizedReason;
}

/**
 * The family whose queue receives the delivery.
 *
 * @param proof what proved it
 */
export function familyOf(runtime: ProviderRuntime, { body, event }: Reading, proof: Proof): FamilyChoice {
  if (body === undefined) return { family: 'unrecognized', unrecognized: 'not_json' };
  if (event === undefined) return { family: 'unrecognized', unrecognized: 'no_event_name' };
  if (proof === 'token' && !runtime.isProvedByToken?.(event)) {
    return { family: 'unrecognized', unrecognized: 'signature_required' };
  }
  const type = runtime.typeOf(event, body);
  return type === undefined
    ? { family: 'unrecognized', unrecognized: 'unknown_event_name' }
    : { family: familyOfType(type) };
}
