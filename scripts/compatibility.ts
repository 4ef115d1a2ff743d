/** The rule of the contract: within a version, fields are only added, and lists of values do not change. */
import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from '@meetbus/events';

/** Keywords with their own comparison, and those that only people read. All others must not change. */
const COMPARED: ReadonlySet<string> = new Set([
  ...['type', 'format', 'const', 'enum', 'required', 'properties', 'items'],
  ...['$schema', 'title', 'description', 'examples', 'deprecated'],
]);

/**
 * Finds changes that break subscribers. A subscriber written against `before` breaks on events of `after` if a field is
 * gone, has another type or may now be missing. One written against `after` breaks on events of `before`, which are in
 * archives and queues, if a field is required now. Subscribers validate events with the schemas that they have, so a
 * new enum value breaks them as much as a removed one: a set of values that may grow must be open from the beginning. A
 * new optional field breaks nothing, because schemas accept unknown fields.
 *
 * @returns paths with their changes; empty if nothing breaks
 */
export function breakingChanges(before: JsonSchema, after: JsonSchema, path = ''): string[] {
  const changes = [...changedKeywords(before, after), ...changedValues(before, after)].map(
    (change) => `${path || 'event'}: ${change}`,
  );
  const at = path || 'event';
  for (const name of missingFrom(after.required, before.required)) changes.push(`${at}.${name}: may now be missing`);
  for (const name of missingFrom(before.required, after.required)) {
    changes.push(`${at}.${name}: is required now, but events of before may lack it`);
  }
  for (const [name, schema] of Object.entries(before.properties ?? {})) {
    const now = after.properties?.[name];
    const where = path === '' ? name : `${path}.${name}`;
    if (now === undefined) changes.push(`${where}: has gone`);
    else changes.push(...breakingChanges(schema, now, where));
  }
  const [items, itemsNow] = [before.items, after.items];
  if (items && itemsNow) changes.push(...breakingChanges(items, itemsNow, `${path}[]`));
  else if (items !== itemsNow) changes.push(`${at}: items changed`);
  return changes;
}

function changedKeywords(before: JsonSchema, after: JsonSchema): string[] {
  const changes: string[] = [];
  if (before.type !== after.type) changes.push(`type ${before.type ?? 'any'} became ${after.type ?? 'any'}`);
  if (before.format !== after.format)
    changes.push(`format ${before.format ?? 'none'} became ${after.format ?? 'none'}`);
  if (before.const !== after.const) changes.push(`${String(before.const)} became ${String(after.const)}`);
  const others = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const keyword of others) {
    if (COMPARED.has(keyword) || isDeepStrictEqual(before[keyword], after[keyword])) continue;
    changes.push(`${keyword} changed`);
  }
  return changes;
}

function changedValues(before: JsonSchema, after: JsonSchema): string[] {
  if (before.enum === undefined) return after.enum === undefined ? [] : ['only listed values now'];
  if (after.enum === undefined) return ['any value now, but subscribers may still check for the listed ones'];
  const gone = missingFrom(after.enum, before.enum).map((value) => `the value ${value} has gone`);
  const added = missingFrom(before.enum, after.enum).map((value) => `the value ${value} is not on the list of before`);
  return [...gone, ...added];
}

/** The values of `all` that are not in `list`. */
const missingFrom = (list: readonly unknown[] = [], all: readonly unknown[] = []): unknown[] =>
  all.filter((value) => !list.includes(value));
