/** What the server and the page say to each other about the pattern tester. */

/** An event that a pattern is tested with. */
export interface TestedEvent {
  /** Names it to the server: `example:<type>:<provider>`, or `recent:<id>`. */
  readonly key: string;
  readonly type: string;
  readonly provider: string;
  readonly subject: string;
  /** Of a real event: when it happened, and the correlation id of its delivery. */
  readonly time?: string;
  readonly correlationId?: string;
}

/** Answer of `POST /api/patterns/recent`. */
export interface RecentEvents {
  /** The newest first. */
  readonly events: readonly TestedEvent[];
  /** There were more than can be kept. */
  readonly leavesOut: boolean;
}

/** Body of `POST /api/patterns/test`. */
export interface PatternTest {
  /** JSON. */
  readonly pattern: string;
  /** Which events: examples of all types, the ones that {@link RecentEvents} has shown, or this one. */
  readonly against: 'examples' | 'recent' | { readonly event: string };
}

/** Answer of `POST /api/patterns/test`. */
export interface PatternVerdicts {
  readonly verdicts: readonly (TestedEvent & { readonly matches: boolean })[];
}

/** Body of `POST /api/patterns/explain`: why an event does not match. */
export interface PatternQuestion {
  readonly pattern: string;
  readonly event: { readonly key: string } | { readonly event: string };
}

/** Answer of `POST /api/patterns/explain`. */
export interface PatternExplanation {
  /**
   * The tests that fail. Empty where each passes alone, but no entry of a list passes those about the list together.
   */
  readonly failed: readonly {
    readonly field: string;
    readonly wanted: unknown;
    /** The values in the event, masked; empty where it does not have the field. */
    readonly found: readonly unknown[];
  }[];
}
