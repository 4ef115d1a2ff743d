/** JSON text that every AWS service takes. */

const NON_CHARACTERS = /[\uFFFE\uFFFF]/g;

/**
 * The value as JSON. SQS refuses U+FFFE and U+FFFF, which JSON may hold as they are, also in an event that EventBridge
 * brings to a queue; escaped they mean the same.
 */
export const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(NON_CHARACTERS, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
