/** Small readers of JSON values whose shape is not known. */

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** The value as an object; undefined where it is anything else. */
export const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;

/** The member at a path of names; undefined where the path breaks off. Own members only. */
export function memberAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    const object = asObject(current);
    if (object === undefined || !Object.hasOwn(object, name)) return undefined;
    current = object[name];
  }
  return current;
}

/** A non-empty text, or a number as text whose digits are those that were sent; undefined where it is anything else. */
const asId = (value: unknown): string | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The ids at those paths that hold one. */
export const idsAt = (value: unknown, paths: readonly (readonly string[])[]): string[] =>
  paths.map((path) => asId(memberAt(value, ...path))).filter((id) => id !== undefined);

/** The first of them. */
export const firstId = (value: unknown, paths: readonly (readonly string[])[]): string | undefined =>
  idsAt(value, paths)[0];

/** The non-empty text in a member; undefined where it is anything else. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const member = memberAt(value, ...path);
  return typeof member === 'string' && member !== '' ? member : undefined;
}
