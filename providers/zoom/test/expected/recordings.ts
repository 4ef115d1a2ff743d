/** What recordings, livestreams and summaries become, written by hand. */
import { MEETING, payload, type Row, SITTING } from './sitting';

const FILE = {
  id: 'ed6c2f27-2ae7-42f4-b3d0-835b493e4fa8',
  meeting_id: '/jg3kd8//Hn2mB0pLq5rTw==',
  recording_start: '2026-02-03T09:31:00Z',
  recording_end: '2026-02-03T09:41:30Z',
  file_type: 'MP4',
  file_size: 246_560,
  file_extension: 'MP4',
  file_name: 'Weekly review.mp4',
  play_url: 'https://example.org/play/one',
  download_url: 'https://example.org/download/one',
  status: 'completed',
  recording_type: 'shared_screen_with_speaker_view',
};

export const SOUND = {
  id: 'a2f19f96-9294-4f51-8134-6f0eea108eb2',
  file_type: 'M4A',
  file_name: 'Audio only - Guest One',
};

const DOWNLOAD = {
  files: [
    {
      url: 'https://example.org/download/one',
      id: 'ed6c2f27-2ae7-42f4-b3d0-835b493e4fa8',
      name: 'Weekly review.mp4',
      kind: 'shared_screen_with_speaker_view',
      format: 'MP4',
      size: 246_560,
      startedat: '2026-02-03T09:31:00.000Z',
      endedat: '2026-02-03T09:41:30.000Z',
    },
  ],
};

const RECORDED = { ...SITTING, id: 85_746_065_432, recording_files: [FILE] };
const RECORDING = { id: '/jg3kd8//Hn2mB0pLq5rTw==' };
const RECORDING_SUBJECT = 'recording//jg3kd8//Hn2mB0pLq5rTw==';

/** A recording while it runs. */
const running = (event: string, type: string, code: string, end: string): Row => [
  event,
  payload({
    ...SITTING,
    id: 85_746_065_432,
    recording_file: { recording_start: '2026-02-03T09:31:00Z', recording_end: end },
  }),
  type,
  RECORDING_SUBJECT,
  {
    recording: {
      ...RECORDING,
      startedat: '2026-02-03T09:31:00.000Z',
      ...(end && { stoppedat: '2026-02-03T09:42:05.000Z' }),
    },
    status: { code },
    meeting: MEETING,
  },
];

/** A recording that is complete. */
const complete = (event: string, type: string, code: string): Row => [
  event,
  { operator: 'host@example.org', ...payload(RECORDED) },
  type,
  RECORDING_SUBJECT,
  { recording: RECORDING, status: { code }, download: DOWNLOAD, meeting: MEETING },
];

const livestream = (code: string): Row => [
  `meeting.${code}`,
  payload({
    ...SITTING,
    live_streaming: {
      service: 'Custom_Live_Streaming_Service',
      custom_live_streaming_settings: {
        stream_url: 'rtmps://ingest.example.org/live/key-of-the-stream',
        stream_key: 'key-of-the-stream',
        page_url: 'https://live.example.org/weekly',
      },
      date_time: '2026-02-03T09:42:05Z',
    },
  }),
  'livestream.status_changed',
  'livestream//jg3kd8//Hn2mB0pLq5rTw==',
  {
    livestream: {
      id: SITTING.uuid,
      playbackurl: 'https://live.example.org/weekly',
      ingestserver: 'rtmps://ingest.example.org/live/',
    },
    status: { code },
    meeting: MEETING,
  },
];

export const SUMMARY = {
  meeting_host_id: 'uLoRgfbbTayCX6r2Q_qQsQ',
  meeting_uuid: SITTING.uuid,
  meeting_id: 85_746_065_432,
  meeting_topic: 'Weekly review',
  meeting_start_time: '2026-02-03T09:30:00Z',
  meeting_end_time: '2026-02-03T09:41:00Z',
  summary_title: 'Summary of Weekly review',
  summary_overview: 'All is well.',
  summary_details: [{ label: 'Budget', summary: 'It holds.' }, { summary: 'Nothing else.' }],
  next_steps: ['Buy biscuits'],
};

const SUMMARIZED = { ...MEETING, endedat: '2026-02-03T09:41:00.000Z' };

export const RECORDINGS: readonly Row[] = [
  livestream('live_streaming_started'),
  livestream('live_streaming_stopped'),
  [
    'meeting.summary_completed',
    payload({ ...SUMMARY, summary_content: '## All is well', summary_doc_url: 'https://docs.example.org/one' }),
    'summary.ready',
    'meeting/85746065432',
    {
      meeting: SUMMARIZED,
      summary: { title: 'Summary of Weekly review', text: '## All is well', nextsteps: ['Buy biscuits'] },
      download: { url: 'https://docs.example.org/one' },
    },
  ],
  running('recording.started', 'recording.started', 'started', ''),
  running('recording.paused', 'recording.paused', 'paused', '2026-02-03T09:42:05Z'),
  running('recording.resumed', 'recording.started', 'resumed', ''),
  running('recording.stopped', 'recording.uploading', 'stopped', '2026-02-03T09:42:05Z'),
  complete('recording.completed', 'recording.ready', 'completed'),
  complete('recording.trashed', 'recording.status_changed', 'trashed'),
  complete('recording.recovered', 'recording.status_changed', 'recovered'),
  complete('recording.deleted', 'recording.deleted', 'deleted'),
  [
    'recording.transcript_completed',
    payload(RECORDED),
    'transcript.ready',
    'transcript//jg3kd8//Hn2mB0pLq5rTw==',
    {
      transcript: { id: SITTING.uuid },
      recording: RECORDING,
      status: { code: 'transcript_completed' },
      download: DOWNLOAD,
      meeting: MEETING,
    },
  ],
];
