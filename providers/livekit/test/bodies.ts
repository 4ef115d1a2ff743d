/** Bodies of LiveKit, written by hand, and what becomes of them. */
import { eventOf as eventOfProvider } from '../../../test/support/normalized';

/** The event of a body, without its envelope. */
export const eventOf = (body: { readonly event: string; readonly [member: string]: unknown }) => {
  const { type, subject, time, data } = eventOfProvider('livekit', body.event, body);
  return { type, subject, time, data };
};

/** A body with what every event has; it was made at {@link AT}. */
export const event = <Members extends object>(name: string, members: Members) => ({
  ...{ event: name, id: 'EV_1', createdAt: '1770111725' },
  ...members,
});

export const AT = '2026-02-03T09:42:05.000Z';

/** The room in most events, and the meeting that it is. */
export const SHORT_ROOM = { sid: 'RM_1', name: 'planning' };
export const SHORT_MEETING = { id: 'planning', sessionid: 'RM_1' };

/** A time in nanoseconds. */
export const UPDATED = '1770111725123456789';
export const UPDATED_TIME = '2026-02-03T09:42:05.123456789Z';
