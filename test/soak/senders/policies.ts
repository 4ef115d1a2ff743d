/** How each sender of each provider tries, as far as the provider says it. The sources are in the README of the provider's folder. */
import type { Answer } from './http';
import type { RetryPolicy } from './retries';

const always = (): boolean => true;

/** Only a fault of the receiver: any other answer that is not 2xx, a redirect too, loses the event at once. */
const atFaults = (answer: Answer): boolean => answer === 'none' || answer >= 500;

/** Svix delivers the dashboard webhooks of Recall.ai: eight tries in about 27.6 hours, at anything but 2xx. */
export const SVIX: RetryPolicy = {
  name: 'Recall.ai webhooks (Svix)',
  waitsSeconds: [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000],
  timeLimitMs: 15_000,
  isTriedAgain: always,
};

/** Sixty tries, a second apart, at anything but 2xx. No time limit is published; there must be one. */
export const RECALL_REALTIME: RetryPolicy = {
  name: 'Recall.ai real-time',
  waitsSeconds: [0, ...Array(59).fill(1)],
  timeLimitMs: 15_000,
  isTriedAgain: always,
};

/**
 * Neither schedule nor time limit is published: the schedule is a modest one, and Dyte, from which RealtimeKit comes, said three
 * seconds.
 */
export const REALTIMEKIT: RetryPolicy = {
  name: 'RealtimeKit',
  waitsSeconds: [0, 30, 60, 300, 600, 1_800],
  timeLimitMs: 3_000,
  isTriedAgain: atFaults,
};

/** The shortest that its predecessor's documentation can be read as: three tries, a second apart. */
export const REALTIMEKIT_IMPATIENT: RetryPolicy = {
  ...REALTIMEKIT,
  name: 'RealtimeKit, three tries',
  waitsSeconds: [0, 1, 1],
};

/** Three more tries, 5, 20 and 60 minutes after the one before. */
export const ZOOM: RetryPolicy = {
  name: 'Zoom',
  waitsSeconds: [0, 300, 1_200, 3_600],
  timeLimitMs: 3_000,
  isTriedAgain: atFaults,
};

/**
 * Four more tries, with the pauses of the library with which LiveKit sends. It sets no time limit; what hangs for longer than this does
 * not answer any more.
 */
export const LIVEKIT: RetryPolicy = {
  name: 'LiveKit',
  waitsSeconds: [0, 1, 2, 4, 8],
  timeLimitMs: 60_000,
  isTriedAgain: (answer) => answer === 429 || (atFaults(answer) && answer !== 501),
  obeysRetryAfter: true,
};
