/** An event as event patterns see it: a flat list of leaves, each with its dotted name. */

/** What a leaf of an event can be; `bigint` where a double would not hold the integer. */
export type Scalar = string | number | bigint | boolean | null;

/** Which element of which array a leaf lies in: array number -> index. */
export type Elements = ReadonlyMap<number, number>;

/** One value of an event. The same dotted name has several where arrays are on the way. */
export interface Leaf {
  readonly value: Scalar;
  readonly elements: Elements;
}

/** The elements of a leaf that lies in no array of objects. */
export const NO_ELEMENTS: Elements = new Map();

/**
 * The leaves of an event by dotted name (`detail.bot.id`). An empty object or array has no leaf: for a pattern it is
 * not there. Leaves of one array element share one `elements` map.
 */
export function flattenEvent(event: object): ReadonlyMap<string, readonly Leaf[]> {
  const fields = new Map<string, Leaf[]>();
  let arrays = 0;

  const visit = (value: unknown, name: string | undefined, elements: Elements): void => {
    if (Array.isArray(value)) {
      const array = arrays++;
      for (const [index, item] of value.entries()) {
        const isContainer = typeof item === 'object' && item !== null;
        visit(item, name, isContainer ? new Map(elements).set(array, index) : elements);
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        visit(member, name === undefined ? key : `${name}.${key}`, elements);
      }
    } else if (name !== undefined) {
      const leaf: Leaf = { value: value as Scalar, elements };
      const leaves = fields.get(name);
      if (leaves) leaves.push(leaf);
      else fields.set(name, [leaf]);
    }
  };

  visit(event, undefined, NO_ELEMENTS);
  return fields;
}

/**
 * Joins what two leaves say of the array elements they lie in.
 *
 * @returns `undefined` when they lie in different elements of one array: then they do not belong together
 */
export function joinElements(a: Elements, b: Elements): Elements | undefined {
  if (b.size === 0) return a;
  for (const [array, index] of b) {
    if ((a.get(array) ?? index) !== index) return undefined;
  }
  return new Map([...a, ...b]);
}
