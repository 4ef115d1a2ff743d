/** What a verifier does with the result of a provider's runtime, above all with one that the interface does not know. */
import '../../support/quiet';

import { FAMILIES } from '@meetbus/events';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ProviderRuntime } from '../../../providers/runtime';
import { runtime as refusing } from '../../support/acme-runtime';
import { lambdaContext, proxyEvent, startAws } from '../../support/aws-in-process';

const ROUTE = 'acme-rooms/hooks/v2';
const HANDSHAKE = { outcome: 'answered', statusCode: 200, body: '<challenge>', contentType: 'text/plain' };
const VERIFIED = { outcome: 'verified', proof: 'signature' };

let aws: Awaited<ReturnType<typeof startAws>>;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

/** The response to a delivery, where the runtime returns these values, which the compiler has not seen. */
async function responseTo(
  verification: unknown,
  key: unknown = 'id:1',
  more: Partial<ProviderRuntime> = {},
): Promise<APIGatewayProxyResult> {
  const { createVerifier } = await import('../../../lambdas/ingest/verifier');
  const runtime = {
    ...refusing,
    ...more,
    routes: { [ROUTE]: () => async () => verification },
    identify: () => ({ deliveryId: undefined, key }),
  } as unknown as ProviderRuntime;
  const handler = createVerifier({ name: 'acme-rooms', runtime, options: {} });
  return handler({ ...proxyEvent('{}', {}), resource: `/${ROUTE}` }, lambdaContext());
}

/** Takes everything that was enqueued. */
async function enqueued(): Promise<number> {
  const all = FAMILIES.map((family) => aws.queues.byName(family)!.receive({ maxMessages: 10, waitSeconds: 0 }));
  return (await Promise.all(all)).flat().length;
}

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['an outcome that is none', { outcome: 'rejected' }],
  ['the proof of a backfill', { ...VERIFIED, proof: 'reconciled' }],
  ['a delivery that nothing proves', { outcome: 'verified' }],
  ['a reason that is none', { outcome: 'refused', reason: 'wrong_signature' }],
  ['a reason that every object has', { outcome: 'refused', reason: 'constructor' }],
  ['a refusal that would be answered 200', { outcome: 'refused', reason: 'accepted' }],
  ['a handshake that refuses', { ...HANDSHAKE, statusCode: 401 }],
  ['a handshake without a body', { ...HANDSHAKE, body: undefined }],
  ['a handshake without a content type', { ...HANDSHAKE, contentType: undefined }],
  ['a handshake with two headers', { ...HANDSHAKE, contentType: 'text/plain\r\nset-cookie: a=b' }],
])('answers 503 and enqueues nothing where a runtime returns %s', async (_, verification) => {
  expect(await responseTo(verification)).toMatchObject({ statusCode: 503, body: '{"status":"unavailable"}' });
  expect(await enqueued()).toBe(0);
});

it.each([null, ''])('answers 503 where a runtime identifies a delivery by %j', async (key) => {
  expect(await responseTo(VERIFIED, key)).toMatchObject({ statusCode: 503 });
  expect(await enqueued()).toBe(0);
});

it.each([
  [undefined, '2'],
  [7, '7'],
])('asks a provider whose runtime says %p to wait for %s seconds after a 503', async (retryAfterSeconds, header) => {
  const more = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const unavailable = await responseTo({ outcome: 'refused', reason: 'key_unavailable' }, 'id:1', more);
  expect([unavailable.statusCode, unavailable.headers?.['retry-after']]).toEqual([503, header]);
  const refused = await responseTo({ outcome: 'refused', reason: 'no_matching_key' }, 'id:1', more);
  expect([refused.statusCode, refused.headers?.['retry-after']]).toEqual([401, undefined]);
});

it('enqueues what is verified', async () => {
  expect(await responseTo(VERIFIED)).toMatchObject({ statusCode: 200, body: '{"status":"accepted"}' });
  expect(await enqueued()).toBe(1);
});

it('answers a handshake as the runtime says, and enqueues nothing', async () => {
  expect(await responseTo(HANDSHAKE)).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'text/plain' },
    body: '<challenge>',
  });
  expect(await enqueued()).toBe(0);
});
