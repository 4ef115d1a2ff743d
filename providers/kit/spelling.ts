/** Members of a body whose names may be spelled otherwise: `downloadUrl`, `download_url`, `DownloadURLs`. Numbers keep their digits. */
import { singularOf } from './credentials';
import { isExactNumber } from './json';
import { asObject, type JsonObject } from './values';

/** The value as an object. A number that keeps its digits is none. */
const objectOf = (value: unknown): JsonObject | undefined => (isExactNumber(value) ? undefined : asObject(value));

/** The object with its members renamed to these; undefined where it is no object. A member with the exact name counts first. */
export function withNames(names: readonly string[], value: unknown): JsonObject | undefined {
  const object = objectOf(value);
  if (object === undefined) return undefined;
  const known = new Map(names.map((name) => [singularOf(name), name]));
  const renamed = Object.entries(object).flatMap(([other, member]) => {
    const name = known.get(singularOf(other));
    return name === undefined || (object[name] ?? null) !== null ? [] : [[name, member] as const];
  });
  return { ...object, ...Object.fromEntries(renamed) };
}

/** The member at a path of names; undefined where the path breaks off. For a verifier, which needs no schema. */
export const memberInAnySpelling = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((current, name) => {
    const object = objectOf(current);
    return object && memberNamed(object, name);
  }, value);

/** As {@link withNames} finds it, but without a copy. */
function memberNamed(object: JsonObject, name: string): unknown {
  const exact = Object.hasOwn(object, name) ? object[name] : undefined;
  if ((exact ?? null) !== null) return exact;
  const alike = singularOf(name);
  const other = Object.keys(object).findLast((key) => singularOf(key) === alike);
  return other === undefined ? undefined : object[other];
}
