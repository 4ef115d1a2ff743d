/** The senders keep to what the providers say of themselves. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Attempt, Client } from './http';
import { LiveKitSender } from './livekit';
import { LIVEKIT, REALTIMEKIT, REALTIMEKIT_IMPATIENT, SVIX, ZOOM } from './policies';
import { RecallRealtimeSender } from './recall-realtime';
import { deliver, type RetryPolicy, type SenderOptions, Tally } from './retries';

/** How the receiver answers one try: a status, or by cutting the connection. */
type Reply = number | 'cut';

let server: Server;
let client: Client;
let requests: IncomingMessage[];
let replies: readonly Reply[];
/** Of every reply. */
let headers: Record<string, string>;

beforeEach(async () => {
  requests = [];
  headers = {};
  server = createServer((request, response) => {
    // The last reply goes on for ever.
    const reply = replies[Math.min(requests.length, replies.length - 1)]!;
    requests.push(request);
    request.resume();
    if (reply === 'cut') request.destroy();
    else response.writeHead(reply, { location: '/elsewhere', ...headers }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, 8);
});

afterEach(async () => {
  client.close();
  server.close();
  await once(server, 'close');
});

/** A clock that runs so fast that no test waits. */
const options = (): SenderOptions => ({ post: client.post, timesFaster: 1e9 });

/** Sends one delivery to its end. */
async function sent(policy: RetryPolicy, { timesFaster = 1e9 } = {}): Promise<Tally> {
  const tally = new Tally();
  await deliver(policy, { post: client.post, timesFaster }, tally, tries());
  return tally;
}

/** Makes tries that say which one they are. */
function tries(eventId = 'event-1'): () => Attempt {
  let number = 0;
  return () => {
    number += 1;
    return { eventId, path: '/hook', headers: { id: eventId, try: String(number) }, body: '{}' };
  };
}

describe('Svix', () => {
  it.each<Reply>([302, 401, 429, 500, 'cut'])(
    'tries eight times at %s, each signed anew, then gives up',
    async (reply) => {
      replies = [reply];
      const tally = await sent(SVIX);
      expect(requests.map((request) => request.headers.try)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
      expect(tally).toMatchObject({ sent: 1, tries: 8, accepted: 0, pending: 0, losses: [{ eventId: 'event-1' }] });
    },
  );

  it('stops at the first 2xx', async () => {
    replies = [503, 401, 204];
    expect(await sent(SVIX)).toMatchObject({ accepted: 1, losses: [], answers: { 503: 1, 401: 1, 204: 1 } });
  });

  it('keeps its schedule, only faster', async () => {
    replies = [500, 500, 200];
    const started = performance.now();
    await sent(SVIX, { timesFaster: 1_000 });
    // 5 s and 5 min.
    expect(performance.now() - started).toBeGreaterThan(300);
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

describe('Recall.ai real-time', () => {
  it.each<Reply>([302, 401, 503, 'cut'])(
    'fails after sixty times %s, and sends that bot nothing more',
    async (reply) => {
      replies = [reply];
      const sender = new RecallRealtimeSender(options());
      const feed = sender.openFeed();
      await Promise.all([feed.send(tries('event-1')), feed.send(tries('event-2'))]);
      expect(requests).toHaveLength(60);
      expect(new Set(requests.map((request) => request.headers.id))).toEqual(new Set(['event-1']));
      expect(feed.isDead).toBe(true);
      expect(sender).toMatchObject({ deadEndpoints: 1, neverSent: 1, tally: { sent: 1, pending: 0 } });
    },
  );

  it('sends one event of a bot after the other, and does not wait for other bots', async () => {
    replies = [503, 200];
    const sender = new RecallRealtimeSender({ post: client.post, timesFaster: 10 });
    const [first, other] = [sender.openFeed(), sender.openFeed()];
    await Promise.all([first.send(tries('a1')), first.send(tries('a2')), other.send(tries('b1'))]);
    expect(requests.map((request) => request.headers.id)).toEqual(['a1', 'b1', 'a1', 'a2']);
  });
});

describe.each([REALTIMEKIT, REALTIMEKIT_IMPATIENT, ZOOM])('$name', (policy) => {
  it.each<Reply>([302, 400, 401, 403, 413, 429])('loses an event at the first %s', async (reply) => {
    replies = [reply];
    const tally = await sent(policy);
    expect(requests).toHaveLength(1);
    expect(tally.losses).toMatchObject([{ eventId: 'event-1', answer: reply }]);
  });

  it.each<Reply>([500, 503, 'cut'])('tries again at %s', async (reply) => {
    replies = [reply, reply, 200];
    const tally = await sent(policy);
    expect(requests).toHaveLength(3);
    expect(tally).toMatchObject({ accepted: 1, losses: [] });
  });
});

it('Zoom gives up after its first try and three more', async () => {
  replies = [500];
  expect((await sent(ZOOM)).tries).toBe(4);
});

describe('LiveKit', () => {
  it.each<Reply>([302, 400, 401, 403, 501])('loses an event at the first %s', async (reply) => {
    replies = [reply];
    expect(await sent(LIVEKIT)).toMatchObject({ tries: 1, losses: [{ answer: reply }] });
  });

  it.each<Reply>([429, 500, 503, 'cut'])('tries five times at %s', async (reply) => {
    replies = [reply];
    expect(await sent(LIVEKIT)).toMatchObject({ tries: 5, losses: [{ eventId: 'event-1' }] });
  });

  it('waits as long as Retry-After says after a 503', async () => {
    headers = { 'retry-after': '2000' };
    replies = [503, 200];
    const started = performance.now();
    await sent(LIVEKIT, { timesFaster: 4_000 });
    expect(performance.now() - started).toBeGreaterThan(450);
  });

  it('waits no longer after a 500', async () => {
    headers = { 'retry-after': '1000000' };
    replies = [500, 200];
    expect(await sent(LIVEKIT, { timesFaster: 1_000 })).toMatchObject({ accepted: 1 });
  });

  it('sends one event of a room after the other, each with one token, and does not wait for other rooms', async () => {
    replies = [503, 200];
    const sender = new LiveKitSender({ post: client.post, timesFaster: 10 });
    const [first, other] = [sender.openRoom(), sender.openRoom()];
    await Promise.all([first.send(tries('a1')), first.send(tries('a2')), other.send(tries('b1'))]);
    expect(requests.map((request) => [request.headers.id, request.headers.try])).toEqual(
      ['a1', 'b1', 'a1', 'a2'].map((id) => [id, '1']),
    );
  });

  it('drops what has waited for half a minute behind another event of its room', async () => {
    replies = ['cut', 'cut', 'cut', 'cut', 'cut', 200];
    const sender = new LiveKitSender({ post: client.post, timesFaster: 1_000 });
    const room = sender.openRoom();
    const slow = room.send(() => {
      // Synchronous work keeps the clock running and all else waiting.
      const until = performance.now() + 40;
      while (performance.now() < until);
      return tries('slow')();
    });
    await Promise.all([slow, room.send(tries('late'))]);
    expect(sender).toMatchObject({ neverSent: 1, tally: { sent: 1 } });
  });
});
