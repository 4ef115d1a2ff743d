import type { ProviderBody } from './delivery';

/** As a value of {@link vary}: leave the field out. */
export const ABSENT = Symbol('absent');

type Node = Record<string, unknown>;

/**
 * Copies a body and changes some of its fields.
 *
 * @param body the body to start from; it stays as it is
 * @param changes new values by dotted path, such as `{ 'data.bot': null, 'data.data.words.0.text': ABSENT }`
 * @returns the changed copy
 * @throws Error if a path leads through something that is not there, or if a field to leave out is not there
 */
export function vary(body: ProviderBody, changes: Readonly<Record<string, unknown>>): ProviderBody {
  const copy = structuredClone(body);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    const parent = keys.reduce((node, key) => child(node, key, path), copy as Node);
    if (value !== ABSENT) parent[last] = value;
    else if (last in parent) Reflect.deleteProperty(parent, last);
    else throw new Error(`The body has no field "${path}" to leave out: correct the path.`);
  }
  return copy;
}

function child(node: Node, key: string, path: string): Node {
  const next = node[key];
  if (typeof next !== 'object' || next === null) {
    throw new Error(`The body has no object "${key}" on the way to "${path}": correct the path.`);
  }
  return next as Node;
}
