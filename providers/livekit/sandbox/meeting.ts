import { type MeetingOptions, playSeed, type SampleDelivery } from '../../kit/sandbox/delivery';
import { livekitBody } from './bodies';
import type { LiveKitOptions } from './ids';

/** An event with its special values. */
type Step = readonly [event: string, special?: Omit<LiveKitOptions, 'seed' | 'at' | 'start' | 'since'>];

/** How long after one delivery the next one is sent. */
const STEP_MS = 60_000;

const STEPS: readonly Step[] = [
  ['room_started'],
  ['agent_job_started'],
  ['participant_joined', { guest: 1 }],
  ['track_published', { guest: 1, source: 'MICROPHONE' }],
  ['track_published', { guest: 1, source: 'CAMERA' }],
  ['participant_connection_aborted', { guest: 2 }],
  ['participant_joined', { guest: 2 }],
  ['track_published', { guest: 2, source: 'MICROPHONE' }],
  ['participant_joined', { guest: 3 }],
  ['egress_started', { output: 'file' }],
  ['egress_updated', { output: 'file', status: 'EGRESS_ACTIVE' }],
  ['egress_started', { output: 'stream' }],
  ['egress_updated', { output: 'stream', status: 'EGRESS_ACTIVE' }],
  ['ingress_started'],
  ['track_published', { guest: 1, source: 'SCREEN_SHARE' }],
  ['track_published', { guest: 1, source: 'SCREEN_SHARE_AUDIO' }],
  ['track_unpublished', { guest: 1, source: 'SCREEN_SHARE_AUDIO' }],
  ['track_unpublished', { guest: 1, source: 'SCREEN_SHARE' }],
  ['ingress_ended'],
  ['egress_ended', { output: 'stream', status: 'EGRESS_COMPLETE' }],
  ['participant_left', { guest: 3, reason: 'CLIENT_INITIATED' }],
  ['track_unpublished', { guest: 2, source: 'MICROPHONE' }],
  ['participant_left', { guest: 2, reason: 'SIGNAL_CLOSE' }],
  ['track_unpublished', { guest: 1, source: 'MICROPHONE' }],
  ['track_unpublished', { guest: 1, source: 'CAMERA' }],
  ['participant_left', { guest: 1 }],
  ['agent_job_ended'],
  ['egress_updated', { output: 'file', status: 'EGRESS_ENDING' }],
  ['egress_ended', { output: 'file', status: 'EGRESS_COMPLETE' }],
  ['room_finished'],
];

/** What began with which event, so that its end can tell since when it lasted. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  participant_left: 'participant_joined',
  egress_updated: 'egress_started',
  egress_ended: 'egress_started',
  ingress_ended: 'ingress_started',
  agent_job_ended: 'agent_job_started',
};

/** The step in which what an event is about began. */
function beginningOf([event, { guest, output } = {}]: Step, index: number): number {
  const name = BEGINNINGS[event];
  const found = STEPS.findIndex(
    ([other, special]) => other === name && special?.guest === guest && special?.output === output,
  );
  return found < 0 ? index : found;
}

/** The deliveries of one whole meeting with LiveKit, in the order in which they are sent. */
export function livekitMeeting(options: MeetingOptions): SampleDelivery[] {
  const { start } = options;
  const seed = playSeed(options);
  const sentAt = (index: number) => new Date(start.getTime() + index * STEP_MS);
  return STEPS.map((step, index) => {
    const [event, special] = step;
    const at = sentAt(index);
    const body = livekitBody(event, { seed, at, start, since: sentAt(beginningOf(step, index)), ...special });
    return { route: '/livekit/webhooks', event, body, at };
  });
}
