/**
 * The part of a provider that runs in Lambda: how its deliveries are verified, identified and turned into meeting
 * events. It imports this interface, the kit and the contract. Everything else is passed to it.
 */
import type { MeetingEventType, Proof, UnrecognizedReason } from '@meetbus/events';
import type { Mismatch, Normalized } from './kit/normalize';
import type { Cached, CacheSource } from './kit/stale-if-error-cache';
import type { JsonObject } from './kit/values';

/** One HTTP request of a provider, as received. */
export interface Delivery {
  /** The HTTP method, in capitals. */
  readonly method: string;
  /** The path as requested, without the stage. It may end with a token, so it must not be logged. */
  readonly path: string;
  /** The body's bytes, exactly as sent. */
  readonly body: Buffer;
  /** Header values by lower-case name; several if the header was repeated. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Query parameter values by name, decoded. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** The last segment of the path, decoded, on a route whose URL may end with a token; undefined if it has none. */
  readonly pathToken: string | undefined;
  /** When it was received: milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Why a delivery was refused, or could not be verified now. The answer table has a row for each. */
export type RefusalReason =
  | 'missing_header'
  | 'repeated_header'
  | 'conflicting_headers'
  | 'malformed_timestamp'
  | 'timestamp_too_old'
  | 'timestamp_in_future'
  | 'malformed_signature'
  | 'no_matching_key'
  | 'digest_mismatch'
  | 'malformed_handshake'
  | 'missing_token'
  | 'repeated_token'
  | 'unknown_token'
  | 'key_unavailable'
  | 'not_configured';

/** What proves a delivery. An event that a backfill brings back has none. */
export type DeliveryProof = Exclude<Proof, 'reconciled'>;

/** A delivery that is genuine. */
export interface Verified {
  readonly outcome: 'verified';
  readonly proof: DeliveryProof;
  /** Set if the delivery is genuine but must not become an event: it goes to the unrecognized family. */
  readonly unrecognized?: UnrecognizedReason;
  /** Beside the signature, the token in the URL proves that our own webhook sent it: unsigned parts may be trusted too. */
  readonly isOurs?: true;
  /** What the log says about the sender. */
  readonly sender?: Readonly<Record<string, string | undefined>>;
}

/** A delivery that was not verified. */
export interface Refused {
  readonly outcome: 'refused';
  readonly reason: RefusalReason;
}

/** A verified handshake: the answer goes back at once, and nothing is enqueued. It is counted as `answered`. */
export interface Answered {
  readonly outcome: 'answered';
  /** From 200 to 299. */
  readonly statusCode: number;
  readonly body: string;
  /** Value of the header `content-type`: printable ASCII. */
  readonly contentType: string;
}

/** Result of verifying a delivery. */
export type Verification = Verified | Refused | Answered;

/** Verifies a delivery. If it throws, the delivery gets a 503. */
export type Verify = (delivery: Delivery) => Promise<Verification>;

export const verifiedBy = (proof: DeliveryProof): Verified => ({ outcome: 'verified', proof });
export const refused = (reason: RefusalReason): Refused => ({ outcome: 'refused', reason });

/** The parsed body of a delivery, if it can be read. */
export interface Reading {
  /** The provider event name; undefined if the body has none. */
  readonly event: string | undefined;
  /** The parsed body; undefined if it is not JSON. */
  readonly body: unknown;
}

/** The identity of a delivery among all others of its provider, forever. */
export interface Identity {
  /** The provider's own id of the delivery, if it sends one. */
  readonly deliveryId: string | undefined;
  /** What makes the delivery the same as its retries; any text. The event id is derived from it. */
  readonly key: string;
}

/** A record in the table, which all execution environments of a verifier share: texts, numbers, and lists of texts. */
export type StoredRecord = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Keeps records in the table, so that an execution environment can start while a source is down. They do not expire. */
export interface RecordStore {
  /** The record of that name; undefined if none was ever written. Rejects if the table does not answer in time. */
  read(name: string): Promise<StoredRecord | undefined>;
  /**
   * Writes a record. If the stored record has the same value in the member `unlessSame`, another execution environment was
   * first, and that record stays.
   */
  write(name: string, record: StoredRecord, unlessSame: string): Promise<void>;
}

/** How a provider reads its secret. */
export interface SecretReader<Secret> {
  /**
   * Reads the secret's JSON. `ignored` says what is wrong with unusable entries, and never contains a value.
   *
   * @throws NotConfiguredError if nothing in it is usable
   */
  readonly parse: (json: unknown) => Secret & { readonly ignored: readonly string[] };
  /** Timeout for Secrets Manager, in milliseconds. @default 2000 */
  readonly timeoutMs?: number;
  /**
   * Keeps a record of the secret in the table, for execution environments that start while Secrets Manager is down.
   *
   * @default nothing is kept
   */
  readonly keep?: {
    /** Name of the record. */
    readonly as: string;
    /** Member of the record that changes with the secret. */
    readonly unlessSame: string;
    /** Must not contain a value that lets its reader forge a delivery. */
    readonly toRecord: (secret: Secret) => StoredRecord;
    readonly fromRecord: (record: StoredRecord) => (Secret & { readonly ignored: readonly string[] }) | undefined;
  };
}

/**
 * What a verifier passes to its provider. A runtime creates no client, reads no environment variable, and logs only through
 * this.
 */
export interface RuntimeContext<Options = unknown> {
  /** The options that the provider's definition passed. They may be those of an earlier deployment: give each a default. */
  readonly options: Options;
  /** The provider's secret, in a stale-if-error cache of five minutes. */
  secret<Secret>(reader: SecretReader<Secret>): Cached<Secret>;
  /**
   * A value from another source, in a stale-if-error cache.
   *
   * @param name one of the provider's `loads`; loads are counted under `<provider>-<name>`
   */
  cached<Value>(name: string, source: CacheSource<Value>): Cached<Value>;
  readonly records: RecordStore;
  /** Adds one to a metric that the provider defines. Its dimension is the provider. */
  count(metric: string): void;
  /** Logs a warning. Never pass a secret, a token, a signature or a body. */
  warn(message: string, details: JsonObject): void;
  /** The parts of an error that may be logged. */
  describe(error: unknown): JsonObject;
}

/**
 * What an event reports, apart from how Meetbus got to know it: a webhook and the provider's API report the same
 * occurrence.
 */
export interface Occurrence {
  /**
   * What happened, and to what, such as `bot/<id>#bot.status_changed#in_call_recording`. It can happen again only at
   * another time.
   */
  readonly key: string;
  /**
   * When it happened: UTC, as in {@link Normalized}. Times up to two seconds apart are the same. Undefined if it happens
   * once only, or if the provider does not say when.
   */
  readonly time?: string | undefined;
}

/** What has begun with an event, and how one knows that it has ended. */
export interface Beginning {
  /** A subject to which a backfill can be limited, such as `bot/<id>`. */
  readonly subject: string;
  /** Keys of the occurrences that end it. One of them is enough. */
  readonly endedBy: readonly string[];
  /** Hours after the event by which its end should have come. */
  readonly hours: number;
}

/** Whether a bot or a meeting begins or ends with an event. */
export type Moment = 'begun' | 'ended';

/** The code of a provider in Lambda. Its `runtime.ts` exports it as `runtime`. */
export interface ProviderRuntime<Options = never> {
  /** Seconds for which a verifier remembers a delivery: longer than the provider retries. */
  readonly rememberSeconds: number;
  /**
   * Seconds that an answer 503 asks the provider to wait, in the header `Retry-After`; for one whose tries would be over too soon.
   *
   * @default 2: most outages are short
   */
  readonly retryAfterSeconds?: number;
  /**
   * How deliveries are verified, by the path of their route, such as `acme/webhooks`. Each function is called once in an
   * execution environment.
   */
  readonly routes: Readonly<Record<string, (context: RuntimeContext<Options>) => Verify>>;
  /** The provider event name in a body; undefined if it has none. */
  eventNameOf(body: unknown): string | undefined;
  /**
   * The type that a provider event becomes, or, if its payload decides, any type of that family: the family chooses the queue.
   * Undefined for an unknown name.
   *
   * @param body the parsed body, of any shape; for a provider whose payload decides the family too
   */
  typeOf(event: string, body: unknown): MeetingEventType | undefined;
  /**
   * True if a token alone proves an event of that name. Many people see the token in the URL, so allow only events that are
   * harmless when forged. @default a token alone proves nothing
   */
  isProvedByToken?(event: string): boolean;
  /** The identity of a delivery. Called with verified deliveries only. */
  identify(delivery: Delivery, reading: Reading, verified: Verified): Identity;
  /** The id of the bot, meeting or calendar, for fair queueing. */
  groupOf(body: unknown): string | undefined;
  /** The meeting event in a body; undefined for an event name that is not known. */
  normalize(body: unknown, event: string): Normalized | Mismatch | undefined;
  /** Names of members that hold credentials, in any spelling. They are removed at any depth. */
  readonly credentialMembers: readonly string[];
  /** False for a status event that says nothing about the status of its subject. @default true */
  isOwnStatus?(event: Normalized): boolean;
  /** What begins or ends with an event, beside `meeting.started` and `meeting.ended`. @default nothing */
  momentOf?(event: Normalized): Moment | undefined;
  /**
   * What an event reports, if the provider's API reports it too, so that `meetbus backfill` can find out whether its
   * webhook came. @default no event can be backfilled
   */
  occurrenceOf?(event: Normalized): Occurrence | undefined;
  /**
   * What begins with an event and must end, so that the function `repair` asks the API if its end does not come. Its event must be
   * one that {@link occurrenceOf} knows. @default nothing
   */
  beginningOf?(event: Normalized): Beginning | undefined;
  /** Organizations that a body names, if they show whose delivery it is. @default none */
  organizationsIn?(body: unknown): readonly string[];
}
