/** The rule of the contract: within a version, fields are only added. */
import type { JsonSchema } from '../events/json-schema';

/**
 * What a subscriber that was written against `before` could trip over in events of `after`: a field that has gone, has
 * another type, or may now be missing. A new field, and a wider list of values, is no breaking change.
 *
 * @returns paths and what has changed there; empty where nothing breaks
 */
export function breakingChanges(before: JsonSchema, after: JsonSchema, path = ''): string[] {
  const changes: string[] = [];
  const at = path || 'event';
  if (before.type !== after.type) changes.push(`${at}: type ${before.type ?? 'any'} became ${after.type ?? 'any'}`);
  if (before.format !== after.format)
    changes.push(`${at}: format ${before.format ?? 'none'} became ${after.format ?? 'none'}`);
  if (before.const !== after.const) changes.push(`${at}: ${String(before.const)} became ${String(after.const)}`);
  const gone = (before.enum ?? []).filter((value) => !(after.enum ?? []).includes(value));
  if (gone.length > 0) changes.push(`${at}: the value ${gone.join(', ')} has gone`);
  for (const name of before.required ?? []) {
    if (!(after.required ?? []).includes(name)) changes.push(`${at}.${name}: may now be missing`);
  }
  for (const [name, schema] of Object.entries(before.properties ?? {})) {
    const now = after.properties?.[name];
    const where = path === '' ? name : `${path}.${name}`;
    if (now === undefined) changes.push(`${where}: has gone`);
    else changes.push(...breakingChanges(schema, now, where));
  }
  if (before.items !== undefined && after.items !== undefined) {
    changes.push(...breakingChanges(before.items, after.items, `${path}[]`));
  }
  return changes;
}
