/** Types of which a provider never says when it happened: their `time` is always that of receipt. A test holds it. */
import type { MeetingEventType, ProviderName } from '@meetbus/events';

export const TIMELESS: Readonly<Record<ProviderName, readonly MeetingEventType[]>> = {
  recall: ['transcript.provider_data', 'calendar.updated', 'calendar.synced'],
  realtimekit: [
    'chat.export_ready',
    'summary.ready',
    'livestream.status_changed',
    'transcript.ready',
    'recording.paused',
    'recording.ready',
    'recording.failed',
    'recording.status_changed',
  ],
};
