/** The JSON body that a provider posts. */
export type ProviderBody = Readonly<Record<string, unknown>>;

/** One delivery of a meeting: where it goes, what it is, and when the provider sends it. */
export interface SampleDelivery {
  /** Path of the route, such as `/acme/webhooks`. */
  readonly route: string;
  readonly event: string;
  readonly body: ProviderBody;
  readonly at: Date;
}

/** A body that differs from the documented one and must be understood all the same. */
export interface Variant {
  readonly name: string;
  readonly event: string;
  readonly body: ProviderBody;
  /** Why the receiver may meet such a body. */
  readonly why: string;
}

/** What makes one play of a meeting differ from another: all ids derive from both, so no two plays share a body. */
export interface MeetingOptions {
  readonly seed: string;
  /** When the first delivery is sent. */
  readonly start: Date;
}

/** The ids of the samples derive from it where the caller names no seed. */
export const SAMPLE_SEED = 'sample';

/** When the sample meeting begins. */
export const SAMPLE_START = new Date('2026-02-03T09:30:00.417Z');

/** When the sample events happen: 12 minutes and 5.5 seconds into the meeting. */
export const SAMPLE_TIME = new Date(SAMPLE_START.getTime() + 725_500);

/** The seed of one play. A transcript tells no absolute time: were the start left out, two plays would share its bodies. */
export function playSeed({ seed, start }: MeetingOptions): string {
  return `${seed}/${start.toISOString()}`;
}
