/** The provider's body as subscribers may see it: without credentials, and with every digit of its numbers. */

import { parseBody } from '../../providers/kit/body';
import { type CredentialNames, credentialNames, withoutValues } from '../../providers/kit/credentials';
import { keepDigits } from '../../providers/kit/json';

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
 * themselves; their values are cut out of other texts too
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
  const isJson = parseBody(body) !== undefined;
  return { inline: isJson ? undefined : { rawbase64: body.toString('base64') }, bytes: () => body };
}

/** The JSON value without credentials; numbers that a double cannot hold keep their text. Undefined if it is no JSON. */
function parseExactly(body: Buffer, names: CredentialNames): { readonly value: unknown } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const cut = new Set<string>();
    const value = parseWithout(names, text, cut);
    // Once more where something was cut out: what stands before it may hold its value too.
    return { value: cut.size === 0 ? value : parseWithout(names, text, cut) };
  } catch {
    // Not JSON, or nested so deep that the parser's stack ran out.
    return undefined;
  }
}

/**
 * The JSON value without credentials.
 *
 * @param cut texts that are credentials, which are cut out of all others; those that are found are added
 * @throws SyntaxError where the text is no JSON
 */
const parseWithout = (names: CredentialNames, text: string, cut: Set<string>): unknown =>
  JSON.parse(text, (key, member, context) => {
    if (names.has(key)) {
      if (typeof member === 'string') cut.add(member);
      return undefined;
    }
    return typeof member === 'string' ? textWithout(names, member, cut) : keepDigits(key, member, context);
  });

/** A text without credentials, also by their names where it is JSON itself. Undefined where it is nested too deep to be read. */
function textWithout(names: CredentialNames, text: string, cut: Set<string>): string | undefined {
  if (!/^\s*[{["]/.test(text) || !names.mayStandIn(text)) return withoutValues(text, cut);
  try {
    const clean = JSON.stringify(parseWithout(names, text, cut));
    // Where nothing was cut out it keeps its blanks too.
    return clean === JSON.stringify(JSON.parse(text, keepDigits)) ? text : clean;
  } catch (error) {
    return error instanceof SyntaxError ? withoutValues(text, cut) : undefined;
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
