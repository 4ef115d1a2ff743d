/** What the soak does for each provider: one file in this folder holds everything about it. */
import { createHash } from 'node:crypto';
import type { Meetbus } from '../../support/meetbus';
import type { Ledger } from '../ledger';
import type { Attempt, Post, Reply } from '../senders/http';
import { deliver, type RetryPolicy, type SenderOptions, Tally } from '../senders/retries';
import type { Trouble } from '../troubles';

/** An account at a provider: what signs, and what the operator has told Meetbus of it. */
export interface Account {
  /** Flags that Meetbus needs for it. */
  readonly flags?: readonly string[];
  /** Tells Meetbus what verifies, as an operator does. */
  bringOver(meetbus: Meetbus): Promise<void>;
  sendersOn(network: Network): readonly Sender[];
  /** Makes requests that prove nothing: each must be refused. */
  readonly forgeries: readonly (() => Attempt)[];
  /** Makes requests that prove too little: each must be set aside. */
  readonly halfProved?: readonly (() => Attempt)[];
  /** What goes wrong at this provider alone, such as a rotation. */
  troublesOn(meetbus: Meetbus): readonly Trouble[];
  /** Makes the request with which the provider verifies the URL. */
  readonly handshake?: () => Handshake;
  close?(): Promise<void>;
}

/** A request that verifies the URL. */
export interface Handshake {
  readonly attempt: Attempt;
  readonly timeLimitMs: number;
  /** Whether a 2xx is the answer that the provider wants. */
  readonly isRight: (reply: Reply) => boolean;
}

/** Who sends deliveries of one kind. */
export interface Sender {
  readonly policy: RetryPolicy;
  /** Its part of the traffic, compared with those of the others. */
  readonly share: number;
  readonly tally: Tally;
  /** Real-time endpoints that have failed. */
  readonly deadEndpoints?: number;
  /** Sends one delivery to its end. */
  send(): Promise<void>;
}

/** A delivery before it is signed. */
export interface Outgoing {
  readonly isRecognized: boolean;
  /** Makes a try: what the provider makes anew for each try is new in each. */
  readonly sign: () => Attempt;
}

/** How many times faster than the provider's the clock of a sender runs, by the name of its policy; 1 for any other. */
export type TimesFaster = Readonly<Record<string, number>>;

/** The way from the providers to Meetbus. */
export class Network {
  constructor(
    private readonly post: Post,
    private readonly ledger: Ledger,
    private readonly timesFaster: TimesFaster,
  ) {}

  optionsOf({ name }: RetryPolicy): SenderOptions {
    return { post: this.post, timesFaster: this.timesFaster[name] ?? 1 };
  }

  /** A delivery is written down when it is first signed: some are never sent. */
  written({ isRecognized, sign }: Outgoing): () => Attempt {
    return () => {
      const attempt = sign();
      this.ledger.expect(attempt.eventId, isRecognized);
      return attempt;
    };
  }

  /** A sender whose deliveries do not wait for each other. */
  sender(policy: RetryPolicy, share: number, next: () => Outgoing): Sender {
    const tally = new Tally();
    const options = this.optionsOf(policy);
    const send = async () => {
      await deliver(policy, options, tally, this.written(next()));
    };
    return { policy, share, tally, send };
  }
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The id of the event that a delivery must become, by the contract: stored keys and subscribers live on it. */
export const eventIdOf = (provider: string, identity: string): string => sha256(`${provider}:${identity}`).slice(0, 32);

export const tampered = (attempt: Attempt): Attempt => ({ ...attempt, body: `${attempt.body} ` });

export const unsigned = (attempt: Attempt): Attempt => ({ ...attempt, headers: {} });
