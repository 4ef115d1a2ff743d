/** A LiveKit server: rooms, whose events come one after the other, each with a token that its tries share. */
import { randomUUID } from 'node:crypto';
import { livekitBody, sandbox } from '../../../providers/livekit/sandbox';
import { livekitHeaders, newLiveKitKey } from '../../support/deliveries';
import type { Meetbus } from '../../support/meetbus';
import { putSecret } from '../../support/providers';
import { Bodies } from '../bodies';
import { Random } from '../random';
import type { Attempt } from '../senders/http';
import { LiveKitSender, type Room } from '../senders/livekit';
import { LIVEKIT } from '../senders/policies';
import { type Account, eventIdOf, type Sender, sha256, tampered, unsigned } from './account';

/** Later than an expired token is accepted. */
const TOO_OLD_MS = 2 * 3_600_000;

/**
 * API keys that stay in the secret. LiveKit may still send again what the one before signed, and two rotations are further apart than
 * its tries.
 */
const KEPT_KEYS = 3;

const ROOMS = 8;

type SignOptions = NonNullable<Parameters<typeof livekitHeaders>[2]>;

/** What signs, and what the operator knows. */
class Server {
  #keys = [newLiveKitKey()];

  bringOver(meetbus: Meetbus): Promise<void> {
    return this.#put(meetbus, this.#keys);
  }

  /** A request, signed now with the newest API key. */
  attempt(body: string, options: SignOptions = {}, key = this.newest): Attempt {
    const id = /^\{.*"id":"(EV_\w+)"/s.exec(body)?.[1];
    const identity = id === undefined ? `body:${sha256(body)}` : `id:${id}`;
    const headers = livekitHeaders(key, body, options);
    return { eventId: eventIdOf('livekit', identity), path: '/livekit/webhooks', headers, body };
  }

  /** The operator adds the new API key before LiveKit signs with it, and retires the oldest one. */
  async rotate(meetbus: Meetbus): Promise<void> {
    const keys = [...this.#keys, newLiveKitKey()].slice(-KEPT_KEYS);
    await this.#put(meetbus, keys);
    this.#keys = keys;
  }

  get newest() {
    return this.#keys.at(-1)!;
  }

  #put(meetbus: Meetbus, keys: Server['newest'][]): Promise<void> {
    const apiKeys = Object.fromEntries(keys.map(({ name, secret }) => [name, secret]));
    return putSecret(meetbus, 'meetbus/livekit', { apiKeys });
  }
}

export function livekitAccount(seed: number): Account {
  const random = new Random(seed, 'livekit');
  const server = new Server();
  const bodies = new Bodies(new Random(seed, 'livekit bodies'), 'livekit');
  const next = () => bodies.make(sandbox.events, (event, id) => livekitBody(event, { seed: id, at: new Date() }));
  const stranger = newLiveKitKey();
  const { name } = server.newest;
  return {
    bringOver: (meetbus) => server.bringOver(meetbus),
    sendersOn(network) {
      const sender = new LiveKitSender(network.optionsOf(LIVEKIT));
      const rooms: readonly Room[] = Array.from({ length: ROOMS }, () => sender.openRoom());
      const send = () => {
        const { text, isRecognized } = next();
        return random.pick(rooms).send(network.written({ isRecognized, sign: () => server.attempt(text) }));
      };
      return [{ policy: LIVEKIT, share: 0.13, tally: sender.tally, send } satisfies Sender];
    },
    forgeries: [
      () => server.attempt(next().text, {}, stranger),
      () => server.attempt(next().text, {}, { ...stranger, name }),
      () => server.attempt(next().text, {}, { name, secret: '' }),
      () => server.attempt(next().text, { alg: 'none' }),
      () => server.attempt(next().text, { at: new Date(Date.now() - TOO_OLD_MS) }),
      () => tampered(server.attempt(next().text)),
      () => unsigned(server.attempt(next().text)),
      // The access token of a participant.
      () => server.attempt(next().text, { claims: { sub: randomUUID(), sha256: undefined } }),
    ],
    troublesOn: (meetbus) => [
      { name: "LiveKit's API key rotates", begin: () => server.rotate(meetbus), isLasting: true },
    ],
  };
}
