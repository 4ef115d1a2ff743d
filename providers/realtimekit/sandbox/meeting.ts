import { type MeetingOptions, playSeed, type SampleDelivery } from '../../kit/sandbox/delivery';
import { type RealtimeKitOptions, realtimekitBody } from './bodies';

/** An event with its special values. */
type Step = readonly [event: string, special?: Pick<RealtimeKitOptions, 'guest' | 'status' | 'recording'>];

/** How long after one delivery the next one is sent. */
const STEP_MS = 60_000;

const WHILE_LIVE: readonly Step[] = [
  ['meeting.started'],
  ['meeting.participantJoined', { guest: 1 }],
  ['meeting.participantJoined', { guest: 2 }],
  ['recording.statusUpdate', { status: 'INVOKED' }],
  ['recording.statusUpdate', { status: 'RECORDING' }],
  ['recording.statusUpdate', { status: 'INVOKED', recording: 'second' }],
  ['recording.statusUpdate', { status: 'ERRORED', recording: 'second' }],
  // The stream breaks off once. A livestream's body holds no time, so its statuses repeat byte for byte.
  ['livestreaming.statusUpdate', { status: 'IDLE' }],
  ['livestreaming.statusUpdate', { status: 'LIVE' }],
  ['livestreaming.statusUpdate', { status: 'OFFLINE' }],
  ['livestreaming.statusUpdate', { status: 'LIVE' }],
  ['livestreaming.statusUpdate', { status: 'OFFLINE' }],
  ['meeting.participantLeft', { guest: 2 }],
  ['meeting.participantLeft', { guest: 1 }],
];

const AFTER_THE_END: readonly Step[] = [
  ['meeting.ended'],
  ['recording.statusUpdate', { status: 'UPLOADING' }],
  ['recording.statusUpdate', { status: 'UPLOADED' }],
  ['meeting.chatSynced'],
  ['meeting.transcript'],
  ['meeting.summary'],
];

/** The deliveries of one whole meeting with RealtimeKit, in the order in which they are sent. */
export function realtimekitMeeting(options: MeetingOptions): SampleDelivery[] {
  const { start } = options;
  const seed = playSeed(options);
  const sentAt = (index: number) => new Date(start.getTime() + index * STEP_MS);
  const joinedAt = (guest: number | undefined) =>
    sentAt(
      WHILE_LIVE.findIndex(([event, special]) => event === 'meeting.participantJoined' && special?.guest === guest),
    );
  const end = sentAt(WHILE_LIVE.length);
  return [...WHILE_LIVE, ...AFTER_THE_END].map(([event, special], index) => {
    const at = sentAt(index);
    const times = { at, start, end: at < end ? null : end, joined: joinedAt(special?.guest) };
    const body = realtimekitBody(event, { seed, ...times, ...special });
    return { route: '/realtimekit/webhooks', event, body, at };
  });
}
