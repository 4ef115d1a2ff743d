/** Cloudflare RealtimeKit: its one key pair, the server of the public key, and the webhook that the operator has registered. */
import { randomBytes, randomUUID } from 'node:crypto';
import { REALTIMEKIT_EVENTS, realtimekitBody } from '../../../providers/realtimekit/sandbox/bodies';
import { newKeyPair, realtimekitHeaders } from '../../support/deliveries';
import { KeyServer, serves } from '../../support/key-server';
import type { Meetbus } from '../../support/meetbus';
import { putRealtimekitSecret } from '../../support/providers';
import { Bodies } from '../bodies';
import { Random } from '../random';
import type { Attempt } from '../senders/http';
import { REALTIMEKIT, REALTIMEKIT_IMPATIENT } from '../senders/policies';
import type { Trouble } from '../troubles';
import { type Account, eventIdOf, type Network, type Sender, sha256, tampered, unsigned } from './account';

/** How long after a rotation some of Cloudflare's machines still sign with the key before. */
const OVERLAP_MS = 2_000;

const PATH = '/realtimekit/webhooks';

interface Event {
  readonly uuid: string;
  readonly body: string;
  /** Its body comes again for other events, so that only `rtk-uuid` tells them apart. */
  readonly isRepeating: boolean;
}

/** What signs, and what the operator knows. */
class Webhook {
  readonly #token = randomBytes(16).toString('base64url');
  #keys = newKeyPair();
  #previous = this.#keys;
  #rotatedAt = 0;

  constructor(private readonly random: Random) {}

  get publicPem(): string {
    return this.#keys.publicPem;
  }

  /** Tells Meetbus the token of the webhook's URL. */
  bringOver(meetbus: Meetbus): Promise<void> {
    return putRealtimekitSecret(meetbus, { urlTokens: [this.#token] });
  }

  /**
   * A webhook, signed now.
   *
   * @param urlToken ends the URL; null for one without
   */
  attempt({ uuid, body, isRepeating }: Event, urlToken: string | null = this.#token): Attempt {
    const keys = Date.now() - this.#rotatedAt < OVERLAP_MS && this.random.chance(0.5) ? this.#previous : this.#keys;
    const isRecording = urlToken === this.#token && /"status":"(RECORDING|PAUSED)"/.test(body);
    const identity = `body:${sha256(body)}${isRepeating || isRecording ? `:${uuid}` : ''}`;
    return {
      eventId: eventIdOf('realtimekit', identity),
      path: `${PATH}${urlToken === null ? '' : `/${urlToken}`}`,
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

/** Longer than a verifier waits for a key. */
const SLOW_MS = 2_500;

/** What goes wrong with the server of the public key, and with the key. */
function troublesOf(keyServer: KeyServer, webhook: Webhook): Trouble[] {
  const well: KeyServer['answer'] = (response) => serves(webhook.publicPem)(response);
  keyServer.answer = well;
  const moods: Readonly<Record<string, KeyServer['answer']>> = {
    'is slow': (response) => void setTimeout(() => well(response), SLOW_MS).unref(),
    'is down': (response) => void response.destroy(),
    redirects: (response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
    'talks junk': (response) => void response.end('<html>Under maintenance</html>'),
  };
  const answerWith = (answer: KeyServer['answer']) => () => {
    keyServer.answer = answer;
  };
  return [
    ...Object.entries(moods).map(([mood, answer]) => ({
      name: `the key server ${mood}`,
      begin: answerWith(answer),
      end: answerWith(well),
    })),
    // Every copy of the verifier meets the new key before its server may be down: one that did not could not have it.
    { name: 'the RealtimeKit key rotates', begin: () => webhook.rotate(), alone: true, lastsMs: 4_500 },
  ];
}

/** The bodies that RealtimeKit sends. A livestream's status may come again, and is another event. */
class RealtimeKitBodies {
  readonly #bodies: Bodies;

  constructor(random: Random) {
    this.#bodies = new Bodies(random, 'realtimekit', new Set(['livestreaming.statusUpdate']));
  }

  next(): Event & { readonly isRecognized: boolean } {
    const { text, ...more } = this.#bodies.make(REALTIMEKIT_EVENTS, (event, seed) =>
      realtimekitBody(event, { seed, at: new Date() }),
    );
    return { uuid: randomUUID(), body: text, ...more };
  }
}

export async function realtimekitAccount(seed: number): Promise<Account> {
  const random = new Random(seed, 'realtimekit');
  const webhook = new Webhook(random);
  const bodies = new RealtimeKitBodies(new Random(seed, 'realtimekit bodies'));
  const keyServer = await KeyServer.start((response) => void response.end());
  const troubles = troublesOf(keyServer, webhook);
  const stranger = new Webhook(random);
  return {
    flags: ['--option', `realtimekit.keyUrl=${keyServer.url}`],
    bringOver: (meetbus) => webhook.bringOver(meetbus),
    sendersOn: (network) => sendersOn(network, webhook, bodies),
    forgeries: [
      () => stranger.attempt(bodies.next()),
      () => tampered(webhook.attempt(bodies.next())),
      () => unsigned(webhook.attempt(bodies.next())),
    ],
    halfProved: [
      () => webhook.attempt(bodies.next(), null),
      () => webhook.attempt(bodies.next(), 'a-token-that-nobody-knows'),
    ],
    troublesOn: () => troubles,
    close: () => keyServer.close(),
  };
}

function sendersOn(network: Network, webhook: Webhook, bodies: RealtimeKitBodies): Sender[] {
  const next = () => {
    const event = bodies.next();
    // Every try has the same `rtk-uuid`.
    return { isRecognized: event.isRecognized, sign: () => webhook.attempt(event) };
  };
  return [network.sender(REALTIMEKIT, 0.1, next), network.sender(REALTIMEKIT_IMPATIENT, 0.1, next)];
}
