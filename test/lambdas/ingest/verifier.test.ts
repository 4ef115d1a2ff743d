/** The verifiers' handlers, in process, against real services over HTTP: above all what they do when these fail. */
import '../../support/quiet';

import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import {
  failing,
  lambdaContext,
  proxyEvent,
  REALTIMEKIT_SECRET_NAME,
  SECRET_NAME,
  startAws,
} from '../../support/aws-in-process';
import { newKeyPair, newSecret, realtimekitHeaders, recallHeaders } from '../../support/deliveries';
import { KeyServer, serves } from '../../support/key-server';
import { liveBody } from '../../support/providers';
import { newVerifier, type Verifier } from '../../support/runtimes';

type Handler = Verifier;

const secret = newSecret();
const token = 'token-of-the-verifier-test';
const keys = newKeyPair();
let aws: Awaited<ReturnType<typeof startAws>>;
let keyServer: KeyServer;
let handlers: Record<'webhooks' | 'realtime' | 'realtimekit', Handler>;

beforeAll(async () => {
  aws = await startAws();
  keyServer = await KeyServer.start(serves(keys.publicPem));
  process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const value = JSON.stringify({ signingSecrets: [secret], realtimeTokens: [token] });
  aws.secrets.create(SECRET_NAME, { value: { SecretString: value } });
  handlers = {
    webhooks: await newVerifier('recall', 'recall/webhooks'),
    realtime: await newVerifier('recall', 'recall/realtime'),
    realtimekit: await newVerifier('realtimekit', 'realtimekit/webhooks', { options: { keyUrl: keyServer.url } }),
  };
});
afterEach(() => aws.mend());
afterAll(async () => {
  await aws.close();
  await keyServer.close();
});

let counter = 0;
const botBody = () => JSON.stringify({ event: 'bot.done', data: { bot: { id: `bot-${counter++}` } } });
const signed = (body = botBody(), id?: string) => proxyEvent(body, recallHeaders(secret, body, id ? { id } : {}));

async function post(handler: Handler, event: APIGatewayProxyEvent, context = lambdaContext()) {
  const { statusCode, body, headers } = await handler(event, context);
  return { statusCode, status: JSON.parse(body).status as string, headers };
}

/** Takes all messages of a family's queue. */
async function messagesOf(family: string) {
  const queue = aws.queues.byName(family)!;
  const received = await queue.receive({ maxMessages: 1_000, waitSeconds: 0 });
  for (const { receiptHandle } of received) queue.delete(receiptHandle);
  return received.map(({ body, attributes }) => ({ ...JSON.parse(body), attributes }));
}

/** Takes what verifiers have stored because the queue did not take it, by key. */
function storedDeliveries(): [string, { text: string; groupId: string }][] {
  const found = [...aws.bucket].filter(([key]) => key.startsWith('fallback/'));
  for (const [key] of found) aws.bucket.delete(key);
  return found.map(([key, { body }]) => [key, JSON.parse(body.read().toString())]);
}

it('sends a delivery once, with everything that a consumer needs', async () => {
  const body = botBody();
  expect(await post(handlers.webhooks, signed(body, 'msg_once'))).toMatchObject({
    statusCode: 200,
    status: 'accepted',
  });
  expect(await post(handlers.webhooks, signed(body, 'msg_once'))).toMatchObject({
    statusCode: 200,
    status: 'duplicate',
  });
  const [message, ...rest] = await messagesOf('bot');
  expect(rest).toEqual([]);
  expect(message).toMatchObject({
    provider: 'recall',
    providerEvent: 'bot.done',
    family: 'bot',
    proof: 'signature',
    deliveryId: 'msg_once',
    eventId: createHash('sha256').update('recall:id:msg_once').digest('hex').slice(0, 32),
    correlationId: 'extended-1',
    receivedTime: expect.stringMatching(/^\d{4}-.*Z$/),
    traceHeader: process.env._X_AMZN_TRACE_ID,
    body: { base64: Buffer.from(body).toString('base64') },
    attributes: {
      MessageGroupId: JSON.parse(body).data.bot.id,
      AWSTraceHeader: process.env._X_AMZN_TRACE_ID,
    },
  });
});

it('takes a token, and tells deliveries apart by their body then', async () => {
  const body = JSON.stringify(liveBody(`bot-${counter++}`));
  const withToken = proxyEvent(body, {}, { token });
  expect(await post(handlers.realtime, withToken)).toMatchObject({ statusCode: 200, status: 'accepted' });
  expect(await post(handlers.realtime, withToken)).toMatchObject({ statusCode: 200, status: 'duplicate' });
  const [message] = await messagesOf('participant');
  expect(message).toMatchObject({ deliveryId: message.eventId, proof: 'token' });
});

it('works without a trace, without a body, and without an extended request id', async () => {
  const trace = process.env._X_AMZN_TRACE_ID;
  delete process.env._X_AMZN_TRACE_ID;
  const event = proxyEvent('', recallHeaders(secret, ''));
  const bare = { ...event, body: null, isBase64Encoded: false, requestContext: { requestId: 'request-2' } };
  expect(await post(handlers.webhooks, bare as unknown as APIGatewayProxyEvent)).toMatchObject({ statusCode: 200 });
  process.env._X_AMZN_TRACE_ID = trace;
  expect(await messagesOf('unrecognized')).toMatchObject([
    { unrecognized: 'not_json', correlationId: 'request-2', providerEvent: '' },
  ]);
});

it('joins header names that differ in case alone, and reads absent headers as none', async () => {
  const body = botBody();
  const event = signed(body);
  const doubled = {
    ...event,
    multiValueHeaders: { ...event.multiValueHeaders, 'Webhook-Id': ['another'], 'x-empty': undefined },
  };
  expect(await post(handlers.webhooks, doubled)).toMatchObject({ statusCode: 401 });
  expect(await post(handlers.webhooks, { ...event, multiValueHeaders: null } as never)).toMatchObject({
    statusCode: 401,
  });
});

it('stores a body that is too large for a message', async () => {
  const body = JSON.stringify({ event: 'bot.done', data: { bot: { id: 'b' } }, padding: 'x'.repeat(1_000_000) });
  expect(await post(handlers.webhooks, signed(body))).toMatchObject({ statusCode: 200 });
  const [message] = await messagesOf('bot');
  expect(message.body).toEqual({
    bucket: 'bucket',
    key: `deliveries/recall/${message.eventId}`,
    sha256: createHash('sha256').update(body).digest('hex'),
  });
});

describe('a lock that another verifier holds', () => {
  /** The other has its lock, and neither sends nor lets go of the lock: so it is left by one that dies. */
  async function leaveLock(delivery: APIGatewayProxyEvent) {
    aws.break('SendMessage', failing);
    aws.break('PutObject', failing);
    aws.break('DeleteItem', failing);
    await post(handlers.webhooks, delivery, lambdaContext(60_000));
    aws.mend();
  }

  it('does not keep a delivery out, and a third try is a duplicate', async () => {
    const delivery = signed(botBody(), 'msg_dying');
    await leaveLock(delivery);
    expect(await post(handlers.webhooks, delivery)).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await post(handlers.webhooks, delivery)).toMatchObject({ statusCode: 200, status: 'duplicate' });
    expect(await messagesOf('bot')).toHaveLength(1);
  });

  it('does not keep a delivery out that cannot be marked as done either', async () => {
    const delivery = signed(botBody(), 'msg_unmarked');
    await leaveLock(delivery);
    aws.break('UpdateItem', failing);
    expect(await post(handlers.webhooks, delivery)).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await messagesOf('bot')).toHaveLength(1);
  });
});

describe('the table is down', () => {
  it('enqueues all the same when it cannot lock', async () => {
    await messagesOf('bot');
    aws.break('PutItem', failing);
    expect(await post(handlers.webhooks, signed())).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await messagesOf('bot')).toHaveLength(1);
  });

  it('does not enqueue twice when it cannot mark a delivery as done', async () => {
    aws.break('UpdateItem', failing);
    expect(await post(handlers.webhooks, signed())).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await messagesOf('bot')).toHaveLength(1);
  });

  it('stores the delivery when the queue is down too', async () => {
    aws.break('PutItem', failing);
    aws.break('SendMessage', failing);
    expect(await post(handlers.webhooks, signed())).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(storedDeliveries()).toHaveLength(1);
  });
});

describe('the queue is down', () => {
  it('the delivery is stored, with all that the queue would have got, and a retry is a duplicate', async () => {
    const body = botBody();
    aws.break('SendMessage', failing);
    expect(await post(handlers.webhooks, signed(body, 'msg_stored'))).toMatchObject({
      statusCode: 200,
      status: 'accepted',
    });
    aws.mend();
    expect(await post(handlers.webhooks, signed(body, 'msg_stored'))).toMatchObject({ status: 'duplicate' });
    expect(await messagesOf('bot')).toEqual([]);

    const [[key, { text, groupId }] = ['', { text: '', groupId: '' }], ...rest] = storedDeliveries();
    expect(rest).toEqual([]);
    const message = JSON.parse(text);
    expect(message).toMatchObject({ provider: 'recall', family: 'bot', deliveryId: 'msg_stored' });
    expect(Buffer.from(message.body.base64, 'base64').toString()).toBe(body);
    expect(groupId).toBe(JSON.parse(body).data.bot.id);
    expect(key).toBe(`fallback/recall/${message.receivedTime}/bot/${message.eventId}`);
  });

  it('nothing that is not verified is stored', async () => {
    aws.break('SendMessage', failing);
    const forged = proxyEvent(botBody(), recallHeaders(newSecret(), botBody()));
    expect(await post(handlers.webhooks, forged)).toMatchObject({ statusCode: 401 });
    expect(storedDeliveries()).toEqual([]);
  });

  it('and the bucket too: 503, and the retry is accepted', async () => {
    const delivery = signed(botBody(), 'msg_retry');
    aws.break('SendMessage', failing);
    aws.break('PutObject', failing);
    expect(await post(handlers.webhooks, delivery)).toMatchObject({ statusCode: 503, status: 'unavailable' });
    aws.mend();
    expect(await post(handlers.webhooks, delivery)).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await messagesOf('bot')).toHaveLength(1);
  });
});

describe('the bucket is down', () => {
  const large = (padding: string) => JSON.stringify({ event: 'bot.done', data: { bot: { id: 'b' } }, padding });

  it('a large body goes into its message, compressed', async () => {
    const body = large('x'.repeat(2_000_000));
    aws.break('PutObject', failing);
    expect(await post(handlers.webhooks, signed(body))).toMatchObject({ statusCode: 200, status: 'accepted' });
    const [message] = await messagesOf('bot');
    expect(gunzipSync(Buffer.from(message.body.gzip, 'base64')).toString()).toBe(body);
  });

  it('a large body that does not become small enough is answered 503: no store is left that could take it', async () => {
    aws.break('PutObject', failing);
    const body = large(randomBytes(1_500_000).toString('base64'));
    expect(await post(handlers.webhooks, signed(body))).toMatchObject({ statusCode: 503, status: 'unavailable' });
  });
});

it.each(['recording.done', 'calendar.update', 'bot.done', 'bot.joining_call'])(
  'keeps %s that a token alone proves, where nobody takes it for an event',
  async (event) => {
    const body = JSON.stringify({ event, data: { data: { code: 'done' }, bot: { id: `bot-${counter++}` } } });
    expect(await post(handlers.realtime, proxyEvent(body, {}, { token }))).toMatchObject({ statusCode: 200 });
    expect(await messagesOf('unrecognized')).toMatchObject([
      { unrecognized: 'signature_required', providerEvent: event, proof: 'token' },
    ]);
    const signed = proxyEvent(body, recallHeaders(secret, body), { token });
    expect(await post(handlers.realtime, signed)).toMatchObject({ status: 'accepted' });
    expect(await messagesOf('unrecognized')).toEqual([]);
  },
);

describe('RealtimeKit senders', () => {
  const URL_TOKEN = 'url-token-of-the-verifier-test';
  const body = (organizationId?: string) =>
    JSON.stringify({
      event: 'meeting.started',
      meeting: { id: `m-${counter++}`, organizedBy: { id: organizationId } },
    });
  const putTokens = (value: object) => {
    const SecretString = JSON.stringify(value);
    if (aws.secrets.has(REALTIMEKIT_SECRET_NAME)) {
      aws.secrets.put(aws.secrets.find(REALTIMEKIT_SECRET_NAME), { SecretString });
    } else aws.secrets.create(REALTIMEKIT_SECRET_NAME, { value: { SecretString } });
  };

  let loads = 0;
  /** A copy of the verifier that has just started, with these lists. */
  const newCopy = ({ organizations = [], webhooks = [] }: { organizations?: string[]; webhooks?: string[] } = {}) =>
    newVerifier('realtimekit', 'realtimekit/webhooks', {
      options: { keyUrl: keyServer.url, organizationIds: organizations, webhookIds: webhooks },
    });
  beforeEach(() => {
    loads = 0;
    aws.break('GetSecretValue', (original) => (input, call) => {
      loads++;
      return original(input, call);
    });
  });

  const from = (
    handler: Handler,
    text: string,
    {
      webhookId = 'webhook-1',
      urlToken,
      headers = {},
    }: Partial<Record<'webhookId' | 'urlToken', string>> & { headers?: object } = {},
  ) =>
    post(
      handler,
      proxyEvent(
        text,
        { ...realtimekitHeaders(keys.privateKey, text, { webhookId }), ...headers },
        {},
        urlToken === undefined ? null : { token: urlToken },
      ),
    );
  const accepted = { statusCode: 200, status: 'accepted' };
  /** What the queue has got, as one word each. */
  async function verdicts(): Promise<string[]> {
    const believed = (await messagesOf('meeting')).map(({ proof }) => `believed by ${proof}`);
    return [...believed, ...(await messagesOf('unrecognized')).map(({ unrecognized }) => unrecognized)];
  }

  it.each([
    ['no list', {}, body('org-1'), 'webhook-1', 'sender_not_proved'],
    [
      'its organization on the list',
      { organizations: ['org-1', 'org-2'] },
      body('org-2'),
      'webhook-1',
      'believed by signature',
    ],
    ['its organization not on it', { organizations: ['org-1'] }, body('org-3'), 'webhook-1', 'sender_not_proved'],
    ['no organization', { organizations: ['org-1'] }, body(), 'webhook-1', 'sender_not_proved'],
    ['its webhook on the list', { webhooks: ['webhook-1'] }, body('org-3'), 'webhook-1', 'believed by signature'],
    ['its webhook not on it', { webhooks: ['webhook-1'] }, body('org-1'), 'webhook-2', 'sender_not_proved'],
    ['no webhook', { webhooks: ['webhook-1'] }, body('org-1'), '', 'sender_not_proved'],
    [
      'one of two lists',
      { organizations: ['org-1'], webhooks: ['webhook-1'] },
      body('org-1'),
      'w',
      'sender_not_proved',
    ],
    ['both lists', { organizations: ['org-1'], webhooks: ['w'] }, body('org-1'), 'w', 'believed by signature'],
    ['everyone listed', { organizations: ['*'] }, body('org-4'), 'w', 'believed by signature'],
    ['everyone listed and no organization', { organizations: ['*'] }, body(), 'w', 'believed by signature'],
    ['everyone listed and no webhook', { webhooks: ['*'] }, body(), '', 'believed by signature'],
    ['a body that is no JSON', { organizations: ['org-1'] }, 'x', 'w', 'sender_not_proved'],
    [
      'another organization beside one on the list',
      { organizations: ['org-1'] },
      '{"event":"meeting.started","meeting":{"id":"m-two","organizedBy":{"id":"org-1"}},"organizationId":"org-3"}',
      'w',
      'sender_not_proved',
    ],
    [
      'a number that a double takes for the one on the list',
      { organizations: ['9007199254740992'] },
      '{"event":"meeting.started","meeting":{"id":"m-many","organizedBy":{"id":9007199254740993}}}',
      'w',
      'sender_not_proved',
    ],
  ])('without a token: %s', async (_name, lists, text, webhookId, verdict) => {
    expect(await from(await newCopy(lists), text, { webhookId })).toMatchObject(accepted);
    expect(await verdicts()).toEqual([verdict]);
    expect(loads).toBe(0);
  });

  it('are believed with a live token, and what they are is not looked at', async () => {
    putTokens({ urlTokens: ['another-token-for-rotation', URL_TOKEN] });
    const copy = await newCopy({ organizations: ['org-1'] });
    for (const organization of ['org-1', 'org-3', undefined]) {
      expect(await from(copy, body(organization), { urlToken: URL_TOKEN })).toMatchObject(accepted);
    }
    expect(await verdicts()).toEqual(Array(3).fill('believed by signature'));
    expect(loads).toBe(1);
  });

  it.each(['', 'x', URL_TOKEN.slice(0, -1), `${URL_TOKEN}x`, URL_TOKEN.toUpperCase(), '__proto__'])(
    'are not believed with the token %j',
    async (urlToken) => {
      putTokens({ urlTokens: [URL_TOKEN] });
      expect(await from(await newCopy(), body(), { urlToken })).toMatchObject(accepted);
      expect(await verdicts()).toEqual(['sender_not_proved']);
    },
  );

  it('whose signature is wrong have the secret left alone', async () => {
    putTokens({ urlTokens: [URL_TOKEN] });
    const headers = { 'rtk-signature': 'AAAA' };
    const copy = await newCopy();
    expect(await from(copy, body(), { urlToken: URL_TOKEN, headers })).toMatchObject({ statusCode: 401 });
    expect(await from(copy, body(), { urlToken: 'wrong', headers })).toMatchObject({ statusCode: 401 });
    expect(loads).toBe(0);
  });

  it.each([
    ['cannot be loaded', () => aws.break('GetSecretValue', failing)],
    ['is no JSON', () => putTokens('x' as never)],
    ['holds nothing usable', () => putTokens({ urlTokens: ['short'] })],
    ['has been emptied', () => putTokens({ urlTokens: [] })],
  ])('whose secret %s are kept, not refused', async (_name, spoil) => {
    // One that no copy of the verifier has ever read.
    const urlToken = `never-read-${counter++}-${URL_TOKEN}`;
    putTokens({ urlTokens: [urlToken] });
    spoil();
    expect(await from(await newCopy(), body(), { urlToken })).toMatchObject(accepted);
    expect(await verdicts()).toEqual(['sender_not_proved']);
  });

  it('are judged by the last good tokens while the secret cannot be loaded', async () => {
    putTokens({ urlTokens: [URL_TOKEN] });
    const copy = await newCopy();
    await from(copy, body(), { urlToken: URL_TOKEN });
    aws.break('GetSecretValue', failing);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);
    expect(await from(copy, body(), { urlToken: URL_TOKEN })).toMatchObject(accepted);
    expect(await from(copy, body(), { urlToken: 'another-token' })).toMatchObject(accepted);
    clock.mockRestore();
    expect(await verdicts()).toEqual(['believed by signature', 'believed by signature', 'sender_not_proved']);
  });

  it('that were set aside are no duplicates once they are proved', async () => {
    putTokens({ urlTokens: [URL_TOKEN] });
    const copy = await newCopy();
    const text = body();
    // Two webhooks of one app, the old one without a token, send the same event.
    for (const status of ['accepted', 'duplicate']) expect(await from(copy, text)).toMatchObject({ status });
    for (const status of ['accepted', 'duplicate']) {
      expect(await from(copy, text, { urlToken: URL_TOKEN })).toMatchObject({ status });
    }
    const [[believed], [setAside]] = [await messagesOf('meeting'), await messagesOf('unrecognized')];
    expect(believed.eventId).toBe(setAside.eventId);
  });

  it('tell repeats of a recording apart by the delivery id, with a token alone', async () => {
    putTokens({ urlTokens: [URL_TOKEN] });
    const copy = await newCopy({ organizations: ['*'] });
    await messagesOf('recording');
    const recording = { id: `r-${counter++}` };
    const bodyOf = (status: string) =>
      JSON.stringify({ event: 'recording.statusUpdate', recording: { ...recording, status } });
    const ids = async (urlToken?: string) => {
      for (const [index, status] of ['RECORDING', 'PAUSED', 'RECORDING', 'PAUSED'].entries()) {
        // Each is tried twice, under its id.
        for (let tried = 0; tried < 2; tried++) {
          await from(copy, bodyOf(status), { headers: { 'rtk-uuid': `uuid-${index}` }, ...(urlToken && { urlToken }) });
        }
      }
      return (await messagesOf('recording')).map(({ eventId }) => eventId);
    };
    expect(new Set(await ids(URL_TOKEN)).size).toBe(4);
    expect(await ids()).toHaveLength(2);
  });
});

describe('a secret that', () => {
  const put = (value: object) =>
    aws.secrets.put(aws.secrets.find(SECRET_NAME), { SecretString: JSON.stringify(value) });
  const withToken = (value: string) => post(handlers.realtime, proxyEvent(botBody(), {}, { token: value }));

  it('has been emptied shuts out what it held, but not for good', async () => {
    put({ signingSecrets: [], realtimeTokens: [] });
    expect(await withToken('a wrong one')).toMatchObject({ statusCode: 503 });
    expect(await withToken(token)).toMatchObject({ statusCode: 503, status: 'unavailable' });
    put({ realtimeTokens: [token] });
    expect(await withToken(token)).toMatchObject({ statusCode: 200, status: 'accepted' });
  });

  it('is broken does not shut out what was good before', async () => {
    put({ realtimeTokens: ['', 7] });
    expect(await withToken('a wrong one')).toMatchObject({ statusCode: 503 });
    expect(await withToken(token)).toMatchObject({ statusCode: 200, status: 'accepted' });
  });
});
