/** What `meetbus backfill recall` makes of Recall.ai's API, against a stand-in over HTTP. */
import { randomUUID } from 'node:crypto';
import { readAll } from '../../../test/support/backfill';
import { backfill } from '../backfill';
import { access } from '../backfill/access';
import { normalizeRecall } from '../normalize';
import { recallBody } from '../sandbox';
import { LINK, newBot, newFile, newRecording, newStatus, RecallApi } from './support/recall-api';

const FROM = Date.parse('2026-03-02T09:00:00Z');
const window = { from: FROM, to: FROM + 3_600_000 };
/** A time so many seconds after the window's start, as Recall.ai writes it. */
const at = (seconds: number) => `${new Date(FROM + seconds * 1_000).toISOString().slice(0, -1)}208Z`;

let fake: RecallApi;
beforeAll(async () => {
  fake = await RecallApi.start();
});
beforeEach(() => fake.reset());
afterAll(() => fake.api.close());

const read = (...subjects: string[]) =>
  readAll(backfill, fake.environment, { ...window, ...(subjects.length > 0 && { subjects }) });
const namesOf = ({ events }: { readonly events: readonly { readonly event: string }[] }) =>
  events.map(({ event }) => event).sort();
const gapsOf = ({ gaps }: { readonly gaps: readonly { readonly gap: string }[] }) => [
  ...new Set(gaps.map(({ gap }) => gap)),
];

it('makes bodies that mean the same as the webhooks', async () => {
  const [bot, recording, transcript, video, endpoint] = ['b', 'r', 't', 'v', 'e'].map(
    (name) => `${name}-${randomUUID()}`,
  ) as [string, string, string, string, string];
  const done = (seconds: number) => ({ code: 'done', at: at(seconds) });
  fake.bots = [
    newBot(bot, [
      { code: 'joining_call', at: at(1) },
      { code: 'fatal', sub_code: 'connection_lost', at: at(2) },
    ]),
  ];
  const named = { bot: { id: bot, metadata: { booking: 'room-12' } }, recording: { id: recording, metadata: {} } };
  fake.lists.recording = [newRecording(recording, bot, done(3), { video_mixed: newFile(video, done(4)) })];
  // The row of a file names its recording; whose bot that is stands in the list of recordings.
  fake.lists.transcript = [newFile(transcript, done(5), { recording: named.recording })];
  fake.lists.realtime_endpoint = [
    newFile(endpoint, { code: 'failed', at: at(6) }, { ...named, url: `${LINK}&token=x` }),
  ];
  fake.calendarEvents = [30, 50, 40].map((seconds) => ({
    id: randomUUID(),
    calendar_id: 'c',
    updated_at: at(seconds),
  }));

  const { events } = await read();
  const status = (code: string, seconds: number, sub_code: string | null = null) => ({
    code,
    sub_code,
    updated_at: at(seconds),
  });
  const webhooks = [
    { event: 'bot.joining_call', data: { data: status('joining_call', 1), bot: named.bot } },
    { event: 'bot.fatal', data: { data: status('fatal', 2, 'connection_lost'), bot: named.bot } },
    { event: 'recording.done', data: { data: status('done', 3), ...named } },
    {
      event: 'video_mixed.done',
      data: { data: status('done', 4), ...named, video_mixed: { id: video, metadata: {} } },
    },
    {
      event: 'transcript.done',
      data: { data: status('done', 5), ...named, transcript: { id: transcript, metadata: {} } },
    },
    {
      event: 'realtime_endpoint.failed',
      data: { data: status('failed', 6), ...named, realtime_endpoint: { id: endpoint, metadata: {} } },
    },
    { event: 'calendar.sync_events', data: { calendar_id: 'c', last_updated_ts: at(50) } },
  ];
  const meaningOf = ({ event, body }: { event: string; body: object }) => normalizeRecall(body, event);
  const byName = (a: { event: string }, b: { event: string }) => a.event.localeCompare(b.event);
  expect([...events].sort(byName).map(meaningOf)).toEqual(
    webhooks.sort(byName).map((body) => meaningOf({ event: body.event, body })),
  );
  expect(JSON.stringify(events)).not.toContain('recall-link-secret');
});

it('has the shape of every webhook that the sandbox has of a bot', async () => {
  const codes = ['joining_call', 'in_waiting_room', 'in_call_recording', 'call_ended', 'done'];
  fake.bots = [
    newBot(
      'b',
      codes.map((code, index) => ({ code, at: at(index) })),
    ),
  ];
  const { events } = await read();
  for (const { event, body } of events) {
    const sample = recallBody(event) as { data: { data: object; bot: object } };
    const { data } = body as { data: { data: object; bot: object } };
    expect(Object.keys(data).sort()).toEqual(Object.keys(sample.data).sort());
    expect(Object.keys(data.data)).toEqual(expect.arrayContaining(Object.keys(newStatus({ code: '', at: '' }))));
  }
  expect(events).toHaveLength(codes.length);
});

it('leaves out what is no webhook, and says what cannot be known', async () => {
  const codes = ['ready', 'joining_call', 'recording_done', 'analysis_done', 'done', 'media_expired'];
  fake.bots = [
    newBot(
      'b',
      codes.map((code, index) => ({ code, at: at(index) })),
    ),
  ];
  const expired = { ...newRecording('r', 'b', { code: 'done', at: at(9) }), expires_at: at(10) };
  fake.lists.recording = [expired, newRecording('r2', 'b', { code: 'processing', at: at(9) })];
  fake.lists.transcript = [{ ...newFile('t', { code: 'done', at: at(9) }), status: { code: 'done' } }];
  const said = await read();
  expect(namesOf(said)).toEqual(['bot.done', 'bot.joining_call', 'recording.done', 'recording.processing']);
  expect(gapsOf(said)).toEqual([
    expect.stringContaining('bots whose media has expired'),
    expect.stringContaining('earlier statuses of recordings'),
    expect.stringContaining('recordings whose media has expired'),
    'rows about transcript without an id, a status or its time',
  ]);
});

it('says where a row lacks what the API describes', async () => {
  const { status_changes: _, ...bot } = newBot('b', [{ code: 'done', at: at(1) }]);
  const { media_shortcuts: __, ...recording } = newRecording('r', 'b', { code: 'processing', at: at(2) });
  fake.bots = [bot as never];
  fake.lists.recording = [recording as never];
  const said = await read();
  expect(namesOf(said)).toEqual(['recording.processing']);
  expect(said.gaps).toEqual([
    { gap: 'bots without their statuses', isIncomplete: true },
    { gap: 'recordings without their files', isIncomplete: true },
  ]);
});

it('asks little for a thousand bots: lists alone, and less a minute than Recall.ai allows', async () => {
  const ids = Array.from({ length: 1_000 }, () => randomUUID());
  fake.bots = ids.map((id) =>
    newBot(id, [
      { code: 'joining_call', at: at(1) },
      { code: 'done', at: at(60) },
    ]),
  );
  const done = { code: 'done', at: at(70) };
  fake.lists.recording = ids.map((id) => newRecording(`r-${id}`, id, done, { video_mixed: newFile(`v-${id}`, done) }));
  fake.lists.transcript = ids.map((id) => newFile(`t-${id}`, done, { recording: { id: `r-${id}`, metadata: {} } }));
  fake.lists.realtime_endpoint = ids.map((id) =>
    newFile(`e-${id}`, done, { recording: { id: `r-${id}`, metadata: {} } }),
  );
  const { events, gaps } = await read();
  expect(events).toHaveLength(6_000);
  expect(gaps.filter(({ isIncomplete }) => isIncomplete)).toEqual([]);
  const { requests } = fake.api;
  // Four lists of ten pages, two that are empty, and the calendars.
  expect(requests).toHaveLength(43);
  expect(requests.filter((path) => /\/bot\/./.test(path.split('?')[0] ?? ''))).toEqual([]);
  expect(backfill.perSecond * 60).toBeLessThanOrEqual(30);
});

describe('pages', () => {
  const bots = (count: number) =>
    Array.from({ length: count }, (_, index) => newBot(`b${index}`, [{ code: 'done', at: at(index) }]));

  it.each([false, true])('are followed to the last one, with page numbers: %s', async (hasPageNumbers) => {
    Object.assign(fake, { pageSize: 2, hasPageNumbers });
    fake.bots = bots(7);
    const said = await read();
    expect(said.events).toHaveLength(7);
    expect(gapsOf(said)).toEqual([]);
    expect(fake.api.of('/api/v1/bot/')).toHaveLength(4);
    for (const request of fake.api.of('/api/v1/bot/')) expect(request).toContain('use_cursor=true&join_at_after=');
  });

  it('that change while they are read lose rows, and that is said', async () => {
    Object.assign(fake, { pageSize: 2, hasPageNumbers: true });
    fake.bots = bots(6);
    let pages = 0;
    // A bot of the first page is deleted, and another one begins: a row moves to the page that was read already.
    fake.onBots = () => {
      if (++pages === 2) fake.bots = [...fake.bots.slice(1), newBot('new', [{ code: 'done', at: at(9) }])];
    };
    const said = await read();
    expect(new Set(said.events.map(({ body }) => JSON.stringify(body))).size).toBe(6);
    fake.onBots = () => {
      if (++pages === 5) fake.bots = [newBot('first', [{ code: 'done', at: at(9) }]), ...fake.bots];
    };
    pages = 3;
    const shifted = await read();
    expect(gapsOf(shifted)).toEqual([expect.stringMatching(/^\/api\/v1\/bot\/: 6 of 7 rows, because it changed/)]);
  });

  it('without an end are given up', async () => {
    const endless = JSON.stringify({ results: [], next: 'https://us-east-1.recall.ai/api/v1/recording/?cursor=same' });
    fake.fail(/v1\/recording\//, { status: 200, body: endless });
    expect(gapsOf(await read())).toEqual(['/api/v1/recording/: its pages have no end']);
  });

  it.each(['[]', '{"results":null}', '"text"', '{"results":[],"next":7}'])(
    'of another form are a gap: %s',
    async (body) => {
      fake.bots = bots(1);
      fake.fail(/v1\/transcript\//, { status: 200, body });
      const said = await read();
      expect(said.events).toHaveLength(1);
      expect(said.gaps).toEqual([
        { gap: expect.stringMatching(/^files of the kind transcript: not read/), isIncomplete: true },
      ]);
    },
  );
});

it.each([404, 403, 500])('a list that is answered %i is a gap, and the others are read', async (status) => {
  fake.bots = [newBot('b', [{ code: 'done', at: at(1) }])];
  fake.fail(/calendar-events/, { status });
  const said = await read();
  expect(namesOf(said)).toEqual(['bot.done']);
  expect(said.gaps).toEqual([{ gap: expect.stringContaining(`was answered ${status}`), isIncomplete: true }]);
});

it('a key that is refused ends it, and is not quoted', async () => {
  const wrong = { ...fake.environment, RECALL_API_KEY: 'another-key' };
  const failed = await readAll(backfill, wrong, window).catch((error: Error) => error);
  expect(failed).toMatchObject({ status: 401, message: expect.stringContaining('Set RECALL_API_KEY') });
  expect((failed as Error).message).not.toContain('another-key');
});

describe('bots', () => {
  it('that the list does not have are asked for, if a recording names them', async () => {
    const unscheduled = newBot('b', [{ code: 'joining_call', at: at(1) }], null);
    fake.bots = [unscheduled];
    fake.lists.recording = ['r1', 'r2'].map((id) => newRecording(id, 'b', { code: 'processing', at: at(2) }));
    expect(namesOf(await read())).toEqual(['bot.joining_call', 'recording.processing', 'recording.processing']);
    expect(fake.api.of('/api/v1/bot/b/')).toHaveLength(1);
  });

  it('are asked for one by one up to a hundred times', async () => {
    fake.lists.recording = Array.from({ length: 103 }, (_, index) =>
      newRecording(`r${index}`, `b${index}`, { code: 'processing', at: at(2) }),
    );
    const { gaps } = await read();
    expect(fake.api.requests.filter((path) => /bot\/b\d+\/$/.test(path))).toHaveLength(100);
    expect(gaps.filter(({ gap }) => gap.startsWith('bots that the list does not have'))).toHaveLength(3);
    expect(gaps.filter(({ gap }) => gap.includes('was answered 404'))).toHaveLength(100);
  });

  it.each(['null', '[]', '"text"'])('that are answered %s are a gap', async (body) => {
    fake.fail(/v1\/bot\/b\//, { status: 200, body });
    expect((await read('bot/b')).gaps).toEqual([
      { gap: 'bot: not read to the end. /api/v1/bot/b/: the answer is no bot', isIncomplete: true },
    ]);
  });

  it('are read alone with what belongs to them', async () => {
    fake.bots = ['b', 'c'].map((id) => newBot(id, [{ code: 'done', at: at(1) }]));
    const done = { code: 'done', at: at(2) };
    fake.lists.recording = ['b', 'c'].map((id) => newRecording(`r-${id}`, id, done));
    fake.lists.transcript = ['b', 'c'].map((id) => newFile(`t-${id}`, done, { recording: { id: `r-${id}` } }));
    const { events } = await read('bot/b');
    expect(namesOf({ events })).toEqual(['bot.done', 'recording.done', 'transcript.done']);
    expect(JSON.stringify(events)).not.toContain('-c');
    expect(fake.api.of('/api/v1/bot/')).toEqual([]);
  });
});

describe('the environment', () => {
  const key = { RECALL_API_KEY: 'key' };
  it.each<[string, Record<string, string>, RegExp]>([
    ['no key', { RECALL_REGION: 'us-east-1' }, /^Set RECALL_API_KEY/],
    [
      'a key with a line break',
      { RECALL_REGION: 'us-east-1', RECALL_API_KEY: 'se\ncret' },
      /characters that no key has/,
    ],
    ['no region', key, /^Set RECALL_REGION/],
    ['an unknown region', { ...key, RECALL_REGION: 'mars' }, /^Set RECALL_REGION/],
    ['another host', { ...key, RECALL_BASE_URL: 'https://recall.ai.example.com' }, /^Set RECALL_BASE_URL/],
    ['another machine without TLS', { ...key, RECALL_BASE_URL: 'http://us-east-1.recall.ai' }, /^Set RECALL_BASE_URL/],
    ['a text', { ...key, RECALL_BASE_URL: 'us-east-1' }, /^Set RECALL_BASE_URL/],
  ])('with %s is refused', (_, environment, message) => {
    expect(() => access(environment)).toThrow(message);
    expect(() => access(environment)).not.toThrow(/cret/);
  });

  it('says which region', () => {
    expect(access({ ...key, RECALL_REGION: 'eu-central-1' })).toMatchObject({
      url: 'https://eu-central-1.recall.ai',
      headers: { authorization: 'Token key' },
    });
  });
});
