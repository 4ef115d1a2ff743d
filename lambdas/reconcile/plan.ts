/** Compares what a provider's API says with what Meetbus knows: pure functions. */
import { FAMILY_OF, type Family } from '@meetbus/events';
import type { ApiEvent, BackfillWindow } from '../../providers/backfill';
import { readExactly } from '../../providers/kit/body';
import type { ProviderRuntime } from '../../providers/runtime';
import { groupIdOf, MAX_MESSAGE_BYTES, presentable, presentableSubject } from '../ingest/delivery-message';
import { eventIdOf } from '../ingest/identity';
import { instantOfOccurrence, isSameTime, type Note, noteKeyOf, withoutDuplicates } from '../publish/occurrences';

/** An event that the API reports. */
export interface Found {
  readonly subject: string;
  /** The subjects of the window that it is about. */
  readonly about: readonly string[];
  readonly providerEvent: string;
  readonly type: string;
  /** UTC; undefined if the API does not say. */
  readonly time: string | undefined;
  readonly family: Family;
  readonly groupId: string | undefined;
  /** The same whenever and however often it is found. */
  readonly eventId: string;
  readonly body: Buffer;
  /** Key of its notes in the table. */
  readonly noteKey: string;
  /** When it happened, in milliseconds since 1970. */
  readonly at: number | undefined;
}

/** Why an event of the API is not one of a backfill. */
export type Dropped = 'not_understood' | 'too_large' | 'outside';

/** Bytes of the largest body that fits into a message, in base64 with its attributes beside it. */
const MAX_BODY_BYTES = Math.floor((MAX_MESSAGE_BYTES - 4_096) / 4) * 3;

/** Reads an event of the API as a consumer would. */
export function findingOf(
  { name, runtime }: { readonly name: string; readonly runtime: ProviderRuntime },
  { event, body }: ApiEvent,
  { from, to, subjects }: BackfillWindow,
): Found | Dropped {
  const bytes = Buffer.from(JSON.stringify(body));
  const read = readExactly(bytes);
  const normalized = runtime.normalize(read, event);
  if (normalized === undefined || 'problems' in normalized) return 'not_understood';
  const occurrence = runtime.occurrenceOf?.(normalized);
  if (occurrence === undefined) return 'not_understood';
  const at = instantOfOccurrence(occurrence);
  if (at !== undefined && !(at >= from && at < to)) return 'outside';
  const subject = presentableSubject(normalized.subject);
  const about = subjects?.filter((wanted) => isAbout(wanted, subject, normalized.data)) ?? [];
  if (subjects && about.length === 0) return 'outside';
  if (bytes.length > MAX_BODY_BYTES) return 'too_large';
  return {
    subject,
    about,
    providerEvent: presentable(event),
    type: normalized.type,
    time: normalized.time,
    family: FAMILY_OF[normalized.type],
    groupId: groupIdOf(runtime.groupOf(read)),
    eventId: eventIdOf(name, `occurrence:${occurrence.key}:${occurrence.time ?? ''}`),
    body: bytes,
    noteKey: noteKeyOf(name, occurrence),
    at,
  };
}

/** Whether an event is about a subject, or about a part of it, such as the recording of a bot. */
function isAbout(wanted: string, subject: string, data: object): boolean {
  if (subject === wanted || subject.startsWith(`${wanted}/`)) return true;
  const [kind = '', id] = wanted.split('/');
  return Object(Reflect.get(data, kind)).id === id;
}

/** Each event once: lists overlap, and may say the same twice. The oldest come first, those without a time last. */
export function distinct(events: readonly Found[]): Found[] {
  const inOrder = events.toSorted((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY));
  const kept = new Map<string, Found[]>();
  return inOrder.filter((event) => {
    const same = kept.get(event.noteKey) ?? [];
    if (same.some(({ at }) => isSameTime(at, event.at))) return false;
    kept.set(event.noteKey, [...same, event]);
    return true;
  });
}

/** Whether a consumer has noted an event that reports the same. */
export const isKnown = ({ noteKey, at }: Found, notes: ReadonlyMap<string, readonly Note[]>): boolean =>
  withoutDuplicates(notes.get(noteKey) ?? []).some((note) => isSameTime(note.at, at));
