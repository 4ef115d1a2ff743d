/** What the server and the page say to each other about deliveries as they come. */

/**
 * How far a delivery came, or how it ended. `accepted`: it was taken in, and no more is known yet. `unavailable`: it was
 * answered 5xx, so that the provider sends it again.
 */
export type DeliveryOutcome =
  | 'published'
  | 'accepted'
  | 'unrecognized'
  | 'duplicate'
  | 'answered'
  | 'refused'
  | 'unavailable'
  | 'failed';

/** One delivery. */
export interface DeliveryRow {
  /** The id of its request (correlation id), which no other row has. */
  readonly id: string;
  /** Absent where it was refused. Retries and duplicates have that of the first. */
  readonly eventId?: string;
  /** When its request began. */
  readonly time: string;
  /** Name of the provider; empty for a request to no route. */
  readonly provider: string;
  readonly providerEvent: string;
  /** Type of the event that it became; empty as long as it has become none. */
  readonly type: string;
  readonly subject: string;
  readonly outcome: DeliveryOutcome;
  /** Why, in one word or a few; empty where there is nothing to explain. */
  readonly reason: string;
  /** The place where it is, or where it ended. */
  readonly where: string;
  /** From the request to its end: the shared bus, or the answer where it goes no further. Absent as long as it is under way. */
  readonly milliseconds?: number;
  /** A newer event of its subject was published before. */
  readonly isStale?: true;
  /** Meetbus sent it: its probe, or a check of `meetbus doctor`. */
  readonly isOwn?: true;
}

/** How the reading of the logs goes. */
export interface ReadingStatus {
  /** Milliseconds from one look at the logs to the next. */
  readonly everyMs: number;
  /** Why the logs cannot be read now. */
  readonly error?: string;
  /** More lines came than can be read: some rows are missing. */
  readonly leavesOut?: true;
}

/** A message of `GET /api/live`. */
export interface LiveMessage {
  /** The page forgets the rows that it has: it was away. */
  readonly reset?: true;
  /** New rows, and rows that have changed. */
  readonly rows?: readonly DeliveryRow[];
  readonly status?: ReadingStatus;
}
