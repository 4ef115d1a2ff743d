import { ALL_RECALL, OLDER_REAL_TIME, REALTIME_ROUTE, SEED_MEDIA } from '../../kit/test/samples/names';
import { recallBody, recallRoute, recallSamples } from '../sandbox';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
const MICROSECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const ENTITY = { id: expect.stringMatching(UUID), metadata: expect.any(Object) };
const PARTICIPANT = {
  id: expect.any(Number),
  name: expect.any(String),
  is_host: expect.any(Boolean),
  platform: 'desktop',
  extra_data: {},
};

/** The objects beside the status, by the prefix of the event, as Recall documents them. */
const OBJECTS: Record<string, string[]> = {
  bot: ['bot'],
  recording: ['recording', 'bot'],
  realtime_endpoint: ['realtime_endpoint', 'recording', 'bot'],
  sdk_upload: ['sdk_upload', 'recording'],
  slack_team: ['slack_team'],
};

const entities = (names: string[]) => Object.fromEntries(names.map((name) => [name, ENTITY]));
const status = (code: string) => ({ code, sub_code: null, updated_at: expect.stringMatching(MICROSECONDS) });

describe('recallSamples', () => {
  it('has every event of Recall and no other', () => {
    expect(Object.keys(recallSamples).sort()).toEqual([...ALL_RECALL].sort());
  });

  it.each(ALL_RECALL)('%s names itself and survives JSON', (name) => {
    const body = recallSamples[name];
    expect(body?.event).toBe(name);
    expect(JSON.parse(JSON.stringify(body))).toStrictEqual(body);
  });

  it.each(SEED_MEDIA)('%s carries the object that its prefix names', (name) => {
    const [media, code] = name.split('.') as [string, string];
    expect(recallBody(name, { subCode: null }).data).toStrictEqual({
      data: status(code),
      ...entities([media, 'recording', 'bot']),
    });
  });

  const otherShapes = ['bot.status_change', ...OLDER_REAL_TIME];
  const statusNames = ALL_RECALL.filter((name) => OBJECTS[name.split('.')[0]!] && !otherShapes.includes(name));
  it.each(statusNames.filter((name) => name !== 'realtime_endpoint.failed'))('%s has the status shape', (name) => {
    const [prefix, code] = name.split('.') as [string, string];
    expect(recallBody(name, { subCode: null }).data).toStrictEqual({
      data: status(code),
      ...entities(OBJECTS[prefix]!),
    });
  });

  it('says why an endpoint failed', () => {
    expect(recallSamples['realtime_endpoint.failed']?.data).toStrictEqual({
      data: { ...status('failed'), error: { code: expect.any(String), message: expect.any(String) } },
      ...entities(['realtime_endpoint', 'recording', 'bot']),
    });
  });

  it.each(REALTIME_ROUTE.filter((name) => name.startsWith('participant_events.')))('%s has the live shape', (name) => {
    const message = { text: expect.any(String), to: 'everyone' };
    expect(recallSamples[name]?.data).toStrictEqual({
      data: {
        participant: { ...PARTICIPANT, email: name.endsWith('.update') ? 'guest.one@example.com' : null },
        timestamp: { absolute: expect.stringMatching(MICROSECONDS), relative: 725.5 },
        data: name.endsWith('.chat_message') ? message : null,
      },
      ...entities(['realtime_endpoint', 'participant_events', 'recording', 'bot']),
    });
  });

  it.each([
    ['transcript.data', { relative: 725.42 }],
    ['transcript.partial_data', null],
  ])('%s has words', (name, lastEnd) => {
    const { data, ...objects } = recallSamples[name]!.data as { data: { words: object[]; participant: object } };
    expect(objects).toStrictEqual(entities(['realtime_endpoint', 'transcript', 'recording', 'bot']));
    expect(data.participant).toStrictEqual({ ...PARTICIPANT, email: null });
    expect(data.words).toHaveLength(6);
    expect(data.words[0]).toStrictEqual({
      text: 'Let',
      start_timestamp: { relative: 723.1 },
      end_timestamp: { relative: 723.42 },
    });
    expect(data.words[5]).toStrictEqual({
      text: 'agenda',
      start_timestamp: { relative: 725.1 },
      end_timestamp: lastEnd,
    });
  });

  it.each([
    ['calendar.update', { calendar_id: expect.stringMatching(UUID) }],
    [
      'calendar.sync_events',
      { calendar_id: expect.stringMatching(UUID), last_updated_ts: expect.stringMatching(MICROSECONDS) },
    ],
    [
      'bot.status_change',
      {
        bot_id: expect.stringMatching(UUID),
        status: { code: 'in_waiting_room', created_at: expect.stringMatching(MICROSECONDS), sub_code: null },
      },
    ],
    ...OLDER_REAL_TIME.filter((name) => name !== 'bot.transcription').map((name): [string, object] => [
      name,
      {
        bot_id: expect.stringMatching(UUID),
        participant_id: expect.any(Number),
        created_at: expect.stringMatching(MICROSECONDS),
      },
    ]),
    [
      'bot.transcription',
      {
        bot_id: expect.stringMatching(UUID),
        recording_id: expect.stringMatching(UUID),
        transcript: {
          original_transcript_id: 1,
          speaker: 'Guest One',
          speaker_id: expect.any(Number),
          words: [{ text: expect.any(String), start_time: 723.5, end_time: 725.5 }],
          is_final: true,
          language: 'en',
          source: 'meeting_captions',
        },
      },
    ],
    [
      'transcript.provider_data',
      {
        data: { payload: expect.any(Object) },
        ...entities(['realtime_endpoint', 'transcript', 'recording', 'bot']),
      },
    ],
  ])('%s has a shape of its own', (name, data) => {
    expect(recallSamples[name]?.data).toStrictEqual(data);
  });
});

describe('recallBody', () => {
  type Data = { data: { updated_at: string; sub_code: string | null }; bot: { id: string } };
  const dataOf = (event: string, options = {}) => recallBody(event, options).data as Data;

  it('gives one bot one id in all events of a seed, and another in another seed', () => {
    expect(dataOf('recording.done').bot).toEqual(dataOf('bot.done').bot);
    expect(dataOf('transcript.data').bot).toEqual(dataOf('bot.done').bot);
    expect(dataOf('bot.done', { seed: 'other' }).bot.id).not.toBe(dataOf('bot.done').bot.id);
  });

  it('takes the time and the sub code that it is given', () => {
    const at = new Date('2026-05-06T07:08:09.010Z');
    expect(dataOf('bot.fatal', { at, subCode: 'a_reason' }).data).toEqual({
      code: 'fatal',
      sub_code: 'a_reason',
      updated_at: '2026-05-06T07:08:09.010208Z',
    });
  });

  it('names the events it knows when it is asked for another', () => {
    expect(() => recallBody('bot.unheard_of')).toThrow(/no sample of "bot.unheard_of".*bot\.done/);
    expect(() => recallBody('constructor')).toThrow(/no sample of "constructor"/);
  });
});

describe('recallRoute', () => {
  it.each(ALL_RECALL)('routes %s by its whole name', (name) => {
    expect(recallRoute(name)).toBe(REALTIME_ROUTE.includes(name) ? '/recall/realtime' : '/recall/webhooks');
  });
});
