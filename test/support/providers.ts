/** The providers as they stand outside: they hold their own secrets and sign with implementations of their own. */
import { type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { newKeyPair, newSecret, realtimekitHeaders, recallHeaders } from './deliveries';
import type { HttpDelivery } from './http';
import { KeyServer, serves } from './key-server';
import { type Meetbus, startMeetbus } from './meetbus';
import { until } from './until';

/** The name under which the stack looks for Recall.ai's secrets. */
export const RECALL_SECRET_NAME = 'meetbus/recall';

/** And the one for RealtimeKit's. */
export const REALTIMEKIT_SECRET_NAME = 'meetbus/realtimekit';

/** A token as an operator makes it up. */
const newToken = (): string => randomBytes(16).toString('base64url');

type Body = object | string;

/** The JSON value of a text; the text itself where it is none. */
function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const textOf = (body: Body): string => (typeof body === 'string' ? body : JSON.stringify(body));
const bytesOrTextOf = (body: Body | Buffer) => (Buffer.isBuffer(body) ? body : textOf(body));

/** Replaces a secret, as an operator does with `put-secret-value`. */
export async function putSecret(meetbus: Meetbus, SecretId: string, value: object | string): Promise<void> {
  const SecretString = textOf(value);
  meetbus.secrets.addAll(parsedOrText(SecretString));
  await meetbus.clients.secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
}

/** Replaces the secret of Recall.ai. */
export const putRecallSecret = (meetbus: Meetbus, value: object | string): Promise<void> =>
  putSecret(meetbus, RECALL_SECRET_NAME, value);

/** Replaces the secret of RealtimeKit. */
export const putRealtimekitSecret = (meetbus: Meetbus, value: object | string): Promise<void> =>
  putSecret(meetbus, REALTIMEKIT_SECRET_NAME, value);

/** A live event about a bot, which a token alone proves. */
export const liveBody = (bot: string, more: object = {}) => ({
  event: 'participant_events.join',
  data: { data: { participant: { id: 1 } }, bot: { id: bot } },
  ...more,
});

/** Recall.ai, with one signing secret and one token of real-time endpoints. */
export class Recall {
  readonly secret = newSecret();
  readonly token = newToken();

  /** What the operator puts into the secret. */
  get secretValue() {
    return { signingSecrets: [this.secret], realtimeTokens: [this.token] };
  }

  /** A delivery with a signature. */
  signed(
    body: Body | Buffer,
    {
      path = '/recall/webhooks',
      ...signature
    }: { path?: string; id?: string; at?: Date; family?: string; secret?: string } = {},
  ): HttpDelivery {
    const sent = bytesOrTextOf(body);
    return { path, body: sent, headers: recallHeaders(signature.secret ?? this.secret, sent, signature) };
  }

  /** A delivery of a real-time endpoint, with the token of its URL alone. */
  withToken(body: Body, token = this.token): HttpDelivery {
    return { path: `/recall/realtime?token=${encodeURIComponent(token)}`, body: textOf(body) };
  }
}

/** RealtimeKit, with its key pair, and the token of the URL to which it posts. */
export class RealtimeKit {
  readonly #keys = newKeyPair();
  readonly token = newToken();

  get publicPem(): string {
    return this.#keys.publicPem;
  }

  /** What the operator puts into the secret. */
  get secretValue() {
    return { urlTokens: [this.token] };
  }

  /** A delivery with a signature, to the URL with the token unless it says another. */
  signed(
    body: Body | Buffer,
    {
      path = `/realtimekit/webhooks/${this.token}`,
      ...options
    }: { path?: string; uuid?: string; webhookId?: string } = {},
  ): HttpDelivery {
    const sent = bytesOrTextOf(body);
    return { path, body: sent, headers: realtimekitHeaders(this.privateKey, sent, options) };
  }

  get privateKey(): KeyObject {
    return this.#keys.privateKey;
  }
}

/** A Meetbus, and providers that it knows. */
export interface World {
  readonly meetbus: Meetbus;
  readonly recall: Recall;
  readonly realtimekit: RealtimeKit;
  readonly keyServer: KeyServer;
  close(): Promise<void>;
}

/** Starts a Meetbus that is configured for providers of the test's own, with these further flags. */
export async function startWorld(flags: readonly string[] = []): Promise<World> {
  const recall = new Recall();
  const realtimekit = new RealtimeKit();
  const keyServer = await KeyServer.start(serves(realtimekit.publicPem));
  const meetbus = await startMeetbus(['--option', `realtimekit.keyUrl=${keyServer.url}`, ...flags]);
  await putRecallSecret(meetbus, recall.secretValue);
  await putRealtimekitSecret(meetbus, realtimekit.secretValue);
  const close = async () => {
    await keyServer.close();
    await meetbus.stop();
  };
  return { meetbus, recall, realtimekit, keyServer, close };
}

/**
 * Sends one delivery to each route, one after the other, and waits until Meetbus has come to rest. From then on every
 * verifier runs, and holds its secret or key: a start that a busy machine draws out is behind it.
 */
export async function warmUp({ meetbus, recall, realtimekit }: World): Promise<void> {
  const bot = { event: 'bot.done', data: { bot: { id: randomUUID() } } };
  const live = liveBody(randomUUID());
  const meeting = { event: 'meeting.started', meeting: { id: randomUUID() } };
  for (const delivery of [recall.signed(bot), recall.withToken(live), realtimekit.signed(meeting)]) {
    await until(async () => (await meetbus.post(delivery)).status === 200, 'a verifier that runs');
  }
  await meetbus.settled();
}
