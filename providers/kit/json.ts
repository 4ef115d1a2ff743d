/** JSON that every AWS service accepts, and that keeps the digits of its numbers. */

/** A number that keeps its original text, because a double would be written differently. */
interface ExactNumber {
  readonly rawJSON: string;
}

declare global {
  /** Node.js 22 and later have these, so functions do; commands may run on 20. TypeScript's library does not know them yet. */
  interface JSON {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): ExactNumber;
    isRawJSON?(value: unknown): value is ExactNumber;
  }
}

const NON_CHARACTERS = /[\uFFFE\uFFFF]/g;

/**
 * The value as JSON. SQS rejects U+FFFE and U+FFFF, which JSON may contain unescaped, also in an event that EventBridge
 * sends to a queue; so they are escaped.
 */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(NON_CHARACTERS, (character) => `\\u${character.charCodeAt(0).toString(16)}`);

/** A reviver of `JSON.parse`: a number that would be written differently, such as 1.10, keeps its text. */
export const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value;
};

/** True for a number whose text {@link keepDigits} has kept. To JavaScript it is an object. */
export const isExactNumber = (value: unknown): value is ExactNumber => JSON.isRawJSON?.(value) ?? false;

/** The digits of a number as they were sent, if {@link keepDigits} has kept them; undefined for anything else. */
export function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return isExactNumber(value) ? value.rawJSON : undefined;
}
