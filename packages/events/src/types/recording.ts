import * as z from 'zod/mini';
import { bot, download, media, meeting, recording, status, upload } from '../entities';
import type { MeetingEventType } from '../event-types';
import { defineMeetingEvent } from '../meeting-event';

const exampleBot = { id: '6f0c1c1e-0a51-4a43-9d6b-3f1f6a0f7b11' };
const exampleRecording = { id: 'c2d1a0f9-4b3c-4e5d-a6f7-8091a2b3c4d5' };

const defineRecordingEvent = <const Type extends MeetingEventType>(type: Type, code: string, description: string) =>
  defineMeetingEvent({
    type,
    description,
    data: {
      recording,
      status,
      download: z.optional(download),
      bot: z.optional(bot),
      meeting: z.optional(meeting),
    },
    example: {
      providerevent: `recording.${code}`,
      subject: `recording/${exampleRecording.id}`,
      data: { recording: exampleRecording, status: { code }, bot: exampleBot },
    },
  });

export const recordingStarted = defineRecordingEvent('recording.started', 'processing', 'A recording began.');
export const recordingPaused = defineRecordingEvent('recording.paused', 'paused', 'A recording was paused.');
export const recordingUploading = defineRecordingEvent(
  'recording.uploading',
  'uploading',
  'A recording ended and is being stored.',
);
export const recordingReady = defineRecordingEvent(
  'recording.ready',
  'done',
  'A recording is complete and can be fetched.',
);
export const recordingFailed = defineRecordingEvent('recording.failed', 'failed', 'A recording failed.');
export const recordingDeleted = defineRecordingEvent(
  'recording.deleted',
  'deleted',
  'A recording was deleted at the provider.',
);
export const recordingStatusChanged = defineRecordingEvent(
  'recording.status_changed',
  'queued',
  'A recording has a status that has no event type of its own.',
);

const defineMediaEvent = <const Type extends MeetingEventType>(type: Type, code: string, description: string) =>
  defineMeetingEvent({
    type,
    description,
    data: { media, status, recording: z.optional(recording), bot: z.optional(bot) },
    example: {
      providerevent: `video_mixed.${code}`,
      subject: 'media/7e6d5c4b-3a29-4180-9f0e-1d2c3b4a5968',
      data: {
        media: { id: '7e6d5c4b-3a29-4180-9f0e-1d2c3b4a5968', kind: 'video_mixed' },
        status: { code },
        recording: exampleRecording,
        bot: exampleBot,
      },
    },
  });

export const mediaStarted = defineMediaEvent(
  'media.started',
  'processing',
  'Capture of a media object (a video, an audio track, a list of participant events …) began.',
);
export const mediaReady = defineMediaEvent('media.ready', 'done', 'A media object is complete and can be fetched.');
export const mediaFailed = defineMediaEvent('media.failed', 'failed', 'A media object could not be captured.');
export const mediaDeleted = defineMediaEvent('media.deleted', 'deleted', 'A media object was deleted at the provider.');

export const uploadStatusChanged = defineMeetingEvent({
  type: 'upload.status_changed',
  description: 'The upload of a recording made by a desktop application moved on.',
  data: { upload, status, recording: z.optional(recording) },
  example: {
    providerevent: 'upload.complete',
    subject: 'upload/2b4d6f80-1a3c-4e5f-8091-a2b3c4d5e6f7',
    data: {
      upload: { id: '2b4d6f80-1a3c-4e5f-8091-a2b3c4d5e6f7' },
      status: { code: 'complete' },
      recording: exampleRecording,
    },
  },
});
