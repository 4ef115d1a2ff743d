/** The provider's body as subscribers may see it: without credentials, and with every digit of its numbers. */

import { parseBody } from '../../providers/kit/body';
import { type CredentialNames, credentialNames, withoutValues } from '../../providers/kit/credentials';
import { keepDigits } from '../../providers/kit/json';

/** A body in two forms: for the event and for the bucket. */
export interface Raw {
  /** For `data` of the event; undefined if the body is nested too deep for an event. */
  readonly inline: { readonly raw: unknown } | { readonly rawbase64: string } | undefined;
  /** For the bucket, if the event is too large. */
  readonly bytes: () => Buffer;
}

/** A larger body does not fit into any event. */
const MAX_INLINE_BYTES = 1_000_000;

/** EventBridge allows 1000 levels of nesting for a whole event; the envelope uses some of them. */
export const MAX_DEPTH = 900;

/**
 * Reads a body.
 *
 * @param credentialKeys names of members that are credentials, in any spelling; removed at any depth, also inside
 *   strings that contain JSON; their values are removed from other strings too
 * @returns undefined if the body is not JSON, or is nested too deep, and may contain a credential that cannot be
 *   removed
 */
export function readRaw(body: Buffer, credentialKeys: readonly string[]): Raw | undefined {
  const names = credentialNames(credentialKeys);
  const isClean = credentialKeys.length === 0 || !names.mayStandIn(body.toString('utf8'));
  // Too large for an event, and nothing to remove: there is no need to parse megabytes.
  if (body.length > MAX_INLINE_BYTES && isClean) return { inline: undefined, bytes: () => body };
  const exact = parseExactly(body, names);
  if (exact !== undefined && isWithinDepth(exact.value, MAX_DEPTH)) {
    return { inline: { raw: exact.value }, bytes: () => Buffer.from(JSON.stringify(exact.value)) };
  }
  if (!isClean) return undefined;
  const isJson = parseBody(body) !== undefined;
  return { inline: isJson ? undefined : { rawbase64: body.toString('base64') }, bytes: () => body };
}

/**
 * The JSON value without credentials; numbers that a double cannot hold keep their digits. Undefined if it is not JSON.
 */
function parseExactly(body: Buffer, names: CredentialNames): { readonly value: unknown } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const cut = new Set<string>();
    const value = parseWithout(names, text, cut);
    // If something was removed, run again: an earlier string may contain the same value.
    return { value: cut.size === 0 ? value : parseWithout(names, text, cut) };
  } catch {
    // Not JSON, or nested so deep that the parser's stack ran out.
    return undefined;
  }
}

/**
 * The JSON value without credentials.
 *
 * @param cut known credentials, which are removed from all strings; newly found ones are added
 * @throws SyntaxError if the text is not JSON
 */
const parseWithout = (names: CredentialNames, text: string, cut: Set<string>): unknown =>
  JSON.parse(text, (key, member, context) => {
    if (names.has(key)) {
      for (const text of [member].flat()) if (typeof text === 'string') cut.add(text);
      return undefined;
    }
    return typeof member === 'string' ? textWithout(names, member, cut) : keepDigits(key, member, context);
  });

/**
 * A string without credentials; if it contains JSON, their members are removed too. Undefined if it is nested too deep
 * to read.
 */
function textWithout(names: CredentialNames, text: string, cut: Set<string>): string | undefined {
  if (!/^\s*[{["]/.test(text) || !names.mayStandIn(text)) return withoutValues(text, cut);
  try {
    const clean = JSON.stringify(parseWithout(names, text, cut));
    // If nothing was removed, it keeps its whitespace too.
    return clean === JSON.stringify(JSON.parse(text, keepDigits)) ? text : clean;
  } catch (error) {
    return error instanceof SyntaxError ? withoutValues(text, cut) : undefined;
  }
}

/** True if a value is nested at most that deep. It does not recurse: the value may be nested deeper than the stack. */
export function isWithinDepth(value: unknown, limit: number): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return false;
    level = level.flatMap((item) => Object.values(item).filter(isContainer));
  }
  return true;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
