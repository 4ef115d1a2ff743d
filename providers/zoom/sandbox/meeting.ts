import { type MeetingOptions, playSeed, type SampleDelivery } from '../../kit/sandbox/delivery';
import { zoomBody } from './bodies';

/** How long after one delivery the next one is sent. */
const STEP_MS = 60_000;

const WHILE_LIVE: readonly (readonly [event: string, guest?: number])[] = [
  ['meeting.started'],
  ['meeting.participant_joined', 1],
  ['meeting.participant_joined', 2],
  ['meeting.rtms_started'],
  ['recording.started'],
  ['meeting.chat_message_sent', 2],
  ['meeting.sharing_started', 1],
  ['recording.paused'],
  ['recording.resumed'],
  ['meeting.sharing_ended', 1],
  ['meeting.chat_message_sent', 2],
  ['meeting.participant_left', 2],
  ['meeting.participant_left', 1],
  ['meeting.rtms_stopped'],
  ['recording.stopped'],
];

const AFTER_THE_END: readonly string[] = [
  'meeting.ended',
  'recording.completed',
  'recording.transcript_completed',
  'meeting.summary_completed',
];

/** The deliveries of one whole meeting with Zoom, in the order in which they are sent. */
export function zoomMeeting(options: MeetingOptions): SampleDelivery[] {
  const { start } = options;
  const seed = playSeed(options);
  const sentAt = (index: number) => new Date(start.getTime() + index * STEP_MS);
  const end = sentAt(WHILE_LIVE.length);
  const steps = [...WHILE_LIVE, ...AFTER_THE_END.map((event) => [event] as const)];
  return steps.map(([event, guest], index) => {
    const at = sentAt(index);
    return { route: '/zoom/webhooks', event, body: zoomBody(event, { seed, at, start, end, guest: guest ?? 1 }), at };
  });
}
