/** The accounts at the providers: what signs, what the operator has told Meetbus of it, and how both are rotated. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newKeyPair, newSecret, realtimekitHeaders, recallHeaders } from '../support/deliveries';
import { type KeyServer, serves } from '../support/key-server';
import type { Meetbus } from '../support/meetbus';
import { putRealtimekitSecret, putRecallSecret } from '../support/providers';
import type { Random } from './random';
import type { Attempt } from './senders/http';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The id of the event that a delivery must become, by the contract: stored keys and subscribers live on it. */
export const eventIdOf = (provider: 'recall' | 'realtimekit', identity: string): string =>
  sha256(`${provider}:${identity}`).slice(0, 32);

/** A Recall.ai delivery with a message id. */
interface RecallMessage {
  readonly id: string;
  readonly body: string;
}

const HEADER_FAMILIES = ['webhook', 'svix'] as const;

/** Milliseconds from a new signing secret at Recall.ai to the operator's bringing it over. Recall.ai signs with both. */
const OPERATOR_DELAY_MS = 1_500;

/** A workspace at Recall.ai. */
export class RecallAccount {
  /** Secrets that Recall.ai signs with. */
  #signing = [newSecret()];
  /** What the operator has put into the secret. */
  readonly #known = { signingSecrets: [...this.#signing], realtimeTokens: [newToken()] };

  constructor(private readonly random: Random) {}

  /** The token of the endpoints of new bots. */
  get token(): string {
    return this.#known.realtimeTokens[0]!;
  }

  /** Tells Meetbus the secrets, as an operator does. */
  bringOver(meetbus: Meetbus): Promise<void> {
    return putRecallSecret(meetbus, this.#known);
  }

  /** A dashboard webhook, signed now. */
  webhook({ id, body }: RecallMessage, at = new Date()): Attempt {
    const headers = this.#headers({ id, body }, at);
    return { eventId: eventIdOf('recall', `id:${id}`), path: '/recall/webhooks', headers, body };
  }

  /** A request to a bot's endpoint: proved by its token, and by a signature where it has an id. */
  realtime({ id, body }: { id: string | undefined; body: string }, token: string): Attempt {
    return {
      eventId: eventIdOf('recall', id === undefined ? `body:${sha256(body)}` : `id:${id}`),
      path: `/recall/realtime?token=${token}`,
      headers: id === undefined ? {} : this.#headers({ id, body }, new Date()),
      body,
    };
  }

  /**
   * Recall.ai makes a new signing secret. For a while it signs with both, then with the new one alone; the one before
   * goes out of use for good.
   */
  async rotateSigningSecret(meetbus: Meetbus): Promise<void> {
    this.#signing = [newSecret(), this.#signing[0]!];
    await sleep(OPERATOR_DELAY_MS);
    this.#known.signingSecrets = [...this.#signing];
    await this.bringOver(meetbus);
    await sleep(OPERATOR_DELAY_MS);
    this.#signing = this.#signing.slice(0, 1);
  }

  /** The operator makes a new token, and then uses it for new bots. Those that run keep theirs. */
  async rotateToken(meetbus: Meetbus): Promise<void> {
    const token = newToken();
    await putRecallSecret(meetbus, { ...this.#known, realtimeTokens: [token, ...this.#known.realtimeTokens] });
    this.#known.realtimeTokens.unshift(token);
  }

  #headers({ id, body }: RecallMessage, at: Date): Record<string, string> {
    const family = this.random.pick(HEADER_FAMILIES);
    const signed = this.#signing.map((secret) => recallHeaders(secret, body, { id, at, family }));
    const signatures = signed.map((headers) => headers[`${family}-signature`]).join(' ');
    return { ...signed[0], [`${family}-signature`]: signatures };
  }
}

const newToken = (): string => randomBytes(16).toString('base64url');

/** How long after a rotation some of Cloudflare's machines still sign with the key before. */
const OVERLAP_MS = 2_000;

const REALTIMEKIT_PATH = '/realtimekit/webhooks';

/** Cloudflare RealtimeKit's one key pair, and the webhook that the operator has registered. */
export class RealtimeKitAccount {
  readonly #token = newToken();
  #keys = newKeyPair();
  #previous = this.#keys;
  #rotatedAt = 0;

  constructor(private readonly random: Random) {}

  get publicPem(): string {
    return this.#keys.publicPem;
  }

  /** Tells Meetbus the token of the webhook's URL, as an operator does. */
  bringOver(meetbus: Meetbus): Promise<void> {
    return putRealtimekitSecret(meetbus, { urlTokens: [this.#token] });
  }

  /**
   * A webhook, signed now.
   *
   * @param isRepeating its body comes again for other events, so that only `rtk-uuid` tells them apart
   * @param urlToken ends the URL; null for one without
   */
  webhook(
    { uuid, body, isRepeating }: { uuid: string; body: string; isRepeating: boolean },
    urlToken: string | null = this.#token,
  ): Attempt {
    const keys = Date.now() - this.#rotatedAt < OVERLAP_MS && this.random.chance(0.5) ? this.#previous : this.#keys;
    const isRecording = urlToken === this.#token && /"status":"(RECORDING|PAUSED)"/.test(body);
    const identity = `body:${sha256(body)}${isRepeating || isRecording ? `:${uuid}` : ''}`;
    return {
      eventId: eventIdOf('realtimekit', identity),
      path: `${REALTIMEKIT_PATH}${urlToken === null ? '' : `/${urlToken}`}`,
      headers: realtimekitHeaders(keys.privateKey, body, { uuid }),
      body,
    };
  }

  /** Cloudflare publishes a new key and begins to sign with it, without notice. */
  rotate(): void {
    this.#previous = this.#keys;
    this.#keys = newKeyPair();
    this.#rotatedAt = Date.now();
  }
}

/** Answers of the server of RealtimeKit's public key. */
export type KeyServerMood = 'well' | 'slow' | 'down' | 'redirecting' | 'junk';

/** Longer than a verifier waits for a key. */
const SLOW_MS = 2_500;

/** Sets how the key server answers from now on. */
export function setMood(keyServer: KeyServer, mood: KeyServerMood, account: RealtimeKitAccount): void {
  const moods: Record<KeyServerMood, KeyServer['answer']> = {
    well: (response) => serves(account.publicPem)(response),
    slow: (response) => void setTimeout(() => serves(account.publicPem)(response), SLOW_MS).unref(),
    down: (response) => void response.destroy(),
    redirecting: (response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
    junk: (response) => void response.end('<html>Under maintenance</html>'),
  };
  keyServer.answer = moods[mood];
}
