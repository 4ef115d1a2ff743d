import type { Variant } from '../../kit/sandbox/delivery';
import { ABSENT, vary } from '../../kit/sandbox/vary';
import { type RecallOptions, recallBody } from './bodies';

type Row = readonly [name: string, event: string, changes: Readonly<Record<string, unknown>>, options?: RecallOptions];

const NOBODY = { id: null, name: null, is_host: null, platform: null, extra_data: null, email: null };
const PARTICIPANT = 'data.data.participant';

/** Why a family of variants occurs, and its members. */
const FAMILIES: readonly (readonly [why: string, rows: readonly Row[]])[] = [
  [
    'Recall adds codes without notice: `code` and `sub_code` are no enums.',
    [
      ['unknown sub code', 'bot.call_ended', {}, { subCode: 'a_sub_code_of_next_year' }],
      ['unknown code under a known name', 'bot.done', { 'data.data.code': 'a_code_of_next_year' }],
      ['unknown sub code of a transcript', 'transcript.failed', {}, { subCode: 'a_sub_code_of_next_year' }],
      ['sub code absent', 'bot.fatal', { 'data.data.sub_code': ABSENT }],
      ['sub code null where one is usual', 'bot.recording_permission_denied', {}, { subCode: null }],
    ],
  ],
  [
    'A transcript fails for one of four documented reasons.',
    [
      'provider_connection_failed',
      'zoom_global_captions_disabled',
      'zoom_host_disabled_meeting_captions',
      'zoom_captions_failure',
    ].map((subCode): Row => [subCode, 'transcript.failed', {}, { subCode }]),
  ],
  [
    'Recall adds fields without notice.',
    [
      [
        'unknown fields on every level of a status',
        'recording.done',
        { sent_by: 'dashboard', 'data.workspace': { id: 7 }, 'data.data.attempt': 2, 'data.recording.pages': [1, 2] },
      ],
      [
        'unknown fields on every level of a real-time event',
        'participant_events.join',
        { sequence: 12, 'data.meeting': null, 'data.data.room': 'main', [`${PARTICIPANT}.pronouns`]: 'they' },
      ],
    ],
  ],
  [
    'A breakout room stands beside the status, or beside the bot.',
    [
      [
        'the breakout room within the status',
        'bot.breakout_room_opened',
        { 'data.data.breakout_room': { id: 'room-3', name: 'Room 3' } },
      ],
      ['the breakout room itself', 'bot.breakout_room_entered', { 'data.breakout_room': { name: 'Room 3' } }],
      ['a breakout room without a name', 'bot.breakout_room_closed', { 'data.data.breakout_room': { id: 3 } }],
    ],
  ],
  [
    'Metadata is an object by the documentation, and goes missing all the same.',
    [
      ['bot metadata absent', 'bot.in_call_recording', { 'data.bot.metadata': ABSENT }],
      ['bot metadata null', 'bot.joining_call', { 'data.bot.metadata': null }],
      [
        'metadata absent on all objects of a real-time event',
        'participant_events.webcam_on',
        {
          'data.realtime_endpoint.metadata': ABSENT,
          'data.participant_events.metadata': ABSENT,
          'data.recording.metadata': ABSENT,
          'data.bot.metadata': ABSENT,
        },
      ],
      [
        'nested metadata',
        'transcript.done',
        {
          'data.bot.metadata': { tags: ['a', 'b'], owner: { unit: 'planning' } },
          'data.transcript.metadata': { n: 0 },
        },
      ],
    ],
  ],
  [
    'A recording made without a bot, for example with the Desktop SDK, has no bot.',
    [
      ['recording, bot null', 'recording.done', { 'data.bot': null }],
      ['recording, bot absent', 'recording.failed', { 'data.bot': ABSENT }],
      ['media object, bot null', 'video_mixed.done', { 'data.bot': null }],
      ['media object, bot absent', 'meeting_metadata.done', { 'data.bot': ABSENT }],
      ['participant event, bot null', 'participant_events.join', { 'data.bot': null }],
      ['participant event, bot absent', 'participant_events.speech_on', { 'data.bot': ABSENT }],
      ['chat message, bot absent', 'participant_events.chat_message', { 'data.bot': ABSENT }],
      ['transcript, bot null', 'transcript.data', { 'data.bot': null }],
      ['transcript, bot absent', 'transcript.partial_data', { 'data.bot': ABSENT }],
      ['provider data, bot absent', 'transcript.provider_data', { 'data.bot': ABSENT }],
      ['endpoint, bot absent', 'realtime_endpoint.running', { 'data.bot': ABSENT }],
      ['upload, bot null', 'sdk_upload.complete', { 'data.bot': null }],
      ['upload that has no recording yet', 'sdk_upload.recording_started', { 'data.recording': null }],
    ],
  ],
  [
    'Every field of a participant may be null, and the address is often absent.',
    [
      ['participant of nulls joins', 'participant_events.join', {}, { participant: NOBODY }],
      ['participant of nulls writes', 'participant_events.chat_message', {}, { participant: NOBODY }],
      ['participant of nulls speaks', 'transcript.data', {}, { participant: NOBODY }],
      ['name null', 'participant_events.leave', {}, { participant: { name: null } }],
      ['email absent', 'participant_events.update', { [`${PARTICIPANT}.email`]: ABSENT }],
      ['email null in an update', 'participant_events.update', {}, { participant: { email: null } }],
      ['only an id', 'participant_events.speech_off', { [PARTICIPANT]: { id: 300 } }],
      [
        'caller by telephone',
        'participant_events.join',
        {},
        { participant: { platform: 'dial_in', name: '+1 555 0100' } },
      ],
      [
        'extra data of the platform',
        'participant_events.join',
        {},
        { participant: { extra_data: { platform_user: { id: 'p-17', guest: true } } } },
      ],
      ['name in another script', 'participant_events.join', {}, { participant: { name: 'ゲスト 一 👋' } }],
    ],
  ],
  [
    'Timestamps are looser than documented.',
    [
      ['words without a start', 'transcript.data', { 'data.data.words.0.start_timestamp': null }],
      ['words without an end', 'transcript.data', { 'data.data.words.1.end_timestamp': null }],
      ['start absent', 'transcript.partial_data', { 'data.data.words.0.start_timestamp': ABSENT }],
      [
        'absolute time on words',
        'transcript.data',
        {
          'data.data.words.0.start_timestamp.absolute': '2026-02-03T09:42:03.517208Z',
          'data.data.words.0.end_timestamp.absolute': '2026-02-03T09:42:03.837208Z',
        },
      ],
      ['no words', 'transcript.data', { 'data.data.words': [] }],
      ['whole seconds', 'participant_events.join', { 'data.data.timestamp.absolute': '2026-02-03T09:42:05Z' }],
      [
        'offset for Z, real-time',
        'participant_events.leave',
        { 'data.data.timestamp.absolute': '2026-02-03T10:42:05.917208+01:00' },
      ],
      ['offset for Z, status', 'bot.in_waiting_room', { 'data.data.updated_at': '2026-02-03T09:42:05.917208+00:00' }],
      [
        'offset for Z, calendar',
        'calendar.sync_events',
        { 'data.last_updated_ts': '2026-02-03T09:42:05.917208+00:00' },
      ],
      ['at the very start', 'participant_events.join', { 'data.data.timestamp.relative': 0 }],
      ['relative time null', 'participant_events.webcam_off', { 'data.data.timestamp.relative': null }],
    ],
  ],
  [
    'The inner data of a participant event says something for chat messages only.',
    [
      ['inner data absent', 'participant_events.screenshare_on', { 'data.data.data': ABSENT }],
      ['empty message', 'participant_events.chat_message', {}, { text: '' }],
      ['receiver absent', 'participant_events.chat_message', { 'data.data.data.to': ABSENT }],
      ['message in other scripts', 'participant_events.chat_message', {}, { text: 'Grüße, 你好, \u2028 "quoted" 🎉' }],
    ],
  ],
  [
    'The payload of the transcription provider has any shape.',
    [
      ['payload is a string', 'transcript.provider_data', { 'data.data.payload': 'partial: begin with' }],
      ['payload is a list', 'transcript.provider_data', { 'data.data.payload': [{ word: 'begin' }, { word: 'with' }] }],
      ['payload null', 'transcript.provider_data', { 'data.data.payload': null }],
      ['payload absent', 'transcript.provider_data', { 'data.data': {} }],
    ],
  ],
  [
    'Only third parties have shown this event.',
    [
      ['failure without an error', 'realtime_endpoint.failed', { 'data.data.error': ABSENT }],
      ['error null', 'realtime_endpoint.failed', { 'data.data.error': null }],
      ['error without a message', 'realtime_endpoint.failed', { 'data.data.error.message': ABSENT }],
      ['huddle without a status', 'slack.huddle_state', { 'data.data': ABSENT }],
      ['huddle without anything', 'slack.huddle_state', { data: {} }],
    ],
  ],
  [
    'A part that is of no use must not cost the event.',
    [
      ['words null', 'transcript.data', { 'data.data.words': null }],
      ['a word null', 'transcript.data', { 'data.data.words.0': null }],
      ['an empty list for the inner data', 'participant_events.join', { 'data.data.data': [] }],
      ['text of a message null', 'participant_events.chat_message', { 'data.data.data.text': null }],
      ['a list for the status', 'bot.in_call_recording', { 'data.data': [] }],
    ],
  ],
  [
    'Ids may have more digits than a double of JavaScript holds exactly.',
    [['id of 2^53', 'participant_events.join', {}, { participant: { id: 9_007_199_254_740_992 } }]],
  ],
  [
    'People and programs write control characters, and cut texts within a character.',
    [
      ['null character in a name', 'participant_events.join', {}, { participant: { name: 'Guest\0One' } }],
      ['half a character at the end', 'participant_events.chat_message', {}, { text: 'cut here \ud83d' }],
    ],
  ],
  [
    'Times are written as databases and programs write them.',
    [
      ['hours alone as offset', 'bot.in_call_recording', { 'data.data.updated_at': '2026-02-03 09:42:05+00' }],
      ['time as Go writes it', 'bot.call_ended', { 'data.data.updated_at': '2026-02-03 09:42:05.917 +0000 UTC' }],
      ['offset and name of the zone', 'bot.done', { 'data.data.updated_at': '2026-02-03T09:42:05+00:00 UTC' }],
      ['seconds since 1970', 'recording.done', { 'data.data.updated_at': 1_770_111_725 }],
      ['milliseconds since 1970', 'recording.failed', { 'data.data.updated_at': '1770111725917' }],
    ],
  ],
  [
    'Recall tells the language of an utterance, where the transcription service does.',
    [['language of the words', 'transcript.data', { 'data.data.language_code': 'fr' }]],
  ],
  [
    "The transcription service's message may stand in `data.data` itself.",
    [
      [
        'payload without a wrap',
        'transcript.provider_data',
        { 'data.data': { type: 'Results', is_final: true, channel_index: [0, 1] } },
      ],
    ],
  ],
  [
    'The real-time events of the API v1.10 leave parts out.',
    [
      ['words that are partial', 'bot.transcription', { 'data.transcript.is_final': false }],
      [
        'nobody who speaks',
        'bot.transcription',
        { 'data.transcript.speaker': null, 'data.transcript.speaker_id': null },
      ],
      ['transcript without words', 'bot.transcription', { 'data.transcript.words': null }],
    ],
  ],
  [
    'Older accounts get `bot.status_change` for every status.',
    [
      ['a participant in the waiting room', 'bot.status_change', { 'data.status.code': 'participant_in_waiting_room' }],
      [
        'older status with a sub code',
        'bot.status_change',
        { 'data.status.code': 'fatal', 'data.status.sub_code': 'connection_lost' },
      ],
      ['older status without a sub code', 'bot.status_change', { 'data.status.sub_code': ABSENT }],
      ['older status with a message', 'bot.status_change', { 'data.status.message': 'The host has not answered yet.' }],
    ],
  ],
];

/** Recall's bodies that differ from the documented ones but must be understood. */
export const recallVariants: readonly Variant[] = FAMILIES.flatMap(([why, rows]) =>
  rows.map(([name, event, changes, options]) => ({
    name,
    event,
    body: vary(recallBody(event, options), changes),
    why,
  })),
);
