/** What the server and the page say to each other about trying things in the local cloud. */

/** A provider that can be played. */
export interface PlayableProvider {
  readonly name: string;
  readonly title: string;
  /** Its events that have a sample. */
  readonly events: readonly string[];
}

/** Answer of `GET /api/try`. */
export interface Playable {
  readonly providers: readonly PlayableProvider[];
}

/** Body of `POST /api/try/sample`. */
export interface SampleRequest {
  readonly provider: string;
  readonly event: string;
}

/** Answer of `POST /api/try/sample`: a new sample. */
export interface Sample {
  readonly route: string;
  /** Indented JSON. */
  readonly body: string;
}

/** Body of `POST /api/try/send`; the answers come as server-sent events. */
export interface SendRequest {
  readonly provider: string;
  /** Any text; what a provider sends is JSON. */
  readonly body: string;
  /** What the body was before it was edited: other samples get the same changes. */
  readonly sample?: { readonly event: string; readonly body: string };
  readonly signing: 'genuine' | 'wrong' | 'stale';
  /** Whether each delivery is a repetition of the first, or a new sample with the same changes. */
  readonly each: 'same' | 'new';
  readonly count: number;
}

/** The answer to one delivery. */
export interface Sent {
  readonly status: number;
  /** The word in the answer. */
  readonly outcome: string;
  /** Why it was not accepted, in the word of the log; absent if it was, or if the log does not say so. */
  readonly reason?: string;
  readonly correlationId: string;
  readonly milliseconds: number;
}

/** Body of `POST /api/try/meeting`; {@link Played} come as server-sent events. */
export interface MeetingRequest {
  /** A meeting of each. */
  readonly providers: readonly string[];
  /** How much faster than the clock; null waits for nothing. */
  readonly speed: number | null;
}

/** A delivery of a meeting that was sent. */
export interface Played {
  readonly provider: string;
  readonly event: string;
  readonly status: number;
  readonly outcome: string;
  readonly correlationId: string;
  readonly sent: number;
  readonly total: number;
}

/** A fault that can be switched on and off. */
export interface SwitchableFault {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly isOn: boolean;
}

/** Answer of every route of `/api/faults`. */
export interface Faults {
  readonly ready: readonly SwitchableFault[];
  /** The whole plan: what the ready-made ones have put there, and other rules. */
  readonly plan: { readonly seed: number; readonly faults: readonly object[] };
  /** How often each fault has struck since the plan was changed, by `<service>.<operation>.<fault>`. */
  readonly injected: Readonly<Record<string, number>>;
}

/** A provider's server that can be broken. */
export interface BreakableServer {
  readonly name: string;
  readonly title: string;
  readonly ways: readonly string[];
  readonly broken: string | null;
}

/** Answer of every route of `/api/fakes`. */
export interface Servers {
  readonly servers: readonly BreakableServer[];
}
