/** Tells to which family a verified delivery belongs. Nothing in it can fail: what cannot be read is unrecognized. */
import { FAMILY_OF, type Family, type Proof, type UnrecognizedReason } from '@meetbus/events';
import type { ProviderRuntime, Reading } from '../../providers/runtime';

/** The family of a delivery, and why if it is none of the known ones. */
export interface FamilyChoice {
  readonly family: Family;
  readonly unrecognized?: UnrecognizedReason;
}

/**
 * The family whose queue takes the delivery.
 *
 * @param proof what proved it
 */
export function familyOf(runtime: ProviderRuntime, { body, event }: Reading, proof: Proof): FamilyChoice {
  if (body === undefined) return { family: 'unrecognized', unrecognized: 'not_json' };
  if (event === undefined) return { family: 'unrecognized', unrecognized: 'no_event_name' };
  if (proof === 'token' && !runtime.isProvedByToken?.(event)) {
    return { family: 'unrecognized', unrecognized: 'signature_required' };
  }
  const type = runtime.typeOf(event);
  return type === undefined
    ? { family: 'unrecognized', unrecognized: 'unknown_event_name' }
    : { family: FAMILY_OF[type] };
}
