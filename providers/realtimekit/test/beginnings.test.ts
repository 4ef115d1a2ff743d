/** What begins with events of RealtimeKit, and that its ends are occurrences of the events that end it. */
import { eventOf } from '../../../test/support/normalized';
import type { Normalized } from '../../kit/normalize';
import { runtime } from '../runtime';

const meeting = { id: 'm', sessionId: 's', title: 'Planning', startedAt: '2026-03-02T09:30:00Z' };
const event = (name: string, members: object = { meeting }) =>
  eventOf('realtimekit', name, { event: name, ...members }) as Normalized;
const recording = (status: string) => event('recording.statusUpdate', { meeting, recording: { id: 'r', status } });

it('a session begins and ends, and a later one of its meeting is another', () => {
  const beginning = runtime.beginningOf?.(event('meeting.started'));
  const end = runtime.occurrenceOf?.(
    event('meeting.ended', { meeting: { ...meeting, endedAt: '2026-03-02T10:00:00Z' } }),
  );
  expect(beginning).toEqual({ subject: 'meeting/m', endedBy: [end?.key], hours: 4 });
  const other = event('meeting.started', { meeting: { ...meeting, sessionId: 's2' } });
  expect(runtime.beginningOf?.(other)?.endedBy).not.toEqual(beginning?.endedBy);
});

it('a recording ends when it is uploaded, or fails', () => {
  const ends = ['UPLOADED', 'ERRORED'].map((status) => runtime.occurrenceOf?.(recording(status))?.key);
  expect(runtime.beginningOf?.(recording('RECORDING'))).toEqual({ subject: 'meeting/m', endedBy: ends, hours: 5 });
  expect(runtime.beginningOf?.(recording('UPLOADING'))).toBeUndefined();
});

it('nothing begins without a session, or without a meeting', () => {
  expect(runtime.beginningOf?.(event('meeting.started', { meeting: { id: 'm' } }))).toBeUndefined();
  const alone = event('recording.statusUpdate', { recording: { id: 'r', status: 'RECORDING' } });
  expect(runtime.beginningOf?.(alone)).toBeUndefined();
});
