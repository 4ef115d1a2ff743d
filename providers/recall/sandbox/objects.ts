import { SAMPLE_SEED, SAMPLE_START, SAMPLE_TIME } from '../../kit/sandbox/delivery';
import { sampleId } from '../../kit/sandbox/ids';

/** The media objects of a Recall recording; each has its own status. */
export const MEDIA_OBJECTS = [
  'participant_events',
  'transcript',
  'video_mixed',
  'video_separate',
  'audio_mixed',
  'audio_separate',
  'meeting_metadata',
] as const;

/** An object that Recall names in an event as `{ id, metadata }`. */
export type RecallObject =
  | 'bot'
  | 'recording'
  | 'realtime_endpoint'
  | 'sdk_upload'
  | 'slack_team'
  | (typeof MEDIA_OBJECTS)[number];

/** A participant of a real-time event. Recall documents less, but each field may be null. */
export interface RecallParticipant {
  readonly id: number | null;
  readonly name: string | null;
  readonly is_host: boolean | null;
  readonly platform: string | null;
  readonly extra_data: object | null;
  readonly email: string | null;
}

/** Values that a test or a meeting can set in a body; each event uses those that it has. */
export interface RecallOptions {
  /** The ids derive from it. */
  readonly seed?: string;
  /** When it happened. */
  readonly at?: Date;
  /** When the recording began: real-time events count their seconds from here. */
  readonly start?: Date;
  readonly subCode?: string | null;
  readonly participant?: Partial<RecallParticipant>;
  /** The chat message, or the words of the transcript. */
  readonly text?: string;
}

/** The options, with the sample meeting's values as defaults. */
export function withDefaults(options: RecallOptions) {
  return { seed: SAMPLE_SEED, at: SAMPLE_TIME, start: SAMPLE_START, ...options };
}

/** The named objects, with the ids of one seed. */
export function recallObjects(names: readonly RecallObject[], seed: string): Record<string, object> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      { id: sampleId(`${seed}/recall/${name}`), metadata: name === 'bot' ? { booking: 'room-12-weekly' } : {} },
    ]),
  );
}

/**
 * A time as Recall writes it: ISO 8601 with microseconds. The last three digits are never zero, so that a test notices
 * a reader that cuts them off.
 */
export function microseconds(time: Date): string {
  return `${time.toISOString().slice(0, -1)}208Z`;
}
