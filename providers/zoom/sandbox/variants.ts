import type { Variant } from '../../kit/sandbox/delivery';
import { ABSENT, vary } from '../../kit/sandbox/vary';
import { type ZoomOptions, zoomBody } from './bodies';

type Row = readonly [name: string, event: string, changes: Readonly<Record<string, unknown>>, options?: ZoomOptions];

const OBJECT = 'payload.object';
const PARTICIPANT = `${OBJECT}.participant`;

/** Why a family of variants occurs, and its members. */
const FAMILIES: readonly (readonly [why: string, rows: readonly Row[]])[] = [
  [
    'The number of a meeting comes as a number or as a text.',
    [
      ['meeting with a number', 'meeting.started', { [`${OBJECT}.id`]: 85_746_065_432 }],
      ['recording with a text', 'recording.started', { [`${OBJECT}.id`]: '85746065432' }],
      ['summary with a text', 'meeting.summary_completed', { [`${OBJECT}.meeting_id`]: '85746065432' }],
    ],
  ],
  [
    'A uuid is base64, and may hold slashes.',
    [
      ['uuid with two slashes', 'meeting.started', { [`${OBJECT}.uuid`]: 'aB3//dE5fG7hI9jK1lM3nO==' }],
      ['recording of such a uuid', 'recording.completed', { [`${OBJECT}.uuid`]: 'aB3//dE5fG7hI9jK1lM3nO==' }],
    ],
  ],
  [
    'Participants who are not signed in have fewer ids, and number, topic and start of the meeting may be missing.',
    [
      ['guest', 'meeting.participant_joined', {}, { guest: 2 }],
      [
        'guest with a name alone',
        'meeting.participant_joined',
        { [`${PARTICIPANT}.user_id`]: ABSENT, [`${PARTICIPANT}.participant_uuid`]: ABSENT },
        { guest: 2 },
      ],
      [
        'guest whose ids are empty',
        'meeting.participant_left',
        { [`${PARTICIPANT}.user_id`]: '', [`${PARTICIPANT}.participant_uuid`]: '' },
        { guest: 2 },
      ],
      ['user id as a number', 'meeting.participant_joined', { [`${PARTICIPANT}.user_id`]: 16_778_240 }],
      [
        'participant with the uuid of the sitting alone',
        'meeting.participant_joined',
        { [`${OBJECT}.id`]: ABSENT, [`${OBJECT}.topic`]: ABSENT, [`${OBJECT}.start_time`]: ABSENT },
      ],
      ['sharing without a name', 'meeting.sharing_started', { [`${PARTICIPANT}.user_name`]: ABSENT }],
      ['sharing without details', 'meeting.sharing_ended', { [`${PARTICIPANT}.sharing_details`]: ABSENT }],
    ],
  ],
  [
    'Samples of other receivers lack the time of the event.',
    [
      ['meeting without a time', 'meeting.started', { event_ts: ABSENT }],
      ['end without a time', 'meeting.ended', { event_ts: ABSENT }],
      ['participant without a time', 'meeting.participant_joined', { event_ts: ABSENT }],
      ['message without a time', 'meeting.chat_message_sent', { event_ts: ABSENT }],
      ['recording without a time', 'recording.completed', { event_ts: ABSENT }],
    ],
  ],
  [
    'A message may be for one person, without text, or with files.',
    [
      [
        'message to one person',
        'meeting.chat_message_sent',
        { [`${OBJECT}.chat_message.recipient_type`]: 'guest', [`${OBJECT}.chat_message.recipient_name`]: 'Guest 3' },
      ],
      ['message without text', 'meeting.chat_message_sent', { [`${OBJECT}.chat_message.message_content`]: ABSENT }],
      ['message with a file', 'meeting.chat_message_sent', { [`${OBJECT}.chat_message.file_ids`]: ['file-1'] }],
    ],
  ],
  [
    'Fields of recordings come and go, and a participant may have a file of sound.',
    [
      ['recording without files', 'recording.trashed', { [`${OBJECT}.recording_files`]: ABSENT }],
      ['recording without a token', 'recording.completed', { download_token: ABSENT }],
      ['recording with null for its files', 'recording.deleted', { [`${OBJECT}.recording_files`]: null }],
      [
        'recording with the sound of a participant',
        'recording.completed',
        {
          [`${OBJECT}.participant_audio_files`]: [
            {
              id: 'audio-1',
              recording_start: '2026-02-03T09:30:00Z',
              recording_end: '2026-02-03T09:42:05Z',
              file_type: 'M4A',
              file_name: 'Audio only - Guest 2',
              file_size: 1_204_511,
              file_extension: 'M4A',
              download_url: 'https://zoom.example/rec/download/audio-1',
              status: 'completed',
            },
          ],
        },
      ],
      ['recording without its part', 'recording.started', { [`${OBJECT}.recording_file`]: ABSENT }],
      [
        'links with a token of their own',
        'recording.completed',
        { [`${OBJECT}.download_access_token`]: 'sample-access-token' },
      ],
      ['livestream without settings', 'meeting.live_streaming_started', { [`${OBJECT}.live_streaming`]: ABSENT }],
    ],
  ],
  [
    'Before `summary_content` there were an overview, details and next steps, and any of them may be missing.',
    [
      [
        'summary without content',
        'meeting.summary_completed',
        { [`${OBJECT}.summary_content`]: ABSENT, [`${OBJECT}.summary_doc_url`]: ABSENT },
      ],
      [
        'summary without a text',
        'meeting.summary_completed',
        {
          [`${OBJECT}.summary_content`]: ABSENT,
          [`${OBJECT}.summary_overview`]: ABSENT,
          [`${OBJECT}.summary_details`]: ABSENT,
          [`${OBJECT}.next_steps`]: ABSENT,
        },
      ],
    ],
  ],
  [
    "One page of Zoom's has the members of live media in `object`, with a signature.",
    [
      [
        'live media in an object',
        'meeting.rtms_started',
        {
          payload: {
            account_id: 'sample-account',
            object: {
              meeting_id: '85746065432',
              meeting_uuid: '4kL6mN8oP0qR2sT4uV6wXy==',
              host_id: 'sample-host',
              rtms_stream_id: '3f8a2b7c9d0e4f1a8b2c3d4e5f6a7b8c',
              server_urls: 'wss://rtms-sample.zoom.example/one, wss://rtms-sample.zoom.example/two',
              signature: 'sample-rtms-signature',
            },
          },
        },
      ],
      [
        'end of live media in an object',
        'meeting.rtms_stopped',
        {
          payload: {
            account_id: 'sample-account',
            object: { meeting_id: '85746065432', rtms_stream_id: '3f8a2b7c9d0e4f1a8b2c3d4e5f6a7b8c' },
          },
        },
      ],
    ],
  ],
  [
    'Objects hold links, passcodes, keys and PINs in other events of Zoom, and may do so here.',
    [
      [
        'meeting with links and a passcode',
        'meeting.started',
        {
          [`${OBJECT}.join_url`]: 'https://zoom.example/j/85746065432?pwd=sample',
          [`${OBJECT}.start_url`]: 'https://zoom.example/s/85746065432?zak=sample',
          [`${OBJECT}.passcode`]: 'sample-passcode',
          [`${OBJECT}.meeting_url`]: 'https://zoom.example/j/85746065432?pwd=sample',
        },
      ],
      [
        'meeting with keys and PINs',
        'meeting.started',
        {
          [`${OBJECT}.host_key`]: 'sample-host-key',
          [`${OBJECT}.pmi_password`]: 'sample-pmi-password',
          [`${OBJECT}.leader_pin`]: 'sample-leader-pin',
          [`${OBJECT}.participant_pin_code`]: 380_303,
          [`${OBJECT}.authorized_channel_token`]: 'sample-channel-token',
        },
      ],
    ],
  ],
];

/** Zoom's bodies that differ from the documented ones but must be understood. */
export const zoomVariants: readonly Variant[] = FAMILIES.flatMap(([why, rows]) =>
  rows.map(([name, event, changes, options]) => ({ name, event, body: vary(zoomBody(event, options), changes), why })),
);
