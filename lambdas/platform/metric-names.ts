/** Names of the metrics that functions emit. Functions, alarms, dashboards and tests use this one list. */

/** CloudWatch namespace of every metric below. */
export const METRIC_NAMESPACE = 'Meetbus';

/**
 * The metrics, and their dimensions beside `service`, which is the name of the Meetbus. A metric of ones and zeros has
 * three uses: its sum is the number of ones, its sample count the total, its average the share.
 */
export const METRIC = {
  /** One for each delivery. Dimensions: provider, outcome (a row of the answer table). */
  delivery: 'Delivery',
  /**
   * 1 for a delivery that was accepted as new, else 0. By provider, and over all. A delivery whose lock another
   * verifier holds is not counted: its two messages become one event, so one event would seem to be missing.
   */
  accepted: 'Accepted',
  /** 1 for a delivery that was refused for good, else 0. By provider, and over all. */
  refused: 'Refused',
  /** Deliveries that were enqueued without the idempotency table, because it did not respond. Dimension: provider. */
  failOpen: 'FailOpen',
  /** Deliveries that their queue did not accept, stored in the bucket. Dimension: provider. */
  fallback: 'Fallback',
  /** Stored deliveries that were sent to their queue. Dimension: provider. */
  broughtBack: 'BroughtBack',
  /** Age in seconds of the oldest stored delivery after a run of the function `fallback`; 0 if there is none. */
  fallbackAge: 'FallbackAge',
  /**
   * Claim checks: bodies too large for their message or event, stored in the bucket. Dimension: step (ingest or
   * publish).
   */
  claimCheck: 'ClaimCheck',
  /** Loads of secrets and public keys. Dimensions: source (`<provider>-secret` or `<provider>-<load>`), result (ok or failed). */
  load: 'Load',
  /** Invalid entries of a secret, counted each time it is loaded. Dimension: source. */
  ignoredEntry: 'IgnoredEntry',
  /** Events published on the intake bus. Dimension: type. */
  published: 'Published',
  /** Milliseconds from the receipt of a delivery until the intake bus had its event. By provider, and over all. */
  publishDelay: 'PublishDelay',
  /** 1 for an event whose delay was over {@link LATE_AFTER_MS}, else 0. By provider, and over all. */
  late: 'Late',
  /** Events published as `event.unrecognized` because they were not understood. Dimension: provider. */
  unrecognized: 'Unrecognized',
  /** Events published as `event.unrecognized` because they were not fully proved. Dimensions: provider, reason. */
  setAside: 'SetAside',
  /** Events published with the mark `stale`. Dimension: type. */
  stale: 'Stale',
  /** Events for which it is unknown whether they are stale, because the table did not respond. Dimension: type. */
  standingUnknown: 'StandingUnknown',
  /**
   * 1 for a bot or a meeting that begins, -1 when it ends, at the time of its beginning. The sum is the number of live
   * ones. Dimension: provider.
   */
  live: 'Live',
  /** Real-time endpoints that the provider has given up for good. Dimension: provider. */
  deadEndpoint: 'DeadEndpoint',
  /** Milliseconds from sending a delivery of the probe until the API answered, or until that failed. */
  probeAnswer: 'ProbeAnswer',
  /** Milliseconds from sending a delivery of the probe until its event was back from the shared bus. By family, and over all. */
  probeTime: 'ProbeTime',
  /** Milliseconds of that from receipt by the verifier until a consumer had made the event. */
  probeQueue: 'ProbeQueue',
  /** Milliseconds of that from there, over both buses, until the event was back. */
  probeBuses: 'ProbeBuses',
  /** Events that never came, sent to their queues by the function `repair`. Dimension: provider. */
  recovered: 'Recovered',
  /** What the function `repair` no longer asks the API about, though its end was not found. Dimension: provider. */
  repairGivenUp: 'RepairGivenUp',
  /** 1 for a run of the function `repair` that could not ask the API for all that it had to, else 0. Dimension: provider. */
  repairFailed: 'RepairFailed',
  /** How much was wrong with the sender when the function `repair` last looked. Dimension: provider. */
  senderTrouble: 'SenderTrouble',
} as const;

export type MetricName = (typeof METRIC)[keyof typeof METRIC];

/** The objective: an event is on the shared bus within five seconds. */
export const IN_TIME_MS = 5_000;

/**
 * The measurement of an event ends at the intake bus. This leaves one second for the rule between the two buses, which takes less
 * than half of it.
 */
export const LATE_AFTER_MS = IN_TIME_MS - 1_000;
