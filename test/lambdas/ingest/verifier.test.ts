/** The verifiers' handlers, in process, against real services over HTTP: above all what they do when these fail. */
import '../../support/quiet';

import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { failing, lambdaContext, proxyEvent, SECRET_NAME, startAws } from '../../support/aws-in-process';
import { newSecret, recallHeaders } from '../../support/deliveries';
import { liveBody } from '../../support/providers';
import { answerOf, newVerifier, type Verifier } from '../../support/runtimes';

const secret = newSecret();
const token = 'token-of-the-verifier-test';
let aws: Awaited<ReturnType<typeof startAws>>;
let handlers: Record<'webhooks' | 'realtime', Verifier>;

beforeAll(async () => {
  aws = await startAws();
  process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const value = JSON.stringify({ signingSecrets: [secret], realtimeTokens: [token] });
  aws.secrets.create(SECRET_NAME, { value: { SecretString: value } });
  handlers = {
    webhooks: await newVerifier('recall', 'recall/webhooks'),
    realtime: await newVerifier('recall', 'recall/realtime'),
  };
});
afterEach(() => aws.mend());
afterAll(() => aws.close());

let counter = 0;
const botBody = () => JSON.stringify({ event: 'bot.done', data: { bot: { id: `bot-${counter++}` } } });
const signed = (body = botBody(), id?: string) => proxyEvent(body, recallHeaders(secret, body, id ? { id } : {}));

/** Takes what verifiers have stored because the queue did not take it, by key. */
function storedDeliveries(): [string, { text: string; groupId: string }][] {
  const found = [...aws.bucket].filter(([key]) => key.startsWith('fallback/'));
  for (const [key] of found) aws.bucket.delete(key);
  return found.map(([key, { body }]) => [key, JSON.parse(body.read().toString())]);
}

it('sends a delivery once, with everything that a consumer needs', async () => {
  const body = botBody();
  expect(await answerOf(handlers.webhooks, signed(body, 'msg_once'))).toMatchObject({
    statusCode: 200,
    status: 'accepted',
  });
  expect(await answerOf(handlers.webhooks, signed(body, 'msg_once'))).toMatchObject({
    statusCode: 200,
    status: 'duplicate',
  });
  const [message, ...rest] = await aws.messagesOf('bot');
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
  expect(await answerOf(handlers.realtime, withToken)).toMatchObject({ statusCode: 200, status: 'accepted' });
  expect(await answerOf(handlers.realtime, withToken)).toMatchObject({ statusCode: 200, status: 'duplicate' });
  const [message] = await aws.messagesOf('participant');
  expect(message).toMatchObject({ deliveryId: message.eventId, proof: 'token' });
});

it('works without a trace, without a body, and without an extended request id', async () => {
  const trace = process.env._X_AMZN_TRACE_ID;
  delete process.env._X_AMZN_TRACE_ID;
  const event = proxyEvent('', recallHeaders(secret, ''));
  const bare = { ...event, body: null, isBase64Encoded: false, requestContext: { requestId: 'request-2' } };
  expect(await answerOf(handlers.webhooks, bare as unknown as APIGatewayProxyEvent)).toMatchObject({ statusCode: 200 });
  process.env._X_AMZN_TRACE_ID = trace;
  expect(await aws.messagesOf('unrecognized')).toMatchObject([
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
  expect(await answerOf(handlers.webhooks, doubled)).toMatchObject({ statusCode: 401 });
  expect(await answerOf(handlers.webhooks, { ...event, multiValueHeaders: null } as never)).toMatchObject({
    statusCode: 401,
  });
});

it('stores a body that is too large for a message', async () => {
  const body = JSON.stringify({ event: 'bot.done', data: { bot: { id: 'b' } }, padding: 'x'.repeat(1_000_000) });
  expect(await answerOf(handlers.webhooks, signed(body))).toMatchObject({ statusCode: 200 });
  const [message] = await aws.messagesOf('bot');
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
    await answerOf(handlers.webhooks, delivery, lambdaContext(60_000));
    aws.mend();
  }

  it('does not keep a delivery out, and a third try is a duplicate', async () => {
    const delivery = signed(botBody(), 'msg_dying');
    await leaveLock(delivery);
    expect(await answerOf(handlers.webhooks, delivery)).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await answerOf(handlers.webhooks, delivery)).toMatchObject({ statusCode: 200, status: 'duplicate' });
    expect(await aws.messagesOf('bot')).toHaveLength(1);
  });

  it('does not keep a delivery out that cannot be marked as done either', async () => {
    const delivery = signed(botBody(), 'msg_unmarked');
    await leaveLock(delivery);
    aws.break('UpdateItem', failing);
    expect(await answerOf(handlers.webhooks, delivery)).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await aws.messagesOf('bot')).toHaveLength(1);
  });
});

describe('the table is down', () => {
  it('enqueues all the same when it cannot lock', async () => {
    await aws.messagesOf('bot');
    aws.break('PutItem', failing);
    expect(await answerOf(handlers.webhooks, signed())).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await aws.messagesOf('bot')).toHaveLength(1);
  });

  it('does not enqueue twice when it cannot mark a delivery as done', async () => {
    aws.break('UpdateItem', failing);
    expect(await answerOf(handlers.webhooks, signed())).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await aws.messagesOf('bot')).toHaveLength(1);
  });

  it('stores the delivery when the queue is down too', async () => {
    aws.break('PutItem', failing);
    aws.break('SendMessage', failing);
    expect(await answerOf(handlers.webhooks, signed())).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(storedDeliveries()).toHaveLength(1);
  });
});

describe('the queue is down', () => {
  it('the delivery is stored, with all that the queue would have got, and a retry is a duplicate', async () => {
    const body = botBody();
    aws.break('SendMessage', failing);
    expect(await answerOf(handlers.webhooks, signed(body, 'msg_stored'))).toMatchObject({
      statusCode: 200,
      status: 'accepted',
    });
    aws.mend();
    expect(await answerOf(handlers.webhooks, signed(body, 'msg_stored'))).toMatchObject({ status: 'duplicate' });
    expect(await aws.messagesOf('bot')).toEqual([]);

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
    expect(await answerOf(handlers.webhooks, forged)).toMatchObject({ statusCode: 401 });
    expect(storedDeliveries()).toEqual([]);
  });

  it('and the bucket too: 503, and the retry is accepted', async () => {
    const delivery = signed(botBody(), 'msg_retry');
    aws.break('SendMessage', failing);
    aws.break('PutObject', failing);
    expect(await answerOf(handlers.webhooks, delivery)).toMatchObject({ statusCode: 503, status: 'unavailable' });
    aws.mend();
    expect(await answerOf(handlers.webhooks, delivery)).toMatchObject({ statusCode: 200, status: 'accepted' });
    expect(await aws.messagesOf('bot')).toHaveLength(1);
  });
});

describe('the bucket is down', () => {
  const large = (padding: string) => JSON.stringify({ event: 'bot.done', data: { bot: { id: 'b' } }, padding });

  it('a large body goes into its message, compressed', async () => {
    const body = large('x'.repeat(2_000_000));
    aws.break('PutObject', failing);
    expect(await answerOf(handlers.webhooks, signed(body))).toMatchObject({ statusCode: 200, status: 'accepted' });
    const [message] = await aws.messagesOf('bot');
    expect(gunzipSync(Buffer.from(message.body.gzip, 'base64')).toString()).toBe(body);
  });

  it('a large body that does not become small enough is answered 503: no store is left that could take it', async () => {
    aws.break('PutObject', failing);
    const body = large(randomBytes(1_500_000).toString('base64'));
    expect(await answerOf(handlers.webhooks, signed(body))).toMatchObject({ statusCode: 503, status: 'unavailable' });
  });
});

it.each(['recording.done', 'calendar.update', 'bot.done', 'bot.joining_call'])(
  'keeps %s that a token alone proves, where nobody takes it for an event',
  async (event) => {
    const body = JSON.stringify({ event, data: { data: { code: 'done' }, bot: { id: `bot-${counter++}` } } });
    expect(await answerOf(handlers.realtime, proxyEvent(body, {}, { token }))).toMatchObject({ statusCode: 200 });
    expect(await aws.messagesOf('unrecognized')).toMatchObject([
      { unrecognized: 'signature_required', providerEvent: event, proof: 'token' },
    ]);
    const signed = proxyEvent(body, recallHeaders(secret, body), { token });
    expect(await answerOf(handlers.realtime, signed)).toMatchObject({ status: 'accepted' });
    expect(await aws.messagesOf('unrecognized')).toEqual([]);
  },
);

describe('a secret that', () => {
  const put = (value: object) =>
    aws.secrets.put(aws.secrets.find(SECRET_NAME), { SecretString: JSON.stringify(value) });
  const withToken = (value: string) => answerOf(handlers.realtime, proxyEvent(botBody(), {}, { token: value }));

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
