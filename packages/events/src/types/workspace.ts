import * as z from 'zod/mini';
import { described } from '../described';
import { calendar, slackteam, status, utcTime } from '../entities';
import { defineMeetingEvent } from '../meeting-event';

const exampleCalendar = { id: 'e1f20394-a5b6-4c7d-8e9f-0a1b2c3d4e5f' };

export const calendarUpdated = defineMeetingEvent({
  type: 'calendar.updated',
  description: 'The connection to a calendar changed.',
  data: { calendar },
  example: {
    providerevent: 'calendar.update',
    subject: `calendar/${exampleCalendar.id}`,
    data: { calendar: exampleCalendar },
  },
});

export const calendarSynced = defineMeetingEvent({
  type: 'calendar.synced',
  description: 'Entries of a calendar changed; fetch those updated since `lastupdatedat`.',
  data: { calendar, lastupdatedat: described(z.optional(utcTime), 'Entries updated since then are to be fetched') },
  example: {
    providerevent: 'calendar.sync_events',
    subject: `calendar/${exampleCalendar.id}`,
    data: { calendar: exampleCalendar, lastupdatedat: '2026-03-02T09:29:00.000Z' },
  },
});

export const slackStatusChanged = defineMeetingEvent({
  type: 'slack.status_changed',
  description: "The provider's Slack app was invited, became active or lost access, or a huddle changed.",
  data: { status, slackteam: z.optional(slackteam) },
  example: {
    providerevent: 'slack.active',
    subject: 'slackteam/f0e1d2c3-b4a5-4968-8776-655443322110',
    data: { status: { code: 'active' }, slackteam: { id: 'f0e1d2c3-b4a5-4968-8776-655443322110' } },
  },
});
