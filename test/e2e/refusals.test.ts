/** Deliveries that prove nothing: each route refuses them, tells nothing, and takes nothing in. */
import { randomUUID } from 'node:crypto';
import type { HttpDelivery } from '../support/http';
import { RealtimeKit, Recall, startWorld, type World } from '../support/providers';

type Attempt = readonly [name: string, attempt: (world: World) => HttpDelivery];

/** Bodies that would become events if they were believed. */
const recallBody = () => ({ event: 'bot.done', data: { bot: { id: randomUUID() } } });
const realtimekitBody = () => ({ event: 'meeting.started', meeting: { id: randomUUID() } });

const secondsAgo = (seconds: number): Date => new Date(Date.now() - seconds * 1000);

const without = ({ headers, ...rest }: HttpDelivery, name: string): HttpDelivery => {
  const { [name]: _, ...others } = headers ?? {};
  return { ...rest, headers: others };
};

const withHeader = (
  delivery: HttpDelivery,
  name: string,
  change: (value: string) => string | string[],
): HttpDelivery => ({
  ...delivery,
  headers: { ...delivery.headers, [name]: change(String(delivery.headers?.[name])) },
});

/** One bit of one byte is another. */
function corrupted({ body, ...rest }: HttpDelivery): HttpDelivery {
  const bytes = Buffer.from(body);
  bytes[bytes.length - 3]! ^= 1;
  return { ...rest, body: bytes };
}

const WRONG_TWO = ['v1,AAAA', `v1,${'A'.repeat(43)}=`];

const stranger = { recall: new Recall(), realtimekit: new RealtimeKit() };

/** What a Recall.ai signature can be short of, on either of its routes. */
const recallSignatures = (path: string): Attempt[] => {
  const signed = ({ recall }: World, options: { id?: string; at?: Date; family?: string } = {}) =>
    recall.signed(recallBody(), { path, ...options });
  return [
    ['a signature with another secret', () => stranger.recall.signed(recallBody(), { path })],
    ['a signature of 301 seconds ago', (world) => signed(world, { at: secondsAgo(302) })],
    ['a signature of 5 minutes ahead', (world) => signed(world, { at: secondsAgo(-310) })],
    ['a changed byte', (world) => corrupted(signed(world))],
    ['a changed id', (world) => withHeader(signed(world), 'webhook-id', (id) => `${id}x`)],
    [
      'a changed timestamp',
      (world) => withHeader(signed(world), 'webhook-timestamp', (time) => String(Number(time) + 1)),
    ],
    ['a timestamp with a fraction', (world) => withHeader(signed(world), 'webhook-timestamp', (time) => `${time}.0`)],
    ['a negative timestamp', (world) => withHeader(signed(world), 'webhook-timestamp', () => '-1')],
    [
      'a signature of another version',
      (world) => withHeader(signed(world), 'webhook-signature', (s) => s.replace('v1', 'v2')),
    ],
    ['a signature without its version', (world) => withHeader(signed(world), 'webhook-signature', (s) => s.slice(3))],
    ['an empty signature', (world) => withHeader(signed(world), 'webhook-signature', () => '')],
    ['no signature', (world) => without(signed(world), 'webhook-signature')],
    ['no id', (world) => without(signed(world, { family: 'svix' }), 'svix-id')],
    ['no timestamp', (world) => without(signed(world, { family: 'svix' }), 'svix-timestamp')],
    [
      'two signature headers that are wrong',
      (world) => withHeader(signed(world), 'webhook-signature', () => WRONG_TWO),
    ],
    ['wrong signatures, folded', (world) => withHeader(signed(world), 'webhook-signature', () => WRONG_TWO.join(', '))],
    ['two ids', (world) => withHeader(signed(world, { family: 'svix' }), 'svix-id', (id) => [id, `${id}x`])],
    ['two timestamps', (world) => withHeader(signed(world), 'webhook-timestamp', (time) => [time, '1'])],
    [
      'two families of headers that disagree',
      (world) => {
        const delivery = signed(world);
        const other = world.recall.signed(String(delivery.body), { path, family: 'svix' });
        return { ...delivery, headers: { ...delivery.headers, ...other.headers } };
      },
    ],
  ];
};

const tokens: Attempt[] = [
  ['no token', () => ({ path: '/recall/realtime', body: JSON.stringify(recallBody()) })],
  ['an empty token', ({ recall }) => recall.withToken(recallBody(), '')],
  ['a wrong token', ({ recall }) => recall.withToken(recallBody(), `${recall.token}x`)],
  ['the beginning of the token', ({ recall }) => recall.withToken(recallBody(), recall.token.slice(0, -1))],
  ['the signing secret as token', ({ recall }) => recall.withToken(recallBody(), recall.secret)],
  [
    'a doubled token',
    ({ recall }) => ({ ...recall.withToken(recallBody()), path: `/recall/realtime?token=${recall.token}&token=x` }),
  ],
  [
    'the right token twice',
    ({ recall }) => ({
      ...recall.withToken(recallBody()),
      path: `/recall/realtime?token=${recall.token}&token=${recall.token}`,
    }),
  ],
  [
    'a parameter of another name',
    ({ recall }) => ({ ...recall.withToken(recallBody()), path: `/recall/realtime?Token=${recall.token}` }),
  ],
  ...['token', 'x-token', 'authorization'].map(
    (name): Attempt => [
      `the token in the header ${name}`,
      ({ recall }) => ({
        path: '/recall/realtime',
        body: JSON.stringify(recallBody()),
        headers: { [name]: name === 'authorization' ? `Bearer ${recall.token}` : recall.token },
      }),
    ],
  ),
  [
    'a wrong signature beside the right token',
    ({ recall }) => ({
      ...stranger.recall.signed(recallBody()),
      path: `/recall/realtime?token=${recall.token}`,
    }),
  ],
];

const realtimekitSignatures: Attempt[] = [
  ['a signature with another key', () => stranger.realtimekit.signed(realtimekitBody())],
  ['a changed byte', ({ realtimekit }) => corrupted(realtimekit.signed(realtimekitBody()))],
  ['no signature', ({ realtimekit }) => without(realtimekit.signed(realtimekitBody()), 'rtk-signature')],
  [
    'an empty signature',
    ({ realtimekit }) => withHeader(realtimekit.signed(realtimekitBody()), 'rtk-signature', () => ''),
  ],
  [
    'a signature that is no base64',
    ({ realtimekit }) => withHeader(realtimekit.signed(realtimekitBody()), 'rtk-signature', () => '***'),
  ],
  [
    'half a signature',
    ({ realtimekit }) => withHeader(realtimekit.signed(realtimekitBody()), 'rtk-signature', (s) => s.slice(0, 100)),
  ],
  [
    'two wrong signatures',
    ({ realtimekit }) => withHeader(realtimekit.signed(realtimekitBody()), 'rtk-signature', () => ['AAAA', 'BBBB']),
  ],
  [
    'a wrong signature under the older name of the header',
    ({ realtimekit }) => ({
      ...without(realtimekit.signed(realtimekitBody()), 'rtk-signature'),
      headers: { 'dyte-signature': stranger.realtimekit.signed(realtimekitBody()).headers?.['rtk-signature'] },
    }),
  ],
  [
    'the right token without a signature',
    ({ realtimekit }) => ({ ...realtimekit.signed(realtimekitBody()), headers: {} }),
  ],
  ['a Recall.ai signature', ({ recall }) => recall.signed(recallBody(), { path: '/realtimekit/webhooks' })],
];

const ROUTES: readonly { route: string; attempts: readonly Attempt[] }[] = [
  {
    route: '/recall/webhooks',
    attempts: [
      ...recallSignatures('/recall/webhooks'),
      [
        'a token in place of a signature',
        ({ recall }) => ({ path: `/recall/webhooks?token=${recall.token}`, body: JSON.stringify(recallBody()) }),
      ],
      [
        'a RealtimeKit signature',
        ({ realtimekit }) => ({ ...realtimekit.signed(realtimekitBody()), path: '/recall/webhooks' }),
      ],
    ],
  },
  { route: '/recall/realtime', attempts: [...recallSignatures('/recall/realtime'), ...tokens] },
  { route: '/realtimekit/webhooks', attempts: realtimekitSignatures },
];

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

describe.each(ROUTES)('$route', ({ attempts }) => {
  it.each(attempts)('refuses %s', async (_, attempt) => {
    const { status, body, headers } = await world.meetbus.post(attempt(world));
    expect({ status, body }).toEqual({ status: 401, body: '{"status":"unauthorized"}' });
    expect(headers['webhook-delivery']).toBeUndefined();
  });
});

it('takes in nothing but what is proved', async () => {
  const { meetbus, recall, realtimekit } = world;
  const intake = await meetbus.subscribeToAll('intake');
  const printedBefore = meetbus.output().length;
  for (const { attempts } of ROUTES) for (const [, attempt] of attempts) await meetbus.post(attempt(world));
  // What is believed goes by the same queues: so the refused ones would have been seen.
  const believed = [
    recall.signed(recallBody(), { id: 'msg_believed' }),
    recall.signed(recallBody(), { id: 'msg_almost_stale', at: secondsAgo(295) }),
    realtimekit.signed(realtimekitBody(), { uuid: 'rtk-believed' }),
  ];
  for (const delivery of believed) await meetbus.post(delivery);
  await meetbus.settled();
  const ids = (await intake.drain()).map(({ detail }) => detail.deliveryid);
  expect(ids.sort()).toEqual(['msg_almost_stale', 'msg_believed', 'rtk-believed']);
  const printed = meetbus.output().slice(printedBefore);
  expect(printed.match(/\d+ messages? taken/g)).toEqual(believed.map(() => '1 message taken'));
});

it('prints no secret of ours', async () => {
  for (const { attempts } of ROUTES) for (const [, attempt] of attempts) await world.meetbus.post(attempt(world));
  for (const secret of [world.recall.secret, world.recall.token]) expect(world.meetbus.output()).not.toContain(secret);
});

describe('a request that is no delivery', () => {
  it.each([
    ['GET', '/recall/webhooks'],
    ['PUT', '/recall/realtime'],
    ['DELETE', '/realtimekit/webhooks'],
    ['POST', '/'],
    ['POST', '/recall'],
    ['POST', '/recall/webhooks/more'],
    ['POST', '/realtimekit/webhooks/a-token/more'],
    ['GET', '/realtimekit/webhooks/a-token'],
    ['POST', '/elsewhere'],
  ])('%s %s is answered by the gateway with a refusal', async (method, path) => {
    const { status } = await world.meetbus.post({ method, path, body: '' });
    expect(status).toBe(403);
  });

  it.each(ROUTES)('of 11 MB on $route is too large', async ({ route }) => {
    const body = Buffer.alloc(11 * 1024 * 1024, ' ');
    expect((await world.meetbus.post({ path: route, body })).status).toBe(413);
  });
});
