/** What Zoom's bodies become: for every name, a body and an event that are written by hand. */
import { readRaw } from '../../../lambdas/publish/raw';
import { eventOf } from '../../../test/support/normalized';
import { vary } from '../../kit/sandbox/vary';
import { runtime } from '../runtime';
import { zoomBody } from '../sandbox';
import { zoomVariants } from '../sandbox/variants';
import { common } from './expected/meetings';
import { RECORDINGS, SOUND, SUMMARY } from './expected/recordings';
import { EVENT_TS, MEETING, payload, SITTING, TIME } from './expected/sitting';

const ROWS = [...common('meeting'), ...common('webinar'), ...RECORDINGS];

it.each(ROWS)('%s', (event, sent, type, subject, data) => {
  const made = eventOf('zoom', event, { event, event_ts: EVENT_TS, payload: sent });
  expect(made).toMatchObject({ type, subject, time: TIME, provider: 'zoom', providerevent: event });
  expect(made.data).toEqual(data);
});

it('has a row for every sample', async () => {
  const { sandbox } = await import('../sandbox');
  expect(ROWS.map(([event]) => event).toSorted()).toEqual(sandbox.events.toSorted());
});

it.each(zoomVariants.map((variant) => [variant.name, variant] as const))('variant: %s', (_name, { event, body }) => {
  const row = ROWS.find(([name]) => name === event);
  expect(eventOf('zoom', event, body).type).toBe(row?.[2]);
});

const dataOf = (event: string, changes: object) =>
  eventOf('zoom', event, vary(zoomBody(event), changes as Record<string, unknown>)).data as Record<string, unknown>;

it('joins the older parts of a summary where it has no content', () => {
  const made = eventOf('zoom', 'meeting.summary_completed', { event_ts: EVENT_TS, payload: payload(SUMMARY) });
  expect(made.data).toMatchObject({ summary: { text: 'All is well.\n\nBudget\nIt holds.\n\nNothing else.' } });
});

it('lists the files of sound after the others', () => {
  const { download } = dataOf('recording.completed', { 'payload.object.participant_audio_files': [SOUND] });
  expect((download as { files: object[] }).files.at(-1)).toEqual({
    id: SOUND.id,
    name: SOUND.file_name,
    format: 'M4A',
  });
});

it.each([
  ['meeting.started', '2026-02-03T09:30:00.000Z'],
  ['meeting.ended', '2026-02-03T09:42:05.000Z'],
  ['meeting.participant_joined', '2026-02-03T09:42:05.000Z'],
  ['meeting.participant_left', '2026-02-03T09:42:05.000Z'],
  ['meeting.sharing_started', '2026-02-03T09:42:05.000Z'],
  ['meeting.chat_message_sent', '2026-02-03T09:42:05.000Z'],
])('%s without event_ts has the time of its own members', (event, time) => {
  expect(eventOf('zoom', event, vary(zoomBody(event), { event_ts: null })).time).toBe(time);
});

it('names a guest without ids by the meeting alone', () => {
  const names = { user_name: 'Guest Two', email: '' };
  const sent = { event_ts: EVENT_TS, payload: payload({ ...SITTING, participant: names }) };
  const made = eventOf('zoom', 'meeting.participant_joined', sent);
  expect(made.subject).toBe('meeting/85746065432');
  expect(made.data).toEqual({ participant: { name: 'Guest Two' }, meeting: MEETING });
});

it.each([
  ['meeting.started', { 'payload.object.id': null, 'payload.object.uuid': null }],
  ['recording.completed', { 'payload.object.uuid': null }],
  ['meeting.summary_completed', { 'payload.object.meeting_id': null, 'payload.object.meeting_uuid': null }],
  ['meeting.rtms_started', { 'payload.rtms_stream_id': null }],
  ['meeting.participant_joined', { 'payload.object.participant': null }],
  ['meeting.chat_message_sent', { 'payload.object.chat_message': null }],
])('%s without what it is about is unrecognized', (event, changes) => {
  const made = eventOf('zoom', event, vary(zoomBody(event), changes));
  expect(made).toMatchObject({ type: 'event.unrecognized', data: { reason: 'schema_mismatch' } });
});

it('does not know the names of others', () => {
  const body = { event: 'meeting.participant_admitted', event_ts: EVENT_TS, payload: payload(SITTING) };
  const made = eventOf('zoom', body.event, body);
  expect(made).toMatchObject({ type: 'event.unrecognized', data: { reason: 'unknown_event_name' } });
});

it('cuts credentials out of every event, but for the servers of live media', () => {
  const credentials = { password: 'credential-1', recording_play_passcode: 'credential-2', start_url: 'credential-3' };
  for (const [event, sent] of ROWS) {
    const body = {
      ...{ event, event_ts: EVENT_TS, download_token: 'credential-4' },
      payload: { ...sent, ...credentials, nested: JSON.stringify([credentials]) },
    };
    const raw = JSON.stringify(readRaw(Buffer.from(JSON.stringify(body)), runtime.credentialMembers)?.inline);
    expect(raw).toContain(event);
    for (const credential of ['credential-', 'key-of-the-stream', 'wss://']) expect(raw).not.toContain(credential);
    const data = JSON.stringify(eventOf('zoom', event, body).data);
    for (const credential of ['credential-', 'key-of-the-stream']) expect(data).not.toContain(credential);
  }
});

it.each([
  ['user.updated', { object: { id: 'user-1', host_key: 'credential-1' }, old_object: { host_key: 'credential-2' } }],
  ['user.settings_updated', { object: { settings: { schedule_meeting: { pmi_password: 'credential-3' } } } }],
  ['account.settings_updated', { object: { settings: { chat: { authorized_channel_token: 'credential-4' } } } }],
  ['user.tsp_created', { object: { tsp_credentials: { conference_code: '10001', leader_pin: 'credential-5' } } }],
  ['meeting.registration_approved', { object: { registrant: { participant_pin_code: 380_303 } } }],
  ['meeting.risk_alert', { object: { meeting_url: 'https://zoom.example/j/85746065432?pwd=credential-6' } }],
])('cuts credentials out of %s, which is unrecognized', (event, sent) => {
  const body = { event, event_ts: EVENT_TS, payload: { account_id: 'account-1', ...sent } };
  const raw = JSON.stringify(readRaw(Buffer.from(JSON.stringify(body)), runtime.credentialMembers)?.inline);
  expect(raw).toContain('account-1');
  expect(raw).not.toMatch(/credential-|380303/);
});
