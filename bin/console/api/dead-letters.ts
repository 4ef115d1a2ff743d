/** What the view Dead letters shows. Times are ISO 8601 in UTC. */

/** Answer of `GET /api/dead-letters`. */
export interface DeadLetterQueues {
  readonly queues: readonly {
    readonly name: string;
    readonly messages: number;
    /** Of the oldest message; absent if unknown. */
    readonly oldestSeconds?: number;
  }[];
  /** Why the ages are not known; absent if they are. */
  readonly whyNoAges?: string;
}

/** Answer of `GET /api/dead-letters/:queue?limit=`. */
export interface DeadLetters {
  readonly messages: readonly DeadLetter[];
  /** Says that messages could not be looked at; absent if all could. */
  readonly held?: string;
  /** Why the logs could not be read; absent if they were. */
  readonly whyNoLogs?: string;
  /** What is lost with a message that is deleted. */
  readonly loss: string;
}

/** A message. Texts are empty where they are unknown. */
export interface DeadLetter {
  readonly messageId: string;
  readonly eventId: string;
  readonly providerEvent: string;
  readonly receivedTime: string;
  readonly sentTime: string;
  readonly receives: number;
  /** Why it is here. */
  readonly why: string;
  /** Whether no redrive helps. */
  readonly isBroken: boolean;
  /** The content, with masked credentials and links. */
  readonly body: unknown;
}

/** Body of `POST /api/dead-letters/redrive`, and of `…/preview`, which only counts. Texts are as the command's options. */
export interface RedriveRequest {
  /** Name of a queue, or `all`. */
  readonly queue: string;
  readonly events?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly rate?: string;
  readonly force?: boolean;
}

/** Values of the stream that answers a {@link RedriveRequest}; the last one has `results`. */
export type RedriveProgress =
  | { readonly seen: number; readonly total: number }
  | { readonly results: readonly RedriveResult[]; readonly notes: readonly string[] };

/** The redrive of one queue. */
export interface RedriveResult {
  readonly queue: string;
  /** Messages that were read; of these, those that match and can be sent; of these, those that were brought back. */
  readonly seen: number;
  readonly wanted: number;
  readonly moved: number;
  /** Messages that are still there. */
  readonly left: number;
}

/** Values of the stream that answers `POST /api/dead-letters/export`; the last one has `count`. */
export type ExportProgress =
  | {
      /** A message as JSON, with its line end. */
      readonly line: string;
    }
  | { readonly count: number; readonly notes: readonly string[] };
