/** What Recall.ai's bodies become. */
import { OTHER_TYPES, RECALL_TYPES } from '../../../test/support/event-types';
import { eventOf as eventOfProvider } from '../../../test/support/normalized';
import { vary } from '../../kit/sandbox/vary';
import { recallBody } from '../sandbox';
import { recallVariants } from '../sandbox/variants';

const eventOf = (event: string, body: unknown) => eventOfProvider('recall', event, body);

it.each(recallVariants.map((variant) => [variant.name, variant] as const))(
  'recall variant: %s',
  (name, { event, body }) => {
    expect(eventOf(event, body).type).toBe(OTHER_TYPES[name] ?? RECALL_TYPES[event]);
  },
);

describe('a name of a list that Recall keeps open', () => {
  const OBJECTS: Readonly<Record<string, object>> = {
    bot: { bot: { id: 'b' } },
    realtime_endpoint: { realtime_endpoint: { id: 'e' } },
    recording: { recording: { id: 'r' } },
    sdk_upload: { sdk_upload: { id: 'u' } },
    slack_team: { slack_team: { id: 's' } },
    slack: { slack_team: { id: 's' } },
  };
  const TYPES: Readonly<Record<string, string>> = {
    bot: 'bot.status_changed',
    realtime_endpoint: 'endpoint.status_changed',
    recording: 'recording.status_changed',
    sdk_upload: 'upload.status_changed',
    slack_team: 'slack.status_changed',
    slack: 'slack.status_changed',
  };
  const prefixes = Object.keys(OBJECTS);

  it.each(prefixes)('%s: is a status where the payload carries one', (prefix) => {
    const made = (data: object) => eventOf(`${prefix}.in_orbit`, { data: { ...OBJECTS[prefix], ...data } });
    const at = '2026-03-02T09:30:00Z';
    for (const data of [
      { data: { code: 'in_orbit', sub_code: null, updated_at: at } },
      { data: { updated_at: at } },
      { data: { code: 7, updated_at: at } },
      { status: { code: 'in_orbit', created_at: at } },
    ]) {
      expect(made(data)).toMatchObject({ type: TYPES[prefix], time: '2026-03-02T09:30:00.000Z' });
      expect(made(data).data.status).toEqual({ code: 'in_orbit' });
    }
    expect(made({ data: { sub_code: 'apogee' } }).data.status).toEqual({ code: 'in_orbit', subcode: 'apogee' });
  });

  it.each(prefixes)('%s: is not recognized where the payload has another shape', (prefix) => {
    for (const data of [
      {},
      { data: null },
      { data: [] },
      { data: {} },
      { data: { code: 7, sub_code: null, updated_at: null } },
      { data: { text: 'hello', created_at: '2026-03-02T09:30:00Z' } },
      { status: 'in_orbit' },
      { status: { created_at: '2026-03-02T09:30:00Z' } },
      { log: { level: 'error', message: 'no', created_at: '2026-03-02T09:30:00Z' } },
      { participant_id: 7, created_at: '2026-03-02T09:30:00Z' },
    ]) {
      const made = eventOf(`${prefix}.in_orbit`, { data: { ...OBJECTS[prefix], ...data } });
      expect({ data, type: made.type }).toEqual({ data, type: 'event.unrecognized' });
      expect(made.data.problems).toEqual(['data.data.code: string']);
    }
  });

  it.each([
    ['bot.done', { bot: { id: 'b' } }, 'done'],
    ['bot.done', { bot: { id: 'b' }, data: ['done'] }, 'done'],
    ['realtime_endpoint.failed', { realtime_endpoint: { id: 'e' }, data: 7 }, 'failed'],
    ['recording.done', { recording: { id: 'r' } }, 'done'],
    ['video_mixed.deleted', { video_mixed: { id: 'v' }, data: null }, 'deleted'],
    ['transcript.failed', { transcript: { id: 't' }, data: { code: null } }, 'failed'],
    ['sdk_upload.uploading', { sdk_upload: { id: 'u' } }, 'uploading'],
    ['slack_team.active', {}, 'active'],
  ])('that is known tells the status itself: %s with %j', (event, data, code) => {
    expect(eventOf(event, { data }).data.status).toEqual({ code });
  });

  it('is no status of its own in bot.status_change, which must carry one', () => {
    const made = (status: unknown) => eventOf('bot.status_change', { data: { bot_id: 'b', status } });
    for (const status of [undefined, null, {}, { code: null }, { code: '' }, 'done', []]) {
      expect(made(status).type).toBe('event.unrecognized');
    }
    for (const data of [{ updated_at: '2026-03-02T09:30:00Z' }, { code: null, sub_code: 'apogee' }]) {
      const body = { data: { bot: { id: 'b' }, data } };
      expect(eventOf('bot.status_change', body).type).toBe('event.unrecognized');
    }
    expect(made({ code: 'participant_in_waiting_room' }).data.status).toEqual({ code: 'participant_in_waiting_room' });
  });
});

it.each<[string, unknown, unknown]>([
  ['a message in a wrap', { payload: { a: 1 } }, { a: 1 }],
  ['a message of nothing', { payload: null }, undefined],
  ['a message without a wrap', { type: 'Results', is_final: true }, { type: 'Results', is_final: true }],
  ['a list', [{ word: 'a' }], [{ word: 'a' }]],
  ['a text', 'partial', 'partial'],
  ['a number', 1.5, 1.5],
  ['an empty object', {}, undefined],
  ['nothing', undefined, undefined],
])('takes %s for the payload of a transcription service', (_name, data, payload) => {
  const made = eventOf('transcript.provider_data', { data: { data, transcript: { id: 't' } } });
  expect(made.data).toEqual({ transcript: { id: 't' }, ...(payload !== undefined && { payload }) });
});

it('tells the language of words, and leaves out the words that are none', () => {
  const words = [null, { text: 'bonjour', start_timestamp: { relative: 1 }, end_timestamp: null }, 7, []];
  const body = { data: { data: { words, language_code: 'fr' }, transcript: { id: 't' } } };
  expect(eventOf('transcript.data', body).data).toEqual({
    transcript: { id: 't' },
    language: 'fr',
    words: [{ text: 'bonjour', start: 1 }],
  });
});

it.each([
  [{ language_code: 'pt-BR', language: 'pt' }, 'pt-BR'],
  [{ language_code: null, language: 'fr' }, 'fr'],
  [{ language_code: '' }, undefined],
  [{ language_code: ['fr'] }, undefined],
])('finds the language in %j: %s', (data, language) => {
  const body = { data: { data: { words: [], ...data }, transcript: { id: 't' } } };
  expect(eventOf('transcript.partial_data', body).data.language).toBe(language);
});

it.each([null, [], 'text', {}, { text: null }])('keeps a chat message whose text is lost in %j', (data) => {
  const body = { data: { data: { participant: { id: 7 }, data }, bot: { id: 'b' } } };
  expect(eventOf('participant_events.chat_message', body)).toMatchObject({
    type: 'chat.message_sent',
    data: { message: { text: '' } },
  });
});

it('keeps a Recall time to the microsecond, in UTC', () => {
  const body = vary(recallBody('participant_events.join'), {
    'data.data.timestamp.absolute': '2026-02-03T10:41:05.917208+01:00',
  });
  expect(eventOf('participant_events.join', body).time).toBe('2026-02-03T09:41:05.917208Z');
});

it('takes the time of receipt where the provider tells none', () => {
  expect(eventOf('calendar.update', { data: { calendar_id: 'c-1' } })).toMatchObject({
    subject: 'calendar/c-1',
    time: '2026-02-03T10:00:00.000Z',
  });
});

it('scopes a participant by its bot', () => {
  const body = { data: { data: { participant: { id: 7 } }, bot: { id: 'b-1' } } };
  expect(eventOf('participant_events.leave', body)).toMatchObject({
    subject: 'bot/b-1/participant/7',
    data: { participant: { id: '7' }, bot: { id: 'b-1' } },
  });
});

it('takes a status code that Recall adds tomorrow', () => {
  const body = { data: { data: { code: 'in_orbit', sub_code: 'apogee' }, bot: { id: 'b-1' } } };
  expect(eventOf('bot.in_orbit', body)).toMatchObject({
    type: 'bot.status_changed',
    data: { status: { code: 'in_orbit', subcode: 'apogee' } },
  });
});

it.each([
  [{ breakout_room: { id: 'room-17', name: 'Table 3' } }, {}, { id: 'room-17', name: 'Table 3' }],
  [{ breakout_room: { id: 17 } }, {}, { id: '17' }],
  [{}, { breakout_room: { name: 'Table 3' } }, { name: 'Table 3' }],
  [{ breakout_room: 'Table 3' }, {}, undefined],
  [{ breakout_room: { id: [], name: {} } }, {}, undefined],
])('names the breakout room in %j or %j', (inStatus, inData, breakoutroom) => {
  const body = { data: { data: { code: 'breakout_room_opened', ...inStatus }, bot: { id: 'b-1' }, ...inData } };
  expect(eventOf('bot.breakout_room_opened', body).data).toEqual({
    bot: { id: 'b-1' },
    status: { code: 'breakout_room_opened' },
    ...(breakoutroom && { breakoutroom }),
  });
});
