/** PutEvents as far as it needs no bus: what AWS refuses, and the envelope of what it takes. */

import { randomUUID } from 'node:crypto';
import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION } from '../service';
import type { ArchivedEvent } from './archive-file';
import { nestingDepth } from './json-text';
import type { BusEvent } from './types';

/** Entries that one call may have. */
export const MAX_ENTRIES = 10;

/** The entries of one call together stay below this, in bytes as {@link entrySize} counts them: 1 MB. */
export const MAX_REQUEST_BYTES = 1024 * 1024;

/** Levels that a detail may nest. */
export const MAX_NESTING = 1000;

/** Characters that a detail type may have. */
export const MAX_DETAIL_TYPE_LENGTH = 128;

/** One entry of PutEvents. `Time` is in seconds since 1970 where it comes over HTTP. */
export interface PutEventsEntry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
  readonly Time?: number | Date;
  /** X-Ray trace header. */
  readonly TraceHeader?: string;
}

/** Why an entry was refused. */
export interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/**
 * Checks what AWS checks of the whole call.
 *
 * @throws AwsError `ValidationException`: nothing of the call was taken
 */
export function checkRequest(entries: readonly PutEventsEntry[] | undefined): readonly PutEventsEntry[] {
  if (!entries || entries.length === 0 || entries.length > MAX_ENTRIES) {
    throw new AwsError(
      'ValidationException',
      `PutEvents takes 1 to ${MAX_ENTRIES} Entries, not ${entries?.length ?? 0}; send them in several calls.`,
    );
  }
  const size = entries.reduce((total, entry) => total + entrySize(entry), 0);
  if (size >= MAX_REQUEST_BYTES) {
    throw new AwsError(
      'ValidationException',
      `Total size of the entries in the request is over the limit: ${size} bytes, and it must be below ${MAX_REQUEST_BYTES}.`,
    );
  }
  return entries;
}

/** Bytes of an entry as AWS counts them: 14 for the time if given, and the UTF-8 of all texts. */
export function entrySize(entry: PutEventsEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((size, text) => size + Buffer.byteLength(String(text ?? '')), entry.Time === undefined ? 0 : 14);
}

const required = (name: 'Source' | 'DetailType' | 'Detail') => ({
  fails: (entry: PutEventsEntry) => typeof entry[name] !== 'string' || entry[name] === '',
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/** In AWS's order: the first that fails is the entry's error. */
const ENTRY_CHECKS: readonly (EntryError & { fails: (entry: PutEventsEntry) => boolean })[] = [
  required('Source'),
  required('DetailType'),
  required('Detail'),
  {
    fails: ({ Source = '' }) => Source.startsWith('aws.'),
    ErrorCode: 'NotAuthorizedForSourceException',
    ErrorMessage: 'Not authorized for the source. Sources that start with "aws." belong to AWS.',
  },
  {
    fails: ({ DetailType = '' }) => DetailType.length > MAX_DETAIL_TYPE_LENGTH,
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter DetailType is not valid. Reason: it may have at most ${MAX_DETAIL_TYPE_LENGTH} characters.`,
  },
  {
    fails: ({ Time: time = 0 }) => Number.isNaN(toDate(time).getTime()),
    ErrorCode: 'InvalidArgument',
    ErrorMessage: 'Parameter Time is not valid. Reason: it must be a time stamp, in seconds since 1970.',
  },
  {
    fails: ({ Detail = '' }) => !isJsonObject(Detail) || nestingDepth(Detail) > MAX_NESTING,
    ErrorCode: 'MalformedDetail',
    ErrorMessage: 'Detail is malformed.',
  },
];

function toDate(time: number | Date): Date {
  return new Date(typeof time === 'number' ? time * 1000 : time);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Why AWS would refuse the entry alone, or `undefined`. */
export function entryError(entry: PutEventsEntry): EntryError | undefined {
  const failed = ENTRY_CHECKS.find((check) => check.fails(entry));
  return failed && { ErrorCode: failed.ErrorCode, ErrorMessage: failed.ErrorMessage };
}

/** The event of an entry that {@link entryError} has passed. */
export function toBusEvent(entry: PutEventsEntry, now: Date): BusEvent {
  const event = {
    id: randomUUID(),
    detailType: entry.DetailType!,
    source: entry.Source!,
    time: `${toDate(entry.Time ?? now)
      .toISOString()
      .slice(0, 19)}Z`,
    resources: entry.Resources ?? [],
    detail: entry.Detail!,
    ingestedAt: now.getTime(),
    forwarded: false,
    ...(entry.TraceHeader !== undefined && { traceHeader: entry.TraceHeader }),
  };
  return { ...event, text: envelopeText(event) };
}

/** An event that comes back from an archive: its envelope says which replay brought it, and its age counts from now. */
export function toReplayedEvent(archived: ArchivedEvent, replayName: string, now: Date): BusEvent {
  const event = { ...archived, replayName, ingestedAt: now.getTime() };
  return { ...event, text: envelopeText(event) };
}

/** The envelope as JSON text, around the detail's own text. */
export function envelopeText(event: Omit<BusEvent, 'text'>, withDetail = true): string {
  const head = JSON.stringify({
    version: '0',
    id: event.id,
    'detail-type': event.detailType,
    source: event.source,
    account: LOCAL_ACCOUNT,
    time: event.time,
    region: LOCAL_REGION,
    resources: event.resources,
    'replay-name': event.replayName,
  });
  return withDetail ? `${head.slice(0, -1)},"detail":${event.detail}}` : head;
}
