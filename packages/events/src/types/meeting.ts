import * as z from 'zod/mini';
import { described } from '../described';
import { download, ingress, livestream, mediastream, meeting, status, summary } from '../entities';
import { defineMeetingEvent } from '../meeting-event';

const exampleMeeting = { id: '9a3e7c54-1d2b-4f6a-8c90-7e5d4b3a2f10', title: 'Planning round' };
const exampleDownload = { url: 'https://files.example.com/export', expiresat: '2026-03-09T09:30:00.000Z' };
const exampleSubject = `meeting/${exampleMeeting.id}`;

export const meetingStarted = defineMeetingEvent({
  type: 'meeting.started',
  description: 'A meeting began.',
  data: { meeting },
  example: {
    providerevent: 'meeting.started',
    subject: exampleSubject,
    data: { meeting: exampleMeeting },
  },
});

export const meetingEnded = defineMeetingEvent({
  type: 'meeting.ended',
  description: 'A meeting ended; `reason` says why in the words of the provider.',
  data: {
    meeting,
    reason: described(z.optional(z.string()), 'Why it ended, in the words of the provider; an open list'),
  },
  example: {
    providerevent: 'meeting.ended',
    subject: exampleSubject,
    data: { meeting: exampleMeeting, reason: 'host_ended' },
  },
});

export const chatExportReady = defineMeetingEvent({
  type: 'chat.export_ready',
  description: 'The chat of a meeting can be downloaded.',
  data: { meeting, download: z.optional(download) },
  example: {
    providerevent: 'chat.exported',
    subject: exampleSubject,
    data: { meeting: exampleMeeting, download: exampleDownload },
  },
});

export const summaryReady = defineMeetingEvent({
  type: 'summary.ready',
  description: 'The written summary of a meeting is complete: it can be downloaded, or is part of the event.',
  data: { meeting, download: z.optional(download), summary: z.optional(summary) },
  example: {
    providerevent: 'summary.done',
    subject: exampleSubject,
    data: { meeting: exampleMeeting, download: exampleDownload },
  },
});

export const livestreamStatusChanged = defineMeetingEvent({
  type: 'livestream.status_changed',
  description: 'The livestream of a meeting went live, idle or offline.',
  data: { livestream, status, meeting: z.optional(meeting) },
  example: {
    providerevent: 'livestream.live',
    subject: 'livestream/4d1c7b90-55aa-4e0f-9b6d-2a7f8e3c1d05',
    data: {
      livestream: { id: '4d1c7b90-55aa-4e0f-9b6d-2a7f8e3c1d05', playbackurl: 'https://live.example.com/stream.m3u8' },
      status: { code: 'live' },
      meeting: exampleMeeting,
    },
  },
});

export const ingressStatusChanged = defineMeetingEvent({
  type: 'ingress.status_changed',
  description: 'A stream that is fed into a meeting from outside began, ended or failed.',
  data: { ingress, status, meeting: z.optional(meeting) },
  example: {
    providerevent: 'ingress.live',
    subject: 'ingress/b8e0a1f4-6c2d-4b7e-93a5-1f0d8c6e2b47',
    data: {
      ingress: { id: 'b8e0a1f4-6c2d-4b7e-93a5-1f0d8c6e2b47', kind: 'RTMP_INPUT' },
      status: { code: 'live' },
      meeting: exampleMeeting,
    },
  },
});

const exampleMediastream = { id: 'd5f7c9a1-3e4b-4f20-8a6d-90b1c2d3e4f5' };

export const mediastreamStarted = defineMeetingEvent({
  type: 'mediastream.started',
  description:
    'Live media of a meeting can be fetched. Only one consumer may connect: let one rule alone have this event.',
  data: { mediastream, meeting: z.optional(meeting) },
  example: {
    providerevent: 'mediastream.started',
    subject: `mediastream/${exampleMediastream.id}`,
    data: {
      mediastream: { ...exampleMediastream, serverurls: ['wss://media.example.com/stream'] },
      meeting: exampleMeeting,
    },
  },
});

export const mediastreamStopped = defineMeetingEvent({
  type: 'mediastream.stopped',
  description: 'Live media of a meeting ended; `reason` says why in the words of the provider.',
  data: {
    mediastream,
    reason: described(z.optional(z.string()), 'Why it ended, in the words of the provider; an open list'),
    meeting: z.optional(meeting),
  },
  example: {
    providerevent: 'mediastream.stopped',
    subject: `mediastream/${exampleMediastream.id}`,
    data: { mediastream: exampleMediastream, meeting: exampleMeeting },
  },
});
