/**
 * A provider on a laptop: samples, a meeting, a made-up secret, a signer, and a fake of the provider's server. For `send`, the
 * demo, the local cloud, the docs and the tests. Nothing of it runs on AWS.
 */
import type { MeetingOptions, ProviderBody, SampleDelivery, Variant } from './kit/sandbox/delivery';

export type { MeetingOptions, ProviderBody, SampleDelivery, Variant };

/** What makes one sample differ from another. */
export interface SampleOptions {
  /** All ids derive from it. */
  readonly seed: string;
  /** When the event happens. */
  readonly at: Date;
}

/** A delivery to sign. */
export interface UnsignedDelivery {
  /** Path of the route, such as `/acme/webhooks`. */
  readonly route: string;
  /** The body exactly as it is sent. */
  readonly body: string | Buffer;
  /** The delivery's own id, the same on every retry; where the provider sends one. @default a new one */
  readonly id?: string;
  /** When it is sent. @default now */
  readonly at?: Date;
}

/** What the signature of a delivery consists of. */
export interface Signature {
  readonly headers?: Readonly<Record<string, string>>;
  /** What follows the route in the URL, such as `/<token>` or `?token=<token>`. It must not be logged. */
  readonly urlEnd?: string;
}

/** The keys to sign with. Both functions throw an Error that says what to do, where there is no such key. */
export interface SigningKeys {
  /** The newest usable entry of a member of the provider's secret. An entry with a name is the text `<name>:<value>`. */
  entry(member: string): string;
  /** The private key of the provider's {@link FakeServer}. */
  privateKey(): string;
}

/** A server of the provider that its runtime asks, such as one for public keys. The local cloud runs a fake of it. */
export interface FakeServer {
  /** Name of the runtime's option that holds the server's URL. */
  readonly option: string;
  /** Makes a new private key. The local cloud keeps it in a secret, so that commands can sign. */
  makeKey(): string;
  /** Starts the fake on a free port of 127.0.0.1. */
  start(privateKey: string): Promise<RunningServer>;
}

/** A fake server that runs. */
export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The sandbox of a provider. */
export interface Sandbox {
  /** Names of the provider events that have a sample. */
  readonly events: readonly string[];
  /**
   * Makes the sample of an event.
   *
   * @throws Error if the event has none
   */
  body(event: string, options: SampleOptions): ProviderBody;
  /** The route that an event is sent to, such as `/acme/webhooks`. Any name has one. */
  routeOf(event: string): string;
  /** The deliveries of one whole meeting, in the order in which they are sent. */
  meeting(options: MeetingOptions): readonly SampleDelivery[];
  /** Bodies that differ from the documented ones, and must be understood too. */
  readonly variants: readonly Variant[];
  /**
   * Makes up new entries for the provider's secret, by member. An entry with a name is the text `<name>:<value>`. What is to be
   * refused is signed with some, too.
   */
  makeUpSecret?(): Readonly<Record<string, readonly string[]>>;
  /** Signs a delivery as the provider does. Headers that do not prove it are the same for the same id. */
  sign(delivery: UnsignedDelivery, keys: SigningKeys): Signature;
  /**
   * Seconds by which the signed time of a delivery may differ from the receiver's clock. A token that expires may be older than
   * it may be ahead. A delivery that is to be refused as stale is signed before that.
   *
   * @default the provider signs no time
   */
  readonly toleranceSeconds?: number | { readonly past: number; readonly future: number };
  /** Makes the request that verifies an endpoint, unsigned. The runtime answers it. @default the provider sends none */
  handshake?(): UnsignedDelivery;
  /** With a fake server, only the provider itself can sign for a deployment on AWS. */
  readonly server?: FakeServer;
}
