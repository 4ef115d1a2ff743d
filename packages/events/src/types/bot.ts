import * as z from 'zod/mini';
import { described } from '../described';
import { bot, breakoutroom, endpoint, meeting, recording, status } from '../entities';
import { defineMeetingEvent } from '../meeting-event';

export const botStatusChanged = defineMeetingEvent({
  type: 'bot.status_changed',
  description: 'A bot moved on: joining, waiting, in the call, recording, leaving, done, failed, or a breakout room.',
  data: { bot, status, breakoutroom: z.optional(breakoutroom), meeting: z.optional(meeting) },
  example: {
    providerevent: 'bot.in_call_recording',
    subject: 'bot/6f0c1c1e-0a51-4a43-9d6b-3f1f6a0f7b11',
    data: { bot: { id: '6f0c1c1e-0a51-4a43-9d6b-3f1f6a0f7b11' }, status: { code: 'in_call_recording' } },
  },
});

export const endpointStatusChanged = defineMeetingEvent({
  type: 'endpoint.status_changed',
  description: 'A real-time endpoint of a bot runs, is done, or has failed for good: after that nothing more comes.',
  data: {
    endpoint,
    status,
    error: described(
      z.optional(
        z.looseObject({
          code: described(z.optional(z.string()), 'Kind of error, in the words of the provider'),
          message: described(z.optional(z.string()), 'Explanation for people, in the words of the provider'),
        }),
      ),
      'Why it failed',
    ),
    bot: z.optional(bot),
    recording: z.optional(recording),
  },
  example: {
    providerevent: 'endpoint.failed',
    subject: 'endpoint/0b8f6a52-7f0e-4a62-8a3e-5f1d2c3b4a59',
    data: {
      endpoint: { id: '0b8f6a52-7f0e-4a62-8a3e-5f1d2c3b4a59' },
      status: { code: 'failed' },
      error: { code: 'max_retries', message: 'The endpoint did not answer.' },
      bot: { id: '6f0c1c1e-0a51-4a43-9d6b-3f1f6a0f7b11' },
    },
  },
});
