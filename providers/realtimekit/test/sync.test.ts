/** What `meetbus realtimekit webhooks sync` decides, and the calls it makes, against an API over HTTP. */
import { randomBytes } from 'node:crypto';
import { REALTIMEKIT_TYPES } from '../../../test/support/event-types';
import { ACCOUNT_ID, APP_ID, type Fault, RealtimekitApi } from '../../../test/support/realtimekit-api';
import type { RealtimekitApp } from '../backfill/app';
import { WEBHOOK_EVENTS } from '../backfill/webhook';
import { RealtimekitWebhooks, type Webhook, type WebhookSettings } from '../cli/api';
import { applyPlan, differencesBetween, planSync } from '../cli/sync';
import { realtimekitTypeOf } from '../event-names';

const ADDRESS = 'https://api.example.com/prod/realtimekit/webhooks';
const TOKEN = randomBytes(32).toString('base64url');
const URL_OF_OURS = `${ADDRESS}/${TOKEN}`;
const WANTED: WebhookSettings = { name: 'ours', url: URL_OF_OURS, events: WEBHOOK_EVENTS, enabled: true };

let api: RealtimekitApi;
beforeAll(async () => {
  api = await RealtimekitApi.start();
});
beforeEach(() => api.reset());
afterAll(() => api.close());

const client = (changes: Partial<RealtimekitApp> = {}) =>
  new RealtimekitWebhooks({
    accountId: ACCOUNT_ID,
    appId: APP_ID,
    apiUrl: api.url,
    token: api.token,
    timeoutMs: 5_000,
    ...changes,
  });
const sync = async (prune = false) => applyPlan(client(), planSync(WANTED, await client().list()), prune);
const ours = (changes: Partial<WebhookSettings> = {}) =>
  api.add({ ...WANTED, ...changes, events: [...(changes.events ?? WANTED.events)] });

it('subscribes to every event that Meetbus knows, and to no other', () => {
  expect([...WEBHOOK_EVENTS].sort()).toEqual(Object.keys(REALTIMEKIT_TYPES).sort());
  for (const event of WEBHOOK_EVENTS) expect(realtimekitTypeOf(event)).toBeDefined();
});

it.each<[string, Partial<WebhookSettings>, readonly string[]]>([
  ['nothing', {}, []],
  ['the order of events', { events: [...WEBHOOK_EVENTS].reverse() }, []],
  ['the way the URL is written', { url: `HTTPS://API.example.com:443/prod/realtimekit/webhooks/${TOKEN}` }, []],
  ['no token', { url: ADDRESS }, ['url']],
  ['another token', { url: `${ADDRESS}/another` }, ['url']],
  ['a missing event', { events: WEBHOOK_EVENTS.slice(1) }, ['events']],
  ['an event too many', { events: [...WEBHOOK_EVENTS, 'meeting.exploded' as never] }, ['events']],
  ['no events', { events: [] }, ['events']],
  ['disabled', { enabled: false }, ['enabled']],
  ['another path', { url: 'https://api.example.com/prod/realtimekit/webhook' }, ['url']],
  ['a query', { url: `${URL_OF_OURS}?a=b` }, ['url']],
  ['a URL that is none', { url: 'nowhere' }, ['url']],
  [
    'everything',
    { name: 'x', url: 'https://x.example', events: [], enabled: false },
    ['name', 'url', 'events', 'enabled'],
  ],
])('sees %s', (_what, found, differing) => {
  const differences = differencesBetween(WANTED, { ...WANTED, ...found });
  expect(differences.map(({ setting }) => setting)).toEqual(differing);
  for (const { setting, found: was, wanted } of differences) {
    expect({ was, wanted }).toEqual({ was: found[setting], wanted: WANTED[setting] });
  }
});

describe('which webhook is its own', () => {
  const webhook = (id: string, changes: Partial<Webhook>): Webhook =>
    ({ ...WANTED, id, created_at: '2026-01-02T00:00:00Z', updated_at: '2026-01-02T00:00:00Z', ...changes }) as Webhook;
  const OTHER = { url: 'https://other.example/', name: 'other' };
  it.each<[string, Webhook[], string | undefined, string[], string[]]>([
    ['none', [], undefined, [], []],
    ['none of others', [webhook('a', OTHER)], undefined, [], ['a']],
    ['the one with its URL', [webhook('a', OTHER), webhook('b', { name: 'x' })], 'b', [], ['a']],
    ['by name, after its URL changed', [webhook('a', OTHER), webhook('b', { url: OTHER.url })], 'b', [], ['a']],
    ['by its URL, though it has no token', [webhook('a', { url: ADDRESS })], 'a', [], []],
    ['by its URL, whatever its token', [webhook('a', { url: `${ADDRESS}/another-token`, name: 'x' })], 'a', [], []],
    [
      'the one with the wanted token, before the named one',
      [webhook('a', { url: ADDRESS }), webhook('b', { name: 'x' })],
      'b',
      ['a'],
      [],
    ],
    ['not one of another path', [webhook('a', { url: `${ADDRESS}/token/more`, name: 'x' })], undefined, [], ['a']],
    ['its URL before its name', [webhook('a', { url: OTHER.url }), webhook('b', { name: 'x' })], 'b', [], ['a']],
    ['of two with its URL, the named one', [webhook('a', { name: 'x' }), webhook('b', {})], 'b', ['a'], []],
    [
      'of two unnamed, the older',
      [webhook('a', { name: 'x' }), webhook('b', { name: 'y', created_at: '2026-01-01T00:00:00Z' })],
      'b',
      ['a'],
      [],
    ],
  ])('%s', (_which, webhooks, own, duplicates, others) => {
    const plan = planSync(WANTED, webhooks);
    const ids = (list: readonly Webhook[]) => list.map(({ id }) => id);
    expect([plan.own?.id, ids(plan.duplicates), ids(plan.others)]).toEqual([own, duplicates, others]);
  });
});

it('creates, then changes nothing', async () => {
  const other = api.add({});
  expect(await sync()).toMatchObject({ action: 'created', webhook: WANTED });
  expect(await sync()).toMatchObject({ action: 'unchanged', webhook: WANTED, plan: { others: [{ id: other.id }] } });
  expect(api.requests).toEqual(['GET /webhooks', 'POST /webhooks', 'GET /webhooks']);
});

it('sends only what differs, and keeps the id', async () => {
  const { id } = ours({ enabled: false });
  expect(await sync()).toMatchObject({ action: 'updated', webhook: { id, enabled: true } });
  expect(api.requests).toEqual(['GET /webhooks', `PATCH /webhooks/${id}`]);
});

it('deletes duplicates only where told to, and nothing else', async () => {
  const other = api.add({});
  const own = ours();
  const double = ours({ name: 'double' });
  expect((await sync()).removed).toEqual([]);
  expect(api.webhooks.size).toBe(3);
  api.faults.push({ status: 200, body: { success: true, data: [...api.webhooks.values()] } }, 'lost');
  expect((await sync(true)).removed.map(({ id }) => id)).toEqual([double.id]);
  expect([...api.webhooks.keys()].sort()).toEqual([own.id, other.id].sort());
});

it('creates one webhook where the answer was lost and the next try meets a conflict', async () => {
  api.faults.push({ status: 200, body: { success: true, data: [] } }, 'lost');
  expect((await sync()).webhook).toMatchObject(WANTED);
  expect([...api.webhooks.values()]).toMatchObject([WANTED]);
});

describe('tries again', () => {
  const SOON = { 'retry-after-ms': '1' };
  it.each<[string, Fault[]]>([
    [
      'server errors',
      [
        { status: 500, headers: SOON },
        { status: 502, headers: SOON },
        { status: 503, headers: SOON },
      ],
    ],
    [
      'a limit',
      [
        { status: 429, headers: SOON },
        { status: 429, headers: { 'retry-after': '0' } },
      ],
    ],
    ['a broken connection', ['reset']],
  ])('after %s', async (_what, faults) => {
    api.faults.push(...faults);
    expect(await client().list()).toEqual([]);
    expect(api.requests).toHaveLength(faults.length + 1);
  });

  it('after no answer in time', async () => {
    api.faults.push('hang');
    expect(await client({ timeoutMs: 1_000 }).list()).toEqual([]);
    expect(api.requests).toHaveLength(2);
  });
});

describe('says what to do', () => {
  const SOON = { 'retry-after-ms': '1' };
  const ID = '11111111-1111-4111-8111-111111111111';
  const times = (count: number, fault: Fault): Fault[] => Array.from({ length: count }, () => fault);
  type Call = (webhooks: RealtimekitWebhooks) => Promise<unknown>;
  const list: Call = (webhooks) => webhooks.list();
  const getIt: Call = (webhooks) => webhooks.get(ID);
  const make: Call = (webhooks) => webhooks.create(WANTED);

  it.each<[string, Fault[], Call, number, string | RegExp]>([
    [
      '401',
      [{ status: 401, body: { message: 'Unauthorized' } }],
      list,
      1,
      '(401: Unauthorized). Set CLOUDFLARE_API_TOKEN to a token',
    ],
    [
      '403 of the gateway',
      [{ status: 403, body: { success: false, errors: [{ code: 10000, message: 'Authentication error' }] } }],
      list,
      1,
      '(403: Authentication error). Set CLOUDFLARE_API_TOKEN to a token',
    ],
    [
      '404 of an app',
      [{ status: 404 }],
      list,
      1,
      `There is no RealtimeKit app ${APP_ID} in the account ${ACCOUNT_ID}.`,
    ],
    ['404 of a webhook', [], getIt, 1, `There is no webhook ${ID} in the app ${APP_ID}.`],
    ['409', [{ status: 409 }], make, 1, `another webhook with the URL ${ADDRESS}/… (409)`],
    ...[
      URL_OF_OURS,
      JSON.stringify({ url: URL_OF_OURS }).replaceAll('/', '\\/'),
      encodeURIComponent(URL_OF_OURS),
      `${'x'.repeat(290)} token ${TOKEN}`,
      `https://elsewhere.example/realtimekit/webhooks/${TOKEN.slice(0, 30)}`,
    ].map((quoted): [string, Fault[], Call, number, RegExp] => [
      `409 that quotes ${quoted.slice(0, 30)}`,
      [{ status: 409, body: { success: false, error: { message: `CONFLICT: there is ${quoted} already` } } }],
      make,
      1,
      new RegExp(`^(?!.*${TOKEN.slice(0, 8)})RealtimeKit has another webhook.*CONFLICT: there is`),
    ]),
    ['429 with a long wait', [{ status: 429, headers: { 'retry-after': '300' } }], list, 1, 'Try again after: 300'],
    [
      '429 for ever',
      times(4, { status: 429, headers: SOON }),
      list,
      4,
      'limits requests (429). Try again in five minutes.',
    ],
    ['500 for ever', times(4, { status: 500, headers: SOON }), list, 4, 'answered 500, in 4 tries. Try again later'],
    [
      'a page in place of an error',
      times(4, { status: 502, headers: SOON, body: `<html>${'x'.repeat(9_999)}` }),
      list,
      4,
      /^.{0,200}$/,
    ],
    ...[null, {}, [null], [{ id: 'w' }]].map((data): [string, Fault[], typeof list, number, string] => [
      `data that is ${JSON.stringify(data)}`,
      [{ status: 200, body: { success: true, data } }],
      list,
      1,
      "does not answer as Cloudflare's API does",
    ]),
    [
      'a webhook that is none',
      [{ status: 200, body: { success: true, data: {} } }],
      (webhooks) => webhooks.get('w'),
      1,
      "does not answer as Cloudflare's API does",
    ],
    [
      'a page in place of an answer',
      [{ status: 200, body: '<html>' }],
      list,
      1,
      "does not answer as Cloudflare's API does",
    ],
  ])('at %s', async (_what, faults, call, requests, message) => {
    api.faults.push(...faults);
    const failed = call(client());
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.not.toThrow(TOKEN);
    expect(api.requests).toHaveLength(requests);
  });

  it.each([400, 422])('at a body that is refused with %d', async (status) => {
    api.invalidStatus = status;
    const wrong = client().create({ ...WANTED, url: 'nowhere' });
    await expect(wrong).rejects.toThrow(`(${status}: BAD_REQUEST: "url" must be a valid uri)`);
  });

  it('without a token that an answer repeats, and without what steers a terminal', async () => {
    api.faults.push({ status: 400, body: { error: { message: `Bearer ${api.token}\u001b[2J is odd` } } });
    await expect(client().list()).rejects.toThrow('(400: Bearer *** [2J is odd)');
  });
});
