/** Shortens the data of an event that is too large for EventBridge, keeping its shape. */

/** How much to keep: characters of a string, entries of a list. */
interface Limits {
  readonly text: number;
  readonly entries: number;
}

/** Tried in turn. After the last, an event has at most some hundred kilobytes. */
export const SHORTENINGS: readonly Limits[] = [
  { text: 16_384, entries: 1_000 },
  { text: 1_024, entries: 100 },
];

/** Free-form members: the customer or another service decides their shape and size. All of them are optional. */
const FREE_FORM: ReadonlySet<string> = new Set(['metadata', 'extradata', 'payload']);

/** The value with long texts and lists cut, and free-form members left out. */
export function shorten(value: unknown, limits: Limits): unknown {
  if (typeof value === 'string') return value.length > limits.text ? value.slice(0, limits.text).toWellFormed() : value;
  if (Array.isArray(value)) return value.slice(0, limits.entries).map((item) => shorten(item, limits));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !FREE_FORM.has(name))
      .map(([name, member]) => [name, shorten(member, limits)]),
  );
}
