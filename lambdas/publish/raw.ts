/** The provider's body as subscribers may see it: without credentials, and with every digit of its numbers. */
import { keepDigits } from '../platform/json';
import { readBody } from '../providers/body';
import { type CredentialNames, credentialNames } from '../providers/credentials';

/** A body in the two forms in which it can travel. */
export interface Raw {
  /** What goes into `data`; undefined where the body is nested too deep for an event. */
  readonly inline: { readonly raw: unknown } | { readonly rawbase64: string } | undefined;
  /** What goes into the bucket where the event is too large. */
  readonly bytes: () => Buffer;
}

/** A body of more bytes fits into no event, whatever else is in it. */
const MAX_INLINE_BYTES = 1_000_000;

/** EventBridge takes 1000 levels of nesting for a whole event; the envelope has some of its own. */
export const MAX_DEPTH = 900;

/**
 * Reads a body.
 *
 * @param credentialKeys names of members that are credentials, in any spelling; cut out at any depth, also in texts that are JSON
 * themselves
 * @returns undefined where the body is not JSON, or is nested too deep, and may hold a credential that cannot be cut out
 */
export function readRaw(body: Buffer, credentialKeys: readonly string[]): Raw | undefined {
  const names = credentialNames(credentialKeys);
  const isClean = credentialKeys.length === 0 || !names.mayStandIn(body.toString('utf8'));
  // Too large to travel, and nothing to cut out: parsing megabytes digit by digit would be for nothing.
  if (body.length > MAX_INLINE_BYTES && isClean) return { inline: undefined, bytes: () => body };
  const exact = parseExactly(body, names);
  if (exact !== undefined && isWithinDepth(exact.value, MAX_DEPTH)) {
    return { inline: { raw: exact.value }, bytes: () => Buffer.from(JSON.stringify(exact.value)) };
  }
  if (!isClean) return undefined;
  const isJson = readBody(body).body !== undefined;
  return { inline: isJson ? undefined : { rawbase64: body.toString('base64') }, bytes: () => body };
}

/** The JSON value without credentials; numbers that a double cannot hold keep their text. Undefined if it is no JSON. */
function parseExactly(body: Buffer, names: CredentialNames): { readonly value: unknown } | undefined {
  try {
    return { value: parseWithout(names, new TextDecoder('utf-8', { fatal: true }).decode(body)) };
  } catch {
    // Not JSON, or nested so deep that the parser's stack ran out.
    return undefined;
  }
}

/** @throws SyntaxError where the text is no JSON */
const parseWithout = (names: CredentialNames, text: string): unknown =>
  JSON.parse(text, (key, member, context) => {
    if (names.has(key)) return undefined;
    return typeof member === 'string' ? textWithout(names, member) : keepDigits(key, member, context);
  });

/** A text that is JSON itself, without the credentials in it; any other as it is. Undefined where it is nested too deep to be read. */
function textWithout(names: CredentialNames, text: string): string | undefined {
  if (!/^\s*[{["]/.test(text) || !names.mayStandIn(text)) return text;
  try {
    const clean = JSON.stringify(parseWithout(names, text));
    // Where nothing was cut out it keeps its blanks too.
    return clean === JSON.stringify(JSON.parse(text, keepDigits)) ? text : clean;
  } catch (error) {
    return error instanceof SyntaxError ? text : undefined;
  }
}

/** True where a value is nested at most so deep. It does not recurse: the value may be nested deeper than the stack. */
export function isWithinDepth(value: unknown, limit: number): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return false;
    level = level.flatMap((item) => Object.values(item).filter(isContainer));
  }
  return true;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
