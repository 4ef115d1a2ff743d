/**
 * What makes two Zoom deliveries the same. No member is the id of an event, and the bytes of a retry may differ, because Zoom puts new
 * tokens and links into it.
 */
import { hash } from 'node:crypto';
import type { MeetingEventType } from '@meetbus/events';
import { readExactly } from '../kit/body';
import { type CredentialNames, credentialNames } from '../kit/credentials';
import { isExactNumber, toJson } from '../kit/json';
import { asObject, firstId, idsAt, type JsonObject, memberAt } from '../kit/values';
import { CREDENTIAL_MEMBERS } from './credentials';
import { zoomTypeOf } from './event-names';

type Path = readonly string[];

/** Members of the payload that name the account and the meeting. */
const MEETING: readonly Path[] = [
  ['account_id'],
  ['meeting_uuid'],
  ['webinar_uuid'],
  ['object', 'uuid'],
  ['object', 'id'],
  ['object', 'meeting_uuid'],
  ['object', 'meeting_id'],
];

/** A guest may have a name alone, and several may join in the same millisecond. */
const PARTICIPANT: readonly Path[] = [
  'participant_uuid',
  'user_id',
  'id',
  'participant_user_id',
  'registrant_id',
  'user_name',
  'join_time',
  'leave_time',
].map((name) => ['object', 'participant', name]);

const MESSAGE: readonly Path[] = [['object', 'chat_message', 'message_id']];

const STREAM: readonly Path[] = [['rtms_stream_id'], ['object', 'rtms_stream_id']];

/** Members without which the time and the meeting do not tell events of a type apart. */
const PARTS: Readonly<Partial<Record<MeetingEventType, readonly Path[]>>> = {
  'participant.joined': PARTICIPANT,
  'participant.left': PARTICIPANT,
  'participant.screenshare_started': PARTICIPANT,
  'participant.screenshare_stopped': PARTICIPANT,
  'chat.message_sent': MESSAGE,
  'mediastream.started': STREAM,
  'mediastream.stopped': STREAM,
};

/** Lists of files. Zoom completes recordings of one meeting in several steps. */
const FILES: readonly Path[] = [
  ['object', 'recording_files'],
  ['object', 'participant_audio_files'],
];

/**
 * The key of a delivery. An event that Meetbus knows is named by its time, its meeting, and the participant, message, stream or files that
 * it is about. Any other body, and one without these members, is named by its whole content without credentials and links. What is not
 * JSON is named by its bytes.
 */
export function keyOf(bytes: Buffer, event: string | undefined, body: unknown): string {
  const members = membersOf(event, body);
  if (members !== undefined) return `members:${toJson(members)}`;
  const content = contentOf(bytes);
  return content === undefined ? `bytes:${hash('sha256', bytes)}` : `content:${hash('sha256', content)}`;
}

/** The members that name an event; undefined if they do not suffice. */
function membersOf(event: string | undefined, body: unknown): readonly unknown[] | undefined {
  const type = event === undefined ? undefined : zoomTypeOf(event);
  const time = firstId(body, [['event_ts']]);
  const payload = memberAt(body, 'payload');
  if (type === undefined || time === undefined || idsAt(payload, MEETING.slice(1)).length === 0) return undefined;
  const parts = PARTS[type];
  if (parts !== undefined && idsAt(payload, parts).length === 0) return undefined;
  // A place for each member, so that no value is taken for that of another member.
  const places = [...MEETING, ...(parts ?? [])].map((path) => firstId(payload, [path]) ?? null);
  return [event, time, places, ...FILES.map((path) => fileIdsIn(memberAt(payload, ...path)))];
}

/** What names a file that has no id. */
const FILE: readonly Path[] = [['recording_type'], ['file_type'], ['recording_start']];

/** Ids of the files in a list, or what names them instead, in an order of our own. */
const fileIdsIn = (files: unknown): readonly string[] =>
  Array.isArray(files)
    ? files.map((file) => firstId(file, [['id']]) ?? toJson(FILE.map((path) => firstId(file, [path]) ?? null))).sort()
    : [];

const CREDENTIALS = credentialNames(CREDENTIAL_MEMBERS);

const LINKS = /\b[a-z][a-z0-9+.-]{1,15}:\/\/\S*/gi;

/** The content of a body that is the same in every retry, as text; undefined for a body that cannot be read. */
function contentOf(bytes: Buffer): string | undefined {
  try {
    const body = readExactly(bytes);
    return body === undefined ? undefined : toJson(withoutVolatile(body, CREDENTIALS));
  } catch {
    // Nested so deep that the stack ran out.
    return undefined;
  }
}

/** The value with its members in alphabetical order, without credentials and links. */
function withoutVolatile(value: unknown, credentials: CredentialNames): unknown {
  if (typeof value === 'string') return value.replace(LINKS, '');
  if (Array.isArray(value)) return value.map((item) => withoutVolatile(item, credentials));
  const object: JsonObject | undefined = isExactNumber(value) ? undefined : asObject(value);
  if (object === undefined) return value;
  const members = Object.entries(object).filter(([name]) => !credentials.has(name));
  members.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutVolatile(member, credentials)]));
}
