/** What RealtimeKit's bodies become. */
import { REALTIMEKIT_TYPES } from '../../../test/support/event-types';
import { eventOf as eventOfProvider } from '../../../test/support/normalized';
import { vary } from '../../kit/sandbox/vary';
import { realtimekitBody } from '../sandbox';
import { realtimekitVariants } from '../sandbox/variants';

const eventOf = (event: string, body: unknown) => eventOfProvider('realtimekit', event, body);

it.each(realtimekitVariants.map((variant) => [variant.name, variant] as const))(
  'realtimekit variant: %s',
  (_name, { event, body }) => {
    const { type } = eventOf(event, body);
    if (event === 'recording.statusUpdate') expect(type).toMatch(/^recording\./);
    else expect(type).toBe(REALTIMEKIT_TYPES[event]);
  },
);

it.each([
  ['RECORDING', 'recording.started'],
  ['PAUSED', 'recording.paused'],
  ['UPLOADING', 'recording.uploading'],
  ['UPLOADED', 'recording.ready'],
  ['ERRORED', 'recording.failed'],
  ['INVOKED', 'recording.status_changed'],
  ['constructor', 'recording.status_changed'],
])('a RealtimeKit recording that is %s becomes %s', (status, type) => {
  const body = realtimekitBody('recording.statusUpdate');
  const made = eventOf('recording.statusUpdate', vary(body, { 'recording.status': status }));
  expect(made.type).toBe(type);
  expect(made.data.status).toEqual({ code: status });
});

it.each([
  [{ roomUUID: 's-2' }, { id: 'm' }, 's-2'],
  [{ roomUUID: 's-2' }, { id: 'm', sessionId: null }, 's-2'],
  [{ roomUUID: 's-2' }, { id: 'm', sessionId: 's-1' }, 's-1'],
  [{ session_id: 's-3', roomUUID: 's-2' }, { id: 'm' }, 's-3'],
  [{ roomUUID: 7 }, { id: 'm' }, '7'],
  [{ room_uuid: 's-2' }, { id: 'm' }, 's-2'],
  [{ roomUuid: 's-2' }, { id: 'm' }, 's-2'],
  [{ roomUUID: {} }, { id: 'm' }, undefined],
  [{ roomUUID: 's-2', meetingId: 'm' }, undefined, 's-2'],
])('finds the session of a recording in %j or the meeting %j: %s', (more, meeting, sessionid) => {
  const body = { recording: { id: 'r', status: 'UPLOADING', ...more }, meeting };
  expect(eventOf('recording.statusUpdate', body).data.meeting).toEqual({
    id: 'm',
    ...(sessionid && { sessionid }),
  });
});

it('finds the meeting of a RealtimeKit recording: meeting.id, else meetingId, else recording.meetingId', () => {
  const meetingOf = (body: object) => eventOf('recording.statusUpdate', body).data.meeting?.id;
  const recording = { id: 'r', status: 'RECORDING', meetingId: 'third' };
  expect(meetingOf({ meeting: { id: 'first' }, meetingId: 'second', recording })).toBe('first');
  expect(meetingOf({ meetingId: 'second', recording })).toBe('second');
  expect(meetingOf({ recording })).toBe('third');
});

it('reads a size given as text', () => {
  const sizeOf = (fileSize: unknown) =>
    eventOf('recording.statusUpdate', { recording: { id: 'r', fileSize } }).data.recording.filesize;
  expect(['2048', 2048, '', 'big', null, undefined].map(sizeOf)).toEqual([
    2048,
    2048,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it('reads a length given as text', () => {
  const body = { recording: { id: 'r', recordingDuration: '1800.5' } };
  expect(eventOf('recording.statusUpdate', body).data.recording.duration).toBe(1800.5);
});

it('leaves the stream key out of the data', () => {
  const made = eventOf('livestreaming.statusUpdate', {
    streamId: 's',
    status: 'LIVE',
    stream_key: 'hidden',
    ingestServer: 'rtmps://ingest.example.org/live/hidden',
  });
  expect(made.data.livestream).toEqual({ id: 's', ingestserver: 'rtmps://ingest.example.org/live/' });
  expect(JSON.stringify(made)).not.toContain('hidden');
});
