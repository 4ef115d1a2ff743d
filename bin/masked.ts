/** Masks credentials in what is shown: in JSON by the names of members, in any other text what looks like one. */
import { spelledAlike } from '../providers/kit/credentials';

const MASKED = '(masked)';

/**
 * Names of members that are credentials, however they are spelled. Some are so only where they are a whole name: an author is
 * none.
 */
const CREDENTIAL_NAMES = [
  /token|secret|passw(or)?d|pass(code|phrase)|pwd|signature|credential|jwt|cookie|bearer|authori[sz]ation/,
  /(stream|api|access|private|signing|encryption|shared)key/,
  /^(auth|pass|pin|otp)$/,
];

/** A text may hold another one, such as JSON in base64; deeper than this nobody nests one by mistake. */
const MAX_DEPTH = 4;

const isCredential = (name: string): boolean => CREDENTIAL_NAMES.some((pattern) => pattern.test(spelledAlike(name)));

/** The JSON value, credentials masked, and links from their path on: whoever holds a download link has the file. */
export function masked(value: unknown, depth = 0): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (key, member) => {
    if (member !== null && isCredential(key)) return MASKED;
    return typeof member === 'string' ? maskedText(member, depth) : member;
  });
}

/** A text without credentials and links, be it JSON, half of it, or none; also where it holds base64 of such. */
export function maskedText(text: string, depth = 0): string {
  if (depth > MAX_DEPTH) return MASKED;
  const json = containerIn(text);
  if (json !== undefined) return JSON.stringify(masked(json, depth + 1));
  return maskMembers(unescaped(text))
    .replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/)(?:[^\s/@]*@)?([^\s/?#]+)[^\s]*/gi, `$1$2/${MASKED}`)
    .replace(/\bwhsec_[\w+/=]+|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/g, MASKED)
    .replace(/(?<![\w+/-])[\w+/-]{16,}={0,2}/g, (run) => maskedRun(run, depth));
}

/** A masked value as a terminal may show it: a text as one line of JSON, so that nothing in it steers the terminal. */
export const printed = (value: unknown): string =>
  JSON.stringify(value ?? null, null, 2).replace(
    /[\x7f-\x9f\p{Cf}]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

/** The text of bytes: as UTF-8, or with a character for each byte where they are none. */
export function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** Base64 stays as it is unless what it stands for holds a credential. */
function maskedRun(run: string, depth: number): string {
  const text = textOf(Buffer.from(run, 'base64'));
  const clean = maskedText(text, depth + 1);
  // JSON is written anew, so only a mask in it tells that something was masked.
  return clean.split(MASKED).length > text.split(MASKED).length ? clean : run;
}

/** An object or a list in JSON; undefined for any other text. */
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

/** A name with what stands between it and its value: in JSON, in JSON within a text, in a query, in a header. */
const NAME = /(?<![\w.-])([a-z_][\w.-]*)((?:\\*["'])?\s*[:=]\s*)/gi;

/** A value: quoted, up to its own quotation mark; else a list or an object, which has no end to rely on; else a word. */
const VALUE = /(\\*["'])[\s\S]*?(?:(?<!\\)\1|$)|[{[][\s\S]*|(?:(?:Bearer|Basic|Token)\s+)?[^\s,;&}\])"']+/iy;

/** The text with the values of members that are credentials left out. */
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
