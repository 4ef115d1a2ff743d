/** Apps at Zoom: deliveries whose retries have other bytes, and the handshake with which Zoom verifies the URL. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sandbox, zoomBody } from '../../../providers/zoom/sandbox';
import { handshakeBody, hmacOf, newSecretToken, zoomHeaders } from '../../../providers/zoom/test/signer';
import type { Meetbus } from '../../support/meetbus';
import { putSecret } from '../../support/providers';
import { Bodies } from '../bodies';
import { Random } from '../random';
import type { Attempt, Reply } from '../senders/http';
import { ZOOM } from '../senders/policies';
import { deliver, Tally } from '../senders/retries';
import { type Account, eventIdOf, type Handshake, sha256, tampered, unsigned } from './account';

const PATH = '/zoom/webhooks';

/** Older than Zoom's timestamps may be: a day, and an hour more. */
const TOO_OLD_MS = 25 * 3_600_000;

/**
 * Secret tokens that stay in the secret. Zoom may still send again what it signed with the one before, and two rotations are further
 * apart than its tries.
 */
const KEPT_TOKENS = 3;

/** How long two apps are subscribed while one replaces the other. */
const OVERLAP_MS = 3_000;

/** What signs, and what the operator knows. */
class Apps {
  /** Secret tokens that the operator has put into the secret, the newest last. */
  #known = [newSecretToken()];
  /** Secret tokens of the apps that are subscribed. Zoom sends each event once for each of them. */
  #subscribed = [...this.#known];

  bringOver(meetbus: Meetbus): Promise<void> {
    return putSecret(meetbus, 'meetbus/zoom', { secretTokens: this.#known });
  }

  get subscribed(): readonly string[] {
    return this.#subscribed;
  }

  /** A request, signed now. */
  attempt(body: string, { token = this.#newest, at = new Date() } = {}): Attempt {
    return {
      eventId: eventIdOf('zoom', identityOf(body)),
      path: PATH,
      headers: zoomHeaders(token, body, { at }),
      body,
    };
  }

  /** Zoom wants the HMAC of its plain token, with the secret token that signed the request. */
  handshake(): Handshake {
    const plainToken = randomBytes(16).toString('base64url');
    const encryptedToken = hmacOf(this.#newest, plainToken);
    return {
      attempt: this.attempt(handshakeBody(plainToken)),
      timeLimitMs: ZOOM.timeLimitMs,
      isRight: ({ answer, body }: Reply) => answer === 200 && body === JSON.stringify({ plainToken, encryptedToken }),
    };
  }

  /** A second app replaces the first one: the only way in which no delivery is refused. */
  async rotate(meetbus: Meetbus): Promise<void> {
    const next = newSecretToken();
    this.#known = [...this.#known, next].slice(-KEPT_TOKENS);
    await this.bringOver(meetbus);
    this.#subscribed = [...this.#subscribed, next];
    await sleep(OVERLAP_MS);
    this.#subscribed = [next];
  }

  get #newest(): string {
    return this.#subscribed.at(-1)!;
  }
}

/** The members that name an event, by their place in the payload; each event uses those that it has. */
const OF_MEETING = [
  'account_id',
  'meeting_uuid',
  'webinar_uuid',
  'object.uuid',
  'object.id',
  'object.meeting_uuid',
  'object.meeting_id',
];
const OF_PARTICIPANT = [
  'participant_uuid',
  'user_id',
  'id',
  'participant_user_id',
  'registrant_id',
  'user_name',
  'join_time',
  'leave_time',
].map((name) => `object.participant.${name}`);

/** And those of what else an event is about, by a part of its name. */
const OF_OTHERS: readonly (readonly [name: RegExp, members: readonly string[]])[] = [
  [/participant|sharing/, OF_PARTICIPANT],
  [/chat_message/, ['object.chat_message.message_id']],
  [/rtms/, ['rtms_stream_id', 'object.rtms_stream_id']],
];

const FILES = ['object.recording_files', 'object.participant_audio_files'];

type Json = Readonly<Record<string, unknown>>;

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce((inner, name) => (inner as Json | undefined)?.[name], value);

/** What makes two deliveries the same, by the README of the provider. */
function identityOf(text: string): string {
  const body = parsed(text);
  if (body === undefined) return `bytes:${sha256(text)}`;
  if (!sandbox.events.includes(String(body.event))) return `content:${sha256(contentOf(body))}`;
  const [, others = []] = OF_OTHERS.find(([name]) => name.test(String(body.event))) ?? [];
  const members = [...OF_MEETING, ...others].map((path) => at(body.payload, path));
  const files = FILES.map((path) => ((at(body.payload, path) ?? []) as { id: string }[]).map(({ id }) => id).sort());
  const texts = members.map((member) => (member === undefined || member === '' ? null : String(member)));
  return `members:${JSON.stringify([body.event, String(body.event_ts), texts, ...files])}`;
}

/** Of an event that nobody knows: all but the token, which is new in each try. None has nested members. */
function contentOf({ download_token: _, ...rest }: Json): string {
  return JSON.stringify(
    rest,
    Object.keys(rest)
      .flatMap((name) => [name, ...Object.keys(Object(rest[name]))])
      .sort(),
  );
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The body of the next try: with a new token and new links, where Zoom puts such in. */
function renewed(text: string): string {
  const body = parsed(text);
  if (body === undefined || !('download_token' in body || !sandbox.events.includes(String(body.event)))) return text;
  const fresh = randomBytes(8).toString('hex');
  return JSON.stringify({ ...body, download_token: `token-${fresh}` }).replaceAll(
    'https://zoom.example/rec/',
    `https://zoom.example/rec/${fresh}/`,
  );
}

export function zoomAccount(seed: number): Account {
  const apps = new Apps();
  const stranger = new Apps();
  const bodies = new Bodies(new Random(seed, 'zoom bodies'), 'zoom');
  const next = () => bodies.make(sandbox.events, (event, id) => zoomBody(event, { seed: id, at: new Date() }));
  return {
    bringOver: (meetbus) => apps.bringOver(meetbus),
    sendersOn(network) {
      const tally = new Tally();
      const send = async () => {
        const { text, isRecognized } = next();
        const copies = apps.subscribed.map((token) =>
          network.written({ isRecognized, sign: () => apps.attempt(renewed(text), { token }) }),
        );
        await Promise.all(copies.map((sign) => deliver(ZOOM, network.optionsOf(ZOOM), tally, sign)));
      };
      return [{ policy: ZOOM, share: 0.13, tally, send }];
    },
    forgeries: [
      () => stranger.attempt(next().text),
      () => tampered(apps.attempt(next().text)),
      () => unsigned(apps.attempt(next().text)),
      () => apps.attempt(next().text, { at: new Date(Date.now() - TOO_OLD_MS) }),
      // No HMAC for those who cannot sign, and none that would sign a delivery.
      () => stranger.handshake().attempt,
      () => unsigned(apps.handshake().attempt),
      () => apps.attempt(handshakeBody(`v0:${Math.floor(Date.now() / 1000)}:${next().text}`)),
    ],
    troublesOn: (meetbus) => [
      { name: "Zoom's secret token rotates", begin: () => apps.rotate(meetbus), isLasting: true },
    ],
    handshake: () => apps.handshake(),
  };
}
