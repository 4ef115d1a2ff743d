/** What the webhooks of Recall.ai's API v1.10 become. */
import { eventOf as eventOfProvider } from '../../../test/support/normalized';

const eventOf = (event: string, body: unknown) => eventOfProvider('recall', event, body);

const bot_id = 'b7a1c0de-1111-4aaa-8aaa-000000000001';

it.each([
  ['bot.participant_join', 'participant.joined'],
  ['bot.participant_leave', 'participant.left'],
  ['bot.participant_screen_on', 'participant.screenshare_started'],
  ['bot.participant_screen_off', 'participant.screenshare_stopped'],
  ['bot.active_speaker_notify', 'participant.speech_started'],
])('%s is %s, with its own time', (event, type) => {
  const data = { bot_id, participant_id: 16_778_240, created_at: '2026-11-02T10:00:00.123456Z' };
  expect(eventOf(event, { event, data })).toMatchObject({
    type,
    subject: `bot/${bot_id}/participant/16778240`,
    time: '2026-11-02T10:00:00.123456Z',
    data: { participant: { id: '16778240' }, bot: { id: bot_id } },
  });
});

it.each([
  [true, 'transcript.segment'],
  [undefined, 'transcript.segment'],
  [false, 'transcript.partial_segment'],
])('bot.transcription with is_final %s is %s', (is_final, type) => {
  const transcript = {
    original_transcript_id: 1,
    speaker: 'Guest One',
    speaker_id: 16_778_240,
    words: [{ text: 'good morning all', start_time: 3.5, end_time: 4.75 }, null, 'odd'],
    language: 'en',
    is_final,
  };
  const made = eventOf('bot.transcription', { data: { bot_id, recording_id: 'r-1', transcript } });
  expect(made).toMatchObject({ type, subject: `bot/${bot_id}` });
  expect(made.data).toEqual({
    bot: { id: bot_id },
    recording: { id: 'r-1' },
    participant: { id: '16778240', name: 'Guest One' },
    language: 'en',
    words: [{ text: 'good morning all', start: 3.5, end: 4.75 }],
  });
});

const at = '2026-11-02T10:00:00Z';
it.each([
  ['bot.log', { bot_id, log: { level: 'error', message: 'refused', created_at: at, output_id: null } }],
  ['bot.output_log', { job_id: 'j', log: { level: 'error', message: 'refused', created_at: at } }],
  ['bot.participant_in_waiting_room', { bot_id, participant_id: 7, created_at: at }],
  ['bot.active_speaker_notify', { bot_id, participant_id: null, created_at: at }],
  ['bot.chat_message', { bot_id, message: { text: 'hello' }, created_at: at }],
])('%s is not recognized, and no status', (event, data) => {
  expect(eventOf(event, { event, data })).toMatchObject({
    type: 'event.unrecognized',
    data: { reason: 'schema_mismatch' },
  });
});

it('tells a status as the later API does, but for the labels of the bot', () => {
  const time = '2026-11-02T10:00:00Z';
  const later = { data: { code: 'done', sub_code: null, updated_at: time }, bot: { id: bot_id, metadata: {} } };
  const older = { bot_id, status: { code: 'done', created_at: time, sub_code: null, message: null } };
  const [one, other] = [eventOf('bot.done', { data: later }), eventOf('bot.status_change', { data: older })];
  const same = {
    type: 'bot.status_changed',
    subject: `bot/${bot_id}`,
    time: '2026-11-02T10:00:00.000Z',
    data: { bot: { id: bot_id }, status: { code: 'done' } },
  };
  expect(one).toMatchObject(same);
  expect(other).toMatchObject(same);
});
