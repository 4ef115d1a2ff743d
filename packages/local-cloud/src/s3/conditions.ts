/** Conditional requests, which are answered without a body or with an error, and ranges of an object. */

import { AwsError } from '../service';

type Headers = Readonly<Record<string, string>>;

/** What conditions look at. */
interface Version {
  /** With its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
}

/**
 * Whether a client has the object already, as `If-None-Match` or `If-Modified-Since` say.
 *
 * @throws AwsError `PreconditionFailed` when `If-Match` or `If-Unmodified-Since` do not hold
 */
export function isUnchanged(headers: Headers, version: Version): boolean {
  const modifiedAt = Math.floor(version.lastModified.getTime() / 1_000) * 1_000;
  const since = dateIn(headers['if-modified-since']);
  const until = dateIn(headers['if-unmodified-since']);
  const isStale = headers['if-match'] === undefined && until !== undefined && modifiedAt > until;
  if (isStale) throw failed('If-Unmodified-Since');
  requireMatch(headers, version);
  const known = headers['if-none-match'];
  return known === undefined ? since !== undefined && modifiedAt <= since : names(known, version);
}

/** @throws AwsError `PreconditionFailed` when `If-Match` names another version */
export function requireMatch(headers: Headers, version: Version): void {
  const wanted = headers['if-match'];
  if (wanted !== undefined && !names(wanted, version)) throw failed('If-Match');
}

/** Quotes may be left out, as S3 allows. */
function names(list: string, { etag }: Version): boolean {
  const tags = list.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  return tags.includes('*') || tags.includes(etag.replaceAll('"', ''));
}

/** In milliseconds; a date that is none counts as not given. */
function dateIn(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

const failed = (condition: string): AwsError =>
  new AwsError(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${condition}.`,
    412,
  );

/** Bytes from the first to the last, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * The range that a request asks for; undefined for the whole object. As on S3 that is also the answer to several ranges,
 * and to what is no range.
 *
 * @throws AwsError `InvalidRange` when the object has none of the bytes
 */
export function rangeOf({ range = '' }: Headers, size: number): Range | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range.trim()) ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (first <= last) return { first, last };
  throw new AwsError('InvalidRange', `The requested range is not satisfiable: the object has ${size} bytes.`, 416);
}
