/** A workspace at Recall.ai: dashboard webhooks, and the real-time endpoints of bots. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { recallBody, recallRoute, recallSamples } from '../../../providers/recall/sandbox';
import { newSecret, recallHeaders } from '../../support/deliveries';
import type { Meetbus } from '../../support/meetbus';
import { putRecallSecret } from '../../support/providers';
import { Bodies } from '../bodies';
import { Random } from '../random';
import type { Attempt } from '../senders/http';
import { RECALL_REALTIME, SVIX } from '../senders/policies';
import { type Feed, RecallRealtimeSender } from '../senders/recall-realtime';
import { type Account, eventIdOf, type Network, type Sender, sha256, tampered, unsigned } from './account';

const HEADER_FAMILIES = ['webhook', 'svix'] as const;

/** Milliseconds from a new signing secret at Recall.ai to the operator's bringing it over. Recall.ai signs with both. */
const OPERATOR_DELAY_MS = 1_500;

/** Older than Recall.ai's timestamps may be. */
const TEN_MINUTES_MS = 600_000;

/** What somebody may want to announce who has seen the URL of a real-time endpoint. */
const LIFECYCLE_EVENTS = [
  'recording.done',
  'bot.done',
  'transcript.done',
  'calendar.update',
  'realtime_endpoint.failed',
];

const newToken = (): string => randomBytes(16).toString('base64url');

/** A message; a real-time one of a workspace without a verification secret has no id, and no signature. */
interface Message {
  readonly id: string | undefined;
  readonly body: string;
}

/** What signs, and what the operator knows. */
class Workspace {
  /** Secrets that Recall.ai signs with. */
  #signing = [newSecret()];
  /** What the operator has put into the secret. */
  readonly #known = { signingSecrets: [...this.#signing], realtimeTokens: [newToken()] };

  constructor(private readonly random: Random) {}

  /** The token of the endpoints of new bots. */
  get token(): string {
    return this.#known.realtimeTokens[0]!;
  }

  bringOver(meetbus: Meetbus): Promise<void> {
    return putRecallSecret(meetbus, this.#known);
  }

  /** A dashboard webhook, signed now. */
  webhook({ id = `msg_${randomUUID()}`, body }: Partial<Message> & { body: string }, at = new Date()): Attempt {
    const headers = this.#headers(id, body, at);
    return { eventId: eventIdOf('recall', `id:${id}`), path: '/recall/webhooks', headers, body };
  }

  /** A request to a bot's endpoint: proved by its token, and by a signature where it has an id. */
  realtime({ id, body }: Message, token: string): Attempt {
    return {
      eventId: eventIdOf('recall', id === undefined ? `body:${sha256(body)}` : `id:${id}`),
      path: `/recall/realtime?token=${token}`,
      headers: id === undefined ? {} : this.#headers(id, body, new Date()),
      body,
    };
  }

  /**
   * Recall.ai makes a new signing secret. For a while it signs with both, then with the new one alone; the one before goes out of use
   * for good.
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

  #headers(id: string, body: string, at: Date): Record<string, string> {
    const family = this.random.pick(HEADER_FAMILIES);
    const signed = this.#signing.map((secret) => recallHeaders(secret, body, { id, at, family }));
    const signatures = signed.map((headers) => headers[`${family}-signature`]).join(' ');
    return { ...signed[0], [`${family}-signature`]: signatures };
  }
}

const eventsOf = (route: string): string[] =>
  Object.keys(recallSamples).filter((event) => recallRoute(event) === route);
const DASHBOARD_EVENTS = eventsOf('/recall/webhooks');
const REALTIME_EVENTS = eventsOf('/recall/realtime');

/** The bodies that Recall.ai sends. */
class RecallBodies {
  readonly #bodies: Bodies;

  constructor(random: Random) {
    // A calendar's updates have equal bodies: only the message id tells them apart.
    this.#bodies = new Bodies(random, 'recall', new Set(['calendar.update']));
  }

  dashboard() {
    return this.#bodies.make(DASHBOARD_EVENTS, (event, seed) => recallBody(event, { seed, at: new Date() }));
  }

  realtime(bot: string) {
    return this.#bodies.make(REALTIME_EVENTS, (event, seed) =>
      recallBody(event, { seed: bot, at: new Date(), text: `This is said once only ${seed}` }),
    );
  }
}

/** Bots in meetings at one time, and the events after which one leaves and another comes. */
const BOTS = 8;
const EVENTS_OF_A_BOT = 150;

/** A bot with an endpoint. */
interface Bot {
  readonly name: string;
  readonly feed: Feed;
  /** In the URL of its endpoint for as long as it lives. */
  readonly token: string;
  /** Its workspace has a verification secret. */
  readonly isSigned: boolean;
  events: number;
}

/** The bots that are in meetings. */
class Bots {
  readonly #bots: Bot[] = [];
  #soFar = 0;

  constructor(
    private readonly random: Random,
    private readonly endpoints: RecallRealtimeSender,
    private readonly workspace: Workspace,
  ) {}

  /** Any of the bots; another comes for one whose meeting is over or whose endpoint has failed. */
  any(): Bot {
    const place = Math.floor(this.random.next() * BOTS);
    const bot = this.#bots[place];
    if (bot && !bot.feed.isDead && bot.events < EVENTS_OF_A_BOT) {
      bot.events += 1;
      return bot;
    }
    this.#soFar += 1;
    const fresh: Bot = {
      name: `soak-bot-${this.#soFar}`,
      feed: this.endpoints.openFeed(),
      token: this.workspace.token,
      isSigned: this.random.chance(0.5),
      events: 1,
    };
    this.#bots[place] = fresh;
    return fresh;
  }
}

export function recallAccount(seed: number): Account {
  const random = new Random(seed, 'recall');
  const workspace = new Workspace(random);
  const bodies = new RecallBodies(new Random(seed, 'recall bodies'));
  return {
    bringOver: (meetbus) => workspace.bringOver(meetbus),
    sendersOn: (network) => sendersOn(network, random, workspace, bodies),
    ...forgeriesOf(random, workspace, bodies),
    troublesOn: (meetbus) => [
      { name: 'the signing secret rotates', begin: () => workspace.rotateSigningSecret(meetbus), isLasting: true },
      { name: 'the token rotates', begin: () => workspace.rotateToken(meetbus), isLasting: true },
    ],
  };
}

function sendersOn(network: Network, random: Random, workspace: Workspace, bodies: RecallBodies): Sender[] {
  const svix = network.sender(SVIX, 0.28, () => {
    const { text: body, isRecognized } = bodies.dashboard();
    const message = { id: `msg_${randomUUID()}`, body };
    return { isRecognized, sign: () => workspace.webhook(message) };
  });
  const endpoints = new RecallRealtimeSender(network.optionsOf(RECALL_REALTIME));
  const bots = new Bots(random, endpoints, workspace);
  const realtime: Sender = {
    policy: RECALL_REALTIME,
    share: 0.26,
    tally: endpoints.tally,
    get deadEndpoints() {
      return endpoints.deadEndpoints;
    },
    send() {
      const bot = bots.any();
      const { text: body, isRecognized } = bodies.realtime(bot.name);
      const message = { id: bot.isSigned ? `msg_${randomUUID()}` : undefined, body };
      return bot.feed.send(network.written({ isRecognized, sign: () => workspace.realtime(message, bot.token) }));
    },
  };
  return [svix, realtime];
}

function forgeriesOf(random: Random, workspace: Workspace, bodies: RecallBodies) {
  const stranger = new Workspace(random);
  const message = () => ({ body: bodies.dashboard().text });
  const withoutId = (body: object | string): Message => ({
    id: undefined,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const byToken = (body: object) => workspace.realtime(withoutId(body), workspace.token);
  const sample = (event: string, at: Date) => recallBody(event, { seed: randomUUID(), at });
  return {
    forgeries: [
      () => stranger.webhook(message()),
      () => tampered(workspace.webhook(message())),
      () => workspace.webhook(message(), new Date(Date.now() - TEN_MINUTES_MS)),
      () => unsigned(workspace.webhook(message())),
      () => workspace.realtime(withoutId(bodies.realtime('forged').text), stranger.token),
    ],
    halfProved: [
      () => byToken(sample(random.pick(LIFECYCLE_EVENTS), new Date())),
      () => byToken(sample('bot.joining_call', new Date('9999-12-30T00:00:00Z'))),
    ],
  };
}
