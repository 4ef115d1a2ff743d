/** Ids and times of the samples, in LiveKit's forms. */
import { type ProviderBody, SAMPLE_SEED, SAMPLE_START, SAMPLE_TIME } from '../../kit/sandbox/delivery';
import { sampleId } from '../../kit/sandbox/ids';

/** Values that a test or a meeting can set in a body; each event uses those that it has. */
export interface LiveKitOptions {
  /** The ids derive from it. */
  readonly seed?: string;
  /** When it happened. */
  readonly at?: Date;
  /** When the room was opened. */
  readonly start?: Date;
  /** When the participant who leaves had joined, or the egress had begun. */
  readonly since?: Date;
  /** The participant's number, from 1. */
  readonly guest?: number;
  /** Why a participant left. */
  readonly reason?: string;
  /** Where a track comes from. */
  readonly source?: string;
  /** The status of an egress, an ingress or an agent's job. */
  readonly status?: string;
  /** What an egress makes. */
  readonly output?: 'file' | 'stream' | 'segments';
}

export function withDefaults(options: LiveKitOptions) {
  const chosen = {
    seed: SAMPLE_SEED,
    at: SAMPLE_TIME,
    start: SAMPLE_START,
    guest: 1,
    output: 'file' as const,
    ...options,
  };
  return { since: chosen.start, ...chosen };
}

export type Chosen = ReturnType<typeof withDefaults>;

/** Members of a body. */
export type Members = ProviderBody;

/** An id as LiveKit makes them: a prefix for its kind, and letters and digits. */
export const sid = ({ seed }: Chosen, prefix: string, name = ''): string =>
  `${prefix}_${sampleId(`${seed}/livekit/${prefix}/${name}`).replaceAll('-', '').slice(0, 12)}`;

/** Protobuf writes 64-bit numbers as text. */
export const seconds = (time: Date): string => String(Math.floor(time.getTime() / 1000));
export const milliseconds = (time: Date): string => String(time.getTime());
export const nanoseconds = (time: Date): string => `${time.getTime()}000000`;
