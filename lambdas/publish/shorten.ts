/** Shortens the data of an event that is too large for EventBridge, keeping its shape. */

/** How much is left: characters of a text, entries of a list. */
interface Limits {
  readonly text: number;
  readonly entries: number;
}

/** Tried in turn. After the last, an event is some hundred kilobytes at the most. */
export const SHORTENINGS: readonly Limits[] = [
  { text: 16_384, entries: 1_000 },
  { text: 1_024, entries: 100 },
];

/** Members whose shape and size the customer or another service decides. All of them are optional. */
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
