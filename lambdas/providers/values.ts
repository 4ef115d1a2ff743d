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

/** A non-empty text or a number as text; undefined where it is anything else. */
export const asId = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The first path that holds an id. */
export function firstId(value: unknown, paths: readonly (readonly string[])[]): string | undefined {
  for (const path of paths) {
    const id = asId(memberAt(value, ...path));
    if (id !== undefined) return id;
  }
  return undefined;
}
