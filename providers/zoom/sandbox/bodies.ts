import { createHash } from 'node:crypto';
import { type ProviderBody, SAMPLE_SEED, SAMPLE_START, SAMPLE_TIME } from '../../kit/sandbox/delivery';
import { sampleId } from '../../kit/sandbox/ids';
import { ZOOM_EVENTS } from '../event-names';

/** Values that a test or a meeting can set in a body; each event uses those that it has. */
export interface ZoomOptions {
  /** The ids derive from it. */
  readonly seed?: string;
  /** When it happened. */
  readonly at?: Date;
  /** When the meeting, and its recording, began. */
  readonly start?: Date;
  /** When the meeting ended. */
  readonly end?: Date;
  /** The participant's number: 1 is the host, who is signed in; others are guests. */
  readonly guest?: number;
}

function withDefaults(options: ZoomOptions) {
  const chosen = { seed: SAMPLE_SEED, at: SAMPLE_TIME, start: SAMPLE_START, guest: 1, ...options };
  return { end: chosen.at, ...chosen };
}

type Chosen = ReturnType<typeof withDefaults>;

const digestOf = ({ seed }: Chosen, name: string) => createHash('sha256').update(`${seed}/zoom/${name}`).digest();

/** An id of 22 characters, as Zoom has them for accounts, users and messages. */
const id = (chosen: Chosen, name: string) => digestOf(chosen, name).subarray(0, 16).toString('base64url');

const guid = ({ seed }: Chosen, name: string) => sampleId(`${seed}/zoom/${name}`);

/** The id of a sitting. Zoom's are base64, so one may begin with a slash. */
const uuid = (chosen: Chosen) => `/${digestOf(chosen, 'sitting').subarray(0, 16).toString('base64').slice(1)}`;

/** The number with which people join: eleven digits, more than an integer of 32 bits holds. */
const meetingNumber = (chosen: Chosen) => 80_000_000_000 + digestOf(chosen, 'meeting').readUInt32BE();

/** Zoom writes times to the second. */
const time = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

const link = (chosen: Chosen, path: string) => `https://zoom.example/rec/${path}/${id(chosen, path)}`;

/** A sitting. Some events have the number of the meeting as a text. */
const sitting = (chosen: Chosen) => ({
  id: String(meetingNumber(chosen)),
  uuid: uuid(chosen),
  host_id: id(chosen, 'host'),
  topic: 'Quarterly planning',
  type: 2,
  start_time: time(chosen.start),
  timezone: 'Europe/Berlin',
  duration: 60,
});

/** The sitting as events of recordings have it, with the number of the meeting as a number. */
const recorded = (chosen: Chosen) => ({ ...sitting(chosen), id: meetingNumber(chosen) });

/** Who it is. A guest is not signed in, so many ids are empty or missing. */
function person(chosen: Chosen) {
  const { guest } = chosen;
  const known = { user_id: String(16_778_240 + 1_024 * guest), user_name: guest === 1 ? 'Host' : `Guest ${guest}` };
  return guest === 1 ? { ...known, id: id(chosen, 'host') } : known;
}

function participant(chosen: Chosen) {
  const { guest } = chosen;
  const uuids = { participant_uuid: guid(chosen, `participant-${guest}`).toUpperCase() };
  if (guest !== 1) return { ...person(chosen), ...uuids, email: '' };
  const account = { participant_user_id: id(chosen, 'host'), customer_key: 'customer-1' };
  return { ...person(chosen), ...uuids, ...account, email: 'host@example.org' };
}

const aboutParticipant = (chosen: Chosen, more: object) => ({
  ...sitting(chosen),
  participant: { ...participant(chosen), ...more },
});

const sharing = (chosen: Chosen) => ({
  ...sitting(chosen),
  participant: {
    ...person(chosen),
    sharing_details: {
      content: 'screen',
      link_source: '',
      file_link: '',
      date_time: time(chosen.at),
      source: 'in_meeting',
    },
  },
});

const chat = (chosen: Chosen) => ({
  id: meetingNumber(chosen),
  uuid: uuid(chosen),
  chat_message: {
    date_time: time(chosen.at),
    sender_session_id: guid(chosen, `session-${chosen.guest}`).toUpperCase(),
    sender_name: person(chosen).user_name,
    sender_type: chosen.guest === 1 ? 'host' : 'guest',
    recipient_type: 'everyone',
    message_id: id(chosen, `message-${chosen.at.getTime()}`),
    message_content: 'Good morning',
  },
});

const recordingFile = (chosen: Chosen, isOver: boolean) => ({
  ...recorded(chosen),
  recording_file: { recording_start: time(chosen.start), recording_end: isOver ? time(chosen.at) : '' },
});

function file(chosen: Chosen, type: string, extension: string, recordingType: string) {
  return {
    id: guid(chosen, `file-${recordingType}`),
    meeting_id: uuid(chosen),
    recording_start: time(chosen.start),
    recording_end: time(chosen.end),
    file_type: type,
    file_size: 48_210_733,
    file_extension: extension,
    play_url: link(chosen, `play-${recordingType}`),
    download_url: link(chosen, `download-${recordingType}`),
    status: 'completed',
    recording_type: recordingType,
  };
}

const withFiles = (chosen: Chosen, recording_files: readonly object[]) => ({
  ...recorded(chosen),
  account_id: id(chosen, 'account'),
  host_email: 'host@example.org',
  share_url: link(chosen, 'share'),
  total_size: 48_210_733 * recording_files.length,
  recording_count: recording_files.length,
  recording_files,
});

const completeFiles = (chosen: Chosen) => [
  file(chosen, 'MP4', 'MP4', 'shared_screen_with_speaker_view'),
  file(chosen, 'M4A', 'M4A', 'audio_only'),
];

const completed = (chosen: Chosen) => ({
  ...withFiles(chosen, completeFiles(chosen)),
  password: 'sample-passcode',
  recording_play_passcode: 'sample-play-passcode',
});

const liveStreaming = (chosen: Chosen) => ({
  ...recorded(chosen),
  live_streaming: {
    service: 'Custom_Live_Streaming_Service',
    custom_live_streaming_settings: {
      stream_url: 'rtmps://ingest.example.org:443/live',
      stream_key: 'sample-stream-key',
      page_url: 'https://live.example.org/quarterly-planning',
    },
    date_time: time(chosen.at),
  },
});

const summary = (chosen: Chosen) => ({
  meeting_host_id: id(chosen, 'host'),
  meeting_host_email: 'host@example.org',
  meeting_uuid: uuid(chosen),
  meeting_id: meetingNumber(chosen),
  meeting_topic: 'Quarterly planning',
  meeting_start_time: time(chosen.start),
  meeting_end_time: time(chosen.end),
  summary_start_time: time(chosen.start),
  summary_end_time: time(chosen.end),
  summary_created_time: time(chosen.at),
  summary_last_modified_time: time(chosen.at),
  summary_title: 'Summary of Quarterly planning',
  summary_content: '## Budget\n\nThe budget grows by a tenth.',
  summary_doc_url: link(chosen, 'summary'),
  summary_overview: 'The team agreed on a budget.',
  summary_details: [{ label: 'Budget', summary: 'The budget grows by a tenth.' }],
  next_steps: ['Host writes the budget down.'],
});

const stream = (chosen: Chosen, kind: string) => ({
  [`${kind}_uuid`]: uuid(chosen),
  rtms_stream_id: guid(chosen, 'stream').replaceAll('-', ''),
});

type Build = (chosen: Chosen) => object;

const withAccount =
  (build: Build): Build =>
  (chosen) => ({ account_id: id(chosen, 'account'), object: build(chosen) });

/** The payloads of a kind of sitting, by action. */
const payloadsOf = (kind: 'meeting' | 'webinar'): Readonly<Record<string, Build>> => ({
  [`${kind}.started`]: withAccount(sitting),
  [`${kind}.ended`]: withAccount((chosen) => ({ ...sitting(chosen), end_time: time(chosen.at) })),
  [`${kind}.participant_joined`]: withAccount((chosen) => aboutParticipant(chosen, { join_time: time(chosen.at) })),
  [`${kind}.participant_left`]: withAccount((chosen) =>
    aboutParticipant(chosen, { leave_time: time(chosen.at), leave_reason: 'left the meeting' }),
  ),
  [`${kind}.sharing_started`]: withAccount(sharing),
  [`${kind}.sharing_ended`]: withAccount(sharing),
  [`${kind}.chat_message_sent`]: withAccount(chat),
  [`${kind}.rtms_started`]: (chosen) => ({
    ...stream(chosen, kind),
    operator_id: id(chosen, 'host'),
    server_urls: `wss://rtms-sample.zoom.example:443/${id(chosen, 'rtms')}`,
  }),
  [`${kind}.rtms_stopped`]: (chosen) => ({ ...stream(chosen, kind), stop_reason: 6 }),
});

/** Somebody did it to a recording that is complete. */
const byOperator: Build = (chosen) => ({
  operator: 'host@example.org',
  operator_id: id(chosen, 'host'),
  ...withAccount(() => withFiles(chosen, completeFiles(chosen)))(chosen),
});

const payloads: Readonly<Record<string, Build>> = {
  ...payloadsOf('meeting'),
  'meeting.live_streaming_started': withAccount(liveStreaming),
  'meeting.live_streaming_stopped': withAccount(liveStreaming),
  'meeting.summary_completed': withAccount(summary),
  ...payloadsOf('webinar'),
  'recording.started': withAccount((chosen) => recordingFile(chosen, false)),
  'recording.paused': withAccount((chosen) => recordingFile(chosen, true)),
  'recording.resumed': withAccount((chosen) => recordingFile(chosen, false)),
  'recording.stopped': withAccount((chosen) => recordingFile(chosen, true)),
  'recording.completed': withAccount(completed),
  'recording.trashed': byOperator,
  'recording.recovered': byOperator,
  'recording.deleted': byOperator,
  'recording.transcript_completed': withAccount((chosen) =>
    withFiles(chosen, [file(chosen, 'TRANSCRIPT', 'VTT', 'audio_transcript')]),
  ),
};

/** Events whose body ends with a token that opens the download links. */
const WITH_TOKEN: ReadonlySet<string> = new Set(['recording.completed', 'recording.transcript_completed']);

/**
 * Builds the body of a Zoom event.
 *
 * @param event a provider event name, such as `meeting.started`
 * @param options ids and times to use; without them, those of the sample meeting
 * @throws Error if there is no sample of that event
 */
export function zoomBody(event: string, options: ZoomOptions = {}): ProviderBody {
  const build = Object.hasOwn(payloads, event) ? payloads[event] : undefined;
  if (!build) throw new Error(`There is no sample of "${event}". Zoom's are: ${ZOOM_EVENTS.join(', ')}.`);
  const chosen = withDefaults(options);
  const body = { event, event_ts: chosen.at.getTime(), payload: build(chosen) };
  return WITH_TOKEN.has(event) ? { ...body, download_token: `sample-token-${id(chosen, 'token')}` } : body;
}
