/** What a provider is to the rest of Meetbus, and the outcome of proving one of its deliveries. */
import type { Family, MeetingEventType, Proof, ProviderName, UnrecognizedReason } from '@meetbus/events';

/** One HTTP request of a provider, as it came. */
export interface Delivery {
  /** The body's bytes, exactly as sent. */
  readonly body: Buffer;
  /** Header values by lower-case name; several where the header was repeated. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Query parameter values by name, decoded. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** The last segment of the path, decoded, on a route whose URL may end with a token; undefined where it has none. */
  readonly pathToken: string | undefined;
  /** When it was received: milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Why a delivery was not believed. Each stands in the answer table. */
export type RefusalReason =
  | 'missing_header'
  | 'repeated_header'
  | 'conflicting_headers'
  | 'malformed_timestamp'
  | 'timestamp_too_old'
  | 'timestamp_in_future'
  | 'malformed_signature'
  | 'no_matching_key'
  | 'missing_token'
  | 'repeated_token'
  | 'unknown_token'
  | 'key_unavailable'
  | 'not_configured';

/** A delivery that is genuine. */
export interface Verified {
  readonly outcome: 'verified';
  readonly proof: Proof;
  /** Set where the delivery is genuine but not to be trusted as an event: it goes to the unrecognized family. */
  readonly unrecognized?: UnrecognizedReason;
  /** The URL's token proves, beside the signature, that a webhook of ours has sent it: what is not signed may be believed too. */
  readonly isOurs?: true;
  /** What the log tells of the sender. */
  readonly sender?: Readonly<Record<string, string | undefined>>;
}

/** Outcome of proving who sent a delivery. */
export type Verification = Verified | { readonly outcome: 'refused'; readonly reason: RefusalReason };

export const verifiedBy = (proof: Proof): Verified => ({ outcome: 'verified', proof });
export const refused = (reason: RefusalReason): Verification => ({ outcome: 'refused', reason });

/** What the body of a verified delivery says of itself, as far as it can be read. */
export interface Reading {
  /** The provider event name; undefined where the body has none. */
  readonly event: string | undefined;
  /** The parsed body; undefined where it is not JSON. */
  readonly body: unknown;
}

/** How one delivery is told from another, for ever. */
export interface Identity {
  /** The provider's own id of the delivery, where it sends one. */
  readonly deliveryId: string | undefined;
  /** What makes the delivery the same as its retries; any text. */
  readonly key: string;
}

/** What a verifier needs of a provider. */
export interface ProviderIntake {
  readonly name: ProviderName;
  /** The families that its events belong to; each verifier may send to these queues alone. */
  readonly families: readonly Family[];
  /** Seconds for which a delivery seen is remembered. */
  readonly rememberSeconds: number;
  /** The type of a provider event by its name, unless the payload decides: then one of the types of that family. */
  typeOf(event: string): MeetingEventType | undefined;
  /**
   * True where a token alone proves an event of that name. The token stands in a URL, which many have seen, so a forged event
   * of these names must be of little use. Absent where a token alone proves nothing.
   */
  isProvedByToken?(event: string): boolean;
  /** Tells a delivery from every other. Called only with verified deliveries. */
  identify(delivery: Delivery, reading: Reading, verified: Verified): Identity;
  /** The id of the bot, meeting or calendar, for fair queueing. */
  groupOf(body: unknown): string | undefined;
}
