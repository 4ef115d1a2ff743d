/** Tells where a verified delivery goes. Nothing in it can fail: what cannot be read is unrecognized. */
import { FAMILY_OF, type Family, type UnrecognizedReason } from '../../events';
import type { ProviderIntake, Reading } from '../providers/provider';

/** Where a delivery goes, and why if it is to none of the known families. */
export interface Route {
  readonly family: Family;
  readonly unrecognized?: UnrecognizedReason;
}

/** The family whose queue takes the delivery. */
export function routeOf(provider: ProviderIntake, { body, event }: Reading): Route {
  if (body === undefined) return { family: 'unrecognized', unrecognized: 'not_json' };
  if (event === undefined) return { family: 'unrecognized', unrecognized: 'no_event_name' };
  const type = provider.typeOf(event);
  return type === undefined
    ? { family: 'unrecognized', unrecognized: 'unknown_event_name' }
    : { family: FAMILY_OF[type] };
}
