/** Masks credentials in output: in JSON by the names of members, in any other text by their look. */
import { spelledAlike } from '../providers/kit/credentials';

const MASKED = '(masked)';

/** Stands for a value that is nested deeper than the stack. */
const TOO_DEEP = '(nested too deep to be shown)';

/**
 * Names of members that are credentials, in any spelling. Some must match the whole name: `author` is not a credential.
 */
const CREDENTIAL_NAMES = [
  /token|secret|passw(or)?d|pass(code|phrase)|pwd|signature|credential|jwt|cookie|bearer|authori[sz]ation/,
  /(stream|api|access|private|signing|encryption|shared)key/,
  /^(auth|pass|pin|otp)$/,
];

/** A string may contain another one, such as JSON in base64; nobody nests deeper than this by mistake. */
const MAX_DEPTH = 4;

const isCredential = (name: string): boolean => CREDENTIAL_NAMES.some((pattern) => pattern.test(spelledAlike(name)));

/**
 * The JSON value with masked credentials, and links cut before their path: anyone with a download link can fetch the
 * file.
 */
export function masked(value: unknown, depth = 0): unknown {
  try {
    return JSON.parse(JSON.stringify(value ?? null), (key, member) => {
      if (member !== null && isCredential(key)) return MASKED;
      return typeof member === 'string' ? maskedText(member, depth) : member;
    });
  } catch (error) {
    // One such value must not hide all others that are shown with it.
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

/**
 * A string without credentials and links, whether it is JSON, incomplete JSON or other text; base64 of these is masked
 * too.
 */
export function maskedText(text: string, depth = 0): string {
  if (depth > MAX_DEPTH) return MASKED;
  const json = containerIn(text);
  if (json !== undefined) return JSON.stringify(masked(json, depth + 1));
  return (
    maskMembers(unescaped(text))
      .replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/)(?:[^\s/@]*@)?([^\s/?#]+)[^\s]*/gi, `$1$2/${MASKED}`)
      .replace(/\bwhsec_[\w+/=]+|\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/g, MASKED)
      // The rest of a JWT is optional, so that what only begins like one is passed over at once, not searched again and again.
      .replace(/\beyJ[\w-]{8,}(\.[\w-]+\.[\w-]*)?/g, (run, rest?: string) => (rest === undefined ? run : MASKED))
      .replace(/(?<![\w+/-])[\w+/-]{16,}={0,2}/g, (run) => maskedRun(run, depth))
  );
}

/**
 * A masked value, safe for a terminal: a string becomes one line of JSON, so that it cannot contain control sequences.
 */
export const printed = (value: unknown): string =>
  JSON.stringify(value ?? null, null, 2).replace(
    /[\x7f-\x9f\p{Cf}]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

/** Bytes as a string: as UTF-8, or with a character for each byte if they are not UTF-8. */
export function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** Base64 stays unchanged unless the decoded text contains a credential. */
function maskedRun(run: string, depth: number): string {
  const text = textOf(Buffer.from(run, 'base64'));
  const clean = maskedText(text, depth + 1);
  // JSON is rewritten, so only a mask in it shows that something was masked.
  return clean.split(MASKED).length > text.split(MASKED).length ? clean : run;
}

/** The object or list in a JSON text; undefined for any other text. */
function containerIn(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Letters, digits and - that are written as \u0074: a name could hide in them. Quotes and backslashes stay. */
const unescaped = (text: string): string =>
  text.replace(/\\{1,8}u00([2-7][0-9a-f])/gi, (written, hex: string) => {
    const letter = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w-]/.test(letter) ? letter : written;
  });

/** A name with the characters between it and its value: in JSON, in JSON inside a string, in a query, in a header. */
const NAME = /(?<![\w.-])([a-z_][\w.-]*)((?:\\*["'])?\s*[:=]\s*)/gi;

/** A value: a quoted string up to its closing quote; or a list or an object, whose end is unreliable; or a word. */
const VALUE = /(\\*["'])[\s\S]*?(?:(?<!\\)\1|$)|[{[][\s\S]*|(?:(?:Bearer|Basic|Token)\s+)?[^\s,;&}\])"']+/iy;

/** The text without the values of members that are credentials. */
function maskMembers(text: string): string {
  let clean = '';
  let end = 0;
  for (const { 0: name_, 1: name = '', index } of text.matchAll(NAME)) {
    if (index < end || !isCredential(name)) continue;
    VALUE.lastIndex = index + name_.length;
    const [value] = VALUE.exec(text) ?? [];
    if (value === undefined || value === 'null') continue;
    clean += text.slice(end, index + name_.length) + MASKED;
    end = index + name_.length + value.length;
  }
  return clean + text.slice(end);
}
