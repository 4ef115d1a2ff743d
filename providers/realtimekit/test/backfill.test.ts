/** What `meetbus backfill realtimekit` makes of RealtimeKit's API, against a stand-in over HTTP. */
import { readAll } from '../../../test/support/backfill';
import { backfill } from '../backfill';
import { normalizeRealtimekit } from '../normalize';
import { runtime } from '../runtime';
import {
  type FakeSession,
  newParticipant,
  newRecording,
  newSession,
  SECRETS,
  SessionsApi,
} from './support/sessions-api';

const FROM = Date.parse('2026-03-02T09:00:00Z');
const window = { from: FROM, to: FROM + 3_600_000 };
const at = (minutes: number) => new Date(FROM + minutes * 60_000).toISOString();

let fake: SessionsApi;
beforeAll(async () => {
  fake = await SessionsApi.start();
});
beforeEach(() => fake.reset());
afterAll(() => fake.api.close());

const read = (...subjects: string[]) =>
  readAll(backfill, fake.environment, { ...window, ...(subjects.length > 0 && { subjects }) });
const session = (id: string, times: { start: string; end?: string }, more: Partial<FakeSession> = {}): FakeSession => ({
  ...{ row: newSession(id, `m-${id}`, times), participants: [], files: [] },
  ...more,
});

type Said = { readonly event: string; readonly body: object };
/** What became of a body: the event's type, its subject, its time, and what it reports. */
function meaningOf({ event, body }: Said) {
  const normalized = normalizeRealtimekit(body, event);
  if (normalized === undefined || 'problems' in normalized) throw new Error(`${event}: ${JSON.stringify(normalized)}`);
  const { type, subject, time } = normalized;
  return { type, subject, time, occurrence: runtime.occurrenceOf?.(normalized)?.key };
}
const meanings = (events: readonly Said[]) =>
  events.map(meaningOf).toSorted((a, b) => (a.type + a.subject).localeCompare(b.type + b.subject));
const namesOf = (events: readonly Said[]) => events.map(({ event }) => event).sort();
const gapsOf = ({ gaps }: { readonly gaps: readonly { readonly gap: string }[] }) => [
  ...new Set(gaps.map(({ gap }) => gap)),
];

it('makes bodies that mean the same as the webhooks', async () => {
  const participants = [newParticipant('p', at(2), at(20)), newParticipant('q', at(3), null)];
  fake.sessions = [
    session('s', { start: at(1), end: at(30) }, { participants, files: ['transcript', 'summary', 'chat'] }),
  ];
  const times = { invoked_time: at(4), started_time: at(5), stopped_time: at(29) };
  fake.recordings = [newRecording('r', 'm-s', 's', { status: 'UPLOADED', ...times })];
  const { events, gaps } = await read();
  expect(gaps).toEqual([]);

  const meeting = {
    id: 'm-s',
    sessionId: 's',
    title: 'Planning',
    startedAt: at(1),
    organizedBy: { id: 'organization-1' },
  };
  const participant = { peerId: 'p', joinedAt: at(2), leftAt: at(20) };
  const recording = { id: 'r', meetingId: 'm-s', startedTime: at(5), stoppedTime: at(29) };
  const webhooks: { event: string }[] = [
    { event: 'meeting.started', meeting } as never,
    { event: 'meeting.ended', meeting: { ...meeting, endedAt: at(30) }, reason: 'ALL_PARTICIPANTS_LEFT' } as never,
    { event: 'meeting.participantJoined', meeting, participant } as never,
    { event: 'meeting.participantJoined', meeting, participant: { peerId: 'q', joinedAt: at(3) } } as never,
    { event: 'meeting.participantLeft', meeting, participant } as never,
    { event: 'meeting.transcript', meeting, transcriptDownloadUrl: 'https://x' } as never,
    { event: 'meeting.summary', meeting: { id: 'm-s', sessionId: 's' }, summaryDownloadUrl: 'https://x' } as never,
    { event: 'meeting.chatSynced', meetingId: 'm-s', sessionId: 's', chatDownloadUrl: 'https://x' } as never,
    { event: 'recording.statusUpdate', recording: { ...recording, status: 'RECORDING' } } as never,
    { event: 'recording.statusUpdate', recording: { ...recording, status: 'UPLOADING' } } as never,
    { event: 'recording.statusUpdate', recording: { ...recording, status: 'UPLOADED' } } as never,
  ];
  expect(meanings(events)).toEqual(meanings(webhooks.map((body) => ({ event: body.event, body }))));
  for (const meaning of meanings(events)) expect(meaning.occurrence).toBeDefined();
});

it('takes download links, as webhooks have them, and no key of the storage', async () => {
  const times = { invoked_time: at(4), started_time: at(5), stopped_time: at(29) };
  fake.recordings = [newRecording('r', 'm', 's', { status: 'UPLOADED', ...times })];
  const text = JSON.stringify((await read()).events);
  expect(text).toContain(SECRETS[0]);
  expect(text).not.toContain(SECRETS[1]);
  expect(text).not.toContain('storage');
});

it.each<[string, object, string[]]>([
  ['only asked for', { status: 'INVOKED', invoked_time: at(1) }, ['INVOKED']],
  // When it is resumed, a webhook may report the same start again, and would be a duplicate of what came back.
  ['under way', { status: 'RECORDING', invoked_time: at(1), started_time: at(2) }, []],
  ['paused', { status: 'PAUSED', invoked_time: at(1), started_time: at(2) }, []],
  [
    'uploading',
    { status: 'UPLOADING', invoked_time: at(1), started_time: at(2), stopped_time: at(3) },
    ['RECORDING', 'UPLOADING'],
  ],
  [
    'failed',
    { status: 'ERRORED', invoked_time: at(1), started_time: at(2), stopped_time: at(3) },
    ['RECORDING', 'ERRORED'],
  ],
  ['failed before it began', { status: 'ERRORED', invoked_time: at(1) }, ['ERRORED']],
  [
    'uploaded, and ended before the window',
    { status: 'UPLOADED', invoked_time: at(-9), stopped_time: at(-1) },
    ['UPLOADING'],
  ],
])('of a recording that is %s', async (_, members, expected) => {
  fake.recordings = [newRecording('r', 'm', 's', members)];
  const { events } = await read();
  expect(events.map(({ body }) => (body as { recording: { status: string } }).recording.status)).toEqual(expected);
});

it('of a session says what happened in the window, and asks for files after its end alone', async () => {
  fake.sessions = [
    session('before', { start: at(-60), end: at(-30) }, { files: ['chat'] }),
    session('into', { start: at(-60), end: at(10) }, { files: ['chat'] }),
    session('live', { start: at(20) }, { files: ['chat'] }),
    session('beyond', { start: at(50), end: at(70) }, { files: ['chat'] }),
  ];
  const { events } = await read();
  expect(meanings(events).map(({ type, subject }) => `${type} ${subject}`)).toEqual([
    'chat.export_ready meeting/m-into',
    'meeting.ended meeting/m-into',
    'meeting.started meeting/m-beyond',
    'meeting.started meeting/m-live',
  ]);
  expect(fake.api.requests.filter((path) => path.includes('/before/'))).toEqual([]);
});

it('leaves out rows that no webhook is about', async () => {
  const row = newSession('s', 'm', { start: at(1) });
  fake.sessions = [
    { row: { ...row, type: 'participant' }, participants: [], files: [] },
    { row: { ...row, id: 't', associated_id: '' }, participants: [], files: [] },
  ];
  const said = await read();
  expect(said.events).toEqual([]);
  expect(gapsOf(said)).toEqual([
    'sessions of a single participant: no webhook is about them',
    'sessions without a meeting or a start',
  ]);
});

it('is limited to a meeting', async () => {
  fake.sessions = ['a', 'b'].map((id) => session(id, { start: at(1) }));
  fake.recordings = ['a', 'b'].map((id) =>
    newRecording(`r-${id}`, `m-${id}`, id, { status: 'UPLOADING', started_time: at(2), invoked_time: at(1) }),
  );
  const { events } = await read('meeting/m-a');
  expect(namesOf(events)).toEqual(['meeting.started', 'recording.statusUpdate']);
  expect(fake.of('/sessions/b/participants')).toEqual([]);
});

describe('pages', () => {
  const sessions = (count: number) =>
    Array.from({ length: count }, (_, index) => session(`s${index}`, { start: at(index / 100) }));

  it('are followed to the last one, also where the API gives fewer rows than asked for', async () => {
    fake.mostPerPage = 20;
    fake.sessions = sessions(50);
    const said = await read();
    expect(namesOf(said.events)).toHaveLength(50);
    expect(gapsOf(said)).toEqual([]);
    expect(fake.of('/sessions')).toHaveLength(3);
    // One for each session, and one page of recordings.
    expect(fake.api.requests).toHaveLength(3 + 50 + 1);
    // New rows come last everywhere, so they move no row to another page.
    expect(fake.api.requests.filter((path) => !path.includes('sort_order=ASC'))).toEqual([]);
  });

  it('that change while they are read lose rows, and that is said', async () => {
    fake.mostPerPage = 2;
    fake.sessions = sessions(6);
    let pages = 0;
    fake.onSessions = () => {
      if (++pages === 2)
        fake.sessions = [
          session('new', { start: at(0) }),
          ...fake.sessions.slice(0, 4),
          session('last', { start: at(1) }),
        ];
    };
    const said = await read();
    expect(gapsOf(said)).toEqual([expect.stringMatching(/^\/sessions: 5 of 6 rows, because it changed/)]);
  });

  it('with new rows for ever are given up', async () => {
    fake.endless = true;
    const said = await read();
    expect(gapsOf(said)).toContain('/recordings: its pages have no end');
    expect(fake.of('/recordings')).toHaveLength(1_000);
  });

  it('without an end are given up', async () => {
    const row = newSession('s', 'm', { start: at(1) });
    const body = JSON.stringify({ success: true, data: { sessions: [row] }, paging: { total_count: 2 } });
    fake.fail(/\/sessions\?/, { status: 200, body });
    const said = await read();
    expect(gapsOf(said)[0]).toMatch(/^\/sessions: 1 of 2 rows/);
    expect(fake.of('/sessions')).toHaveLength(3);
  });
});

it('a list that fails is a gap, and the others are read', async () => {
  fake.sessions = [session('s', { start: at(1), end: at(2) }, { files: ['transcript'] })];
  fake.fail(/\/recordings/, { status: 500 });
  fake.fail(/\/participants/, { status: 404 });
  fake.fail(/\/summary/, { status: 403 });
  const said = await read();
  expect(namesOf(said.events)).toEqual(['meeting.ended', 'meeting.started', 'meeting.transcript']);
  expect(said.gaps).toEqual([
    {
      gap: expect.stringMatching(/^recordings: not read to the end\. \/recordings was answered 500/),
      isIncomplete: true,
    },
    { gap: expect.stringMatching(/^participants of the session s: .* was answered 404$/), isIncomplete: true },
    { gap: expect.stringMatching(/^summary of the session s: .* was answered 403/), isIncomplete: true },
  ]);
});

it.each(['{"success":false,"errors":[{"code":1}]}', '"text"', 'null'])(
  'a file of which the API answers 200 and %s is a gap',
  async (body) => {
    fake.sessions = [session('s', { start: at(1), end: at(2) })];
    fake.fail(/\/summary/, { status: 200, body });
    expect((await read()).gaps).toEqual([
      { gap: expect.stringMatching(/^summary of the session s: not read to the end/), isIncomplete: true },
    ]);
  },
);

it('a token that is refused ends it, and is not quoted', async () => {
  const wrong = { ...fake.environment, CLOUDFLARE_API_TOKEN: 'another-token' };
  const failed = await readAll(backfill, wrong, window).catch((error: Error) => error);
  expect(failed).toMatchObject({ status: 401, message: expect.stringContaining('Set CLOUDFLARE_API_TOKEN') });
  expect((failed as Error).message).not.toContain('another-token');
});

it.each<[string, Record<string, string | undefined>, RegExp]>([
  [
    'nothing',
    { CLOUDFLARE_API_TOKEN: undefined },
    /^Set CLOUDFLARE_ACCOUNT_ID, REALTIMEKIT_APP_ID and CLOUDFLARE_API_TOKEN\.$/,
  ],
  ['an id that is none', { REALTIMEKIT_APP_ID: '../app' }, /^Give an id/],
  ['a host without TLS', { CLOUDFLARE_BASE_URL: 'http://api.example.com' }, /https/],
])('an environment with %s is refused', (_, changes, message) => {
  expect(() => backfill.access({ ...fake.environment, ...changes })).toThrow(message);
});
