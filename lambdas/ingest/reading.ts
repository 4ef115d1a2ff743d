/** Reads what a verified body says of itself. Nothing in it can fail: what cannot be read is unrecognized. */
import { FAMILY_OF, type Family, type UnrecognizedReason } from '../../events';
import type { ProviderIntake, Reading } from '../providers/provider';
import { memberAt } from '../providers/values';

/** Where a delivery goes, and why if it is to none of the known families. */
export interface Route {
  readonly family: Family;
  readonly unrecognized?: UnrecognizedReason;
}

/** The body as JSON and its event name. */
export function readBody(body: Buffer): Reading {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    const event = memberAt(parsed, 'event');
    return { body: parsed, event: typeof event === 'string' && event !== '' ? event : undefined };
  } catch {
    return { body: undefined, event: undefined };
  }
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
