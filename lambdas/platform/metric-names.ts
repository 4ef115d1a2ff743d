/** Names of the metrics that functions emit. They stand here once, for functions, alarms, dashboards and tests. */

/** CloudWatch namespace of every metric below. */
export const METRIC_NAMESPACE = 'Meetbus';

/**
 * The metrics, and their dimensions beside `service`, which is the name of the Meetbus. A metric of ones and zeros tells
 * three things: its sum how many, its sample count of how many, its average the share.
 */
export const METRIC = {
  /** One for each delivery. Dimensions: provider, outcome (a row of the answer table). */
  delivery: 'Delivery',
  /**
   * 1 for a delivery that was taken in as new, else 0. By provider, and over all. A delivery whose lock another verifier
   * holds is not counted: two messages of one delivery become one event, and each would seem to miss one.
   */
  accepted: 'Accepted',
  /** 1 for a delivery that was refused for good, else 0. By provider, and over all. */
  refused: 'Refused',
  /** Deliveries that were enqueued without the idempotency table, because it did not answer. Dimension: provider. */
  failOpen: 'FailOpen',
  /** Deliveries that their queue did not take, stored in the bucket. Dimension: provider. */
  fallback: 'Fallback',
  /** Stored deliveries that were brought to their queue. Dimension: provider. */
  broughtBack: 'BroughtBack',
  /** Seconds for which the oldest of the stored deliveries lies there after a run that brings them back; 0 if none does. */
  fallbackAge: 'FallbackAge',
  /** Bodies too large to travel, stored in the bucket. Dimension: step (ingest or publish). */
  claimCheck: 'ClaimCheck',
  /** Loads of secrets and public keys. Dimensions: source (`<provider>-secret` or `<provider>-<load>`), result (ok or failed). */
  load: 'Load',
  /** Entries of a secret that cannot be used, each time that it is loaded. Dimension: source. */
  ignoredEntry: 'IgnoredEntry',
  /** Events published on the intake bus. Dimension: type. */
  published: 'Published',
  /** Milliseconds from the receipt of a delivery until the intake bus had its event. By provider, and over all. */
  publishDelay: 'PublishDelay',
  /** 1 for an event whose delay was over {@link LATE_AFTER_MS}, else 0. By provider, and over all. */
  late: 'Late',
  /** Events published as `event.unrecognized` because they were not understood. Dimension: provider. */
  unrecognized: 'Unrecognized',
  /** Events published as `event.unrecognized` because nothing proved enough. Dimensions: provider, reason. */
  setAside: 'SetAside',
  /** Events published with the mark `stale`. Dimension: type. */
  stale: 'Stale',
  /** Events published without knowing whether they are stale, because the table did not answer. Dimension: type. */
  standingUnknown: 'StandingUnknown',
  /**
   * 1 for a bot or a meeting that begins, -1 when it ends, at the time of its beginning. Summed: how many are live. Dimension:
   * provider.
   */
  live: 'Live',
  /** Real-time endpoints that the provider has given up for good. Dimension: provider. */
  deadEndpoint: 'DeadEndpoint',
} as const;

export type MetricName = (typeof METRIC)[keyof typeof METRIC];

/**
 * An event is to be on the shared bus within five seconds. What is measured ends on the intake bus, so one second is left
 * for the rule between the two, which takes less than half of it.
 */
export const LATE_AFTER_MS = 4_000;
