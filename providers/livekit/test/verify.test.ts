/** LiveKit's own SDK as the oracle, both ways. */
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { WebhookReceiver } from 'livekit-server-sdk';
import { delivery } from '../../../test/support/deliveries';
import { sandbox } from '../sandbox';
import { API_KEY } from '../secret';
import { LEEWAY_SECONDS, verifyDelivery } from '../verify';
import { type ApiKey, newKey, type TokenOptions, tokenFor } from './signed';

const KEY = newKey();
const OTHER = newKey();
const BODY = JSON.stringify({ event: 'room_started', room: { name: 'planning' }, id: 'EV_1' });

const readKeys = (...keys: readonly ApiKey[]) => keys.map(({ name, secret }) => API_KEY.read(`${name}:${secret}`)!);

const verify = (
  authorization: string | string[] | undefined,
  { body = BODY as string | Buffer, keys = [KEY], receivedAt = Date.now() } = {},
) => {
  const headers: Record<string, string | string[]> = authorization === undefined ? {} : { authorization };
  return verifyDelivery(delivery({ body, headers, receivedAt }), readKeys(...keys));
};
const reasonOf = (...parts: Parameters<typeof verify>) => {
  const verified = verify(...parts);
  return verified.outcome === 'refused' ? verified.reason : 'verified';
};

/** What LiveKit's receiver says. */
const isAcceptedByLiveKit = ({ name, secret }: ApiKey, body: string, authorization: string): Promise<boolean> =>
  new WebhookReceiver(name, secret).receive(body, authorization).then(
    () => true,
    () => false,
  );

/** A body that LiveKit's receiver can read. */
const body = fc
  .record({ event: fc.string(), id: fc.string(), room: fc.record({ name: fc.string({ unit: 'binary' }) }) })
  .map((event) => JSON.stringify(event));

// Between LiveKit's ten seconds of leeway and our hour the two differ, see LEEWAY_SECONDS.
it('accepts what the SDK signs, and refuses what it refuses', () =>
  fc.assert(
    fc.asyncProperty(
      body,
      fc.constantFrom<TokenOptions & { readonly by?: ApiKey; readonly changed?: true }>(
        ...[{}, { ttl: 20_000 }, { by: OTHER }, { by: { ...KEY, secret: OTHER.secret } }],
        ...[{ by: { ...OTHER, secret: KEY.secret } }, { changed: true as const }, { sha256: null }, { sha256: 'AAAA' }],
        { ttl: -LEEWAY_SECONDS - 60 },
      ),
      async (sent, { by = KEY, changed, ...options }) => {
        const token = await tokenFor(sent, by, options);
        const received = changed ? `${sent} ` : sent;
        const ours = verify(token, { body: received }).outcome === 'verified';
        expect(ours).toBe(await isAcceptedByLiveKit(KEY, received, token));
        expect(ours).toBe(by === KEY && !changed && options.sha256 === undefined && (options.ttl ?? 1) > 0);
      },
    ),
    { numRuns: 200 },
  ));

it('signs in the sandbox as the SDK does', () =>
  fc.assert(
    fc.asyncProperty(body, fc.boolean(), fc.constantFrom(0, -200, -400, 200), async (sent, changed, seconds) => {
      const at = new Date(Date.now() + seconds * 1000);
      const keys = { entry: () => `${KEY.name}:${KEY.secret}`, privateKey: () => '' };
      const { headers } = sandbox.sign({ route: '/livekit/webhooks', body: sent, at }, keys);
      const received = changed ? `${sent} ` : sent;
      const token = String(headers?.authorization);
      expect(await isAcceptedByLiveKit(KEY, received, token)).toBe(!changed && (seconds === 0 || seconds === -200));
    }),
    { numRuns: 60 },
  ));

describe('a token', () => {
  it('proves a delivery, and names the API key', async () => {
    expect(verify(await tokenFor(BODY, KEY))).toEqual({
      outcome: 'verified',
      proof: 'jwt',
      sender: { apiKey: KEY.name },
    });
  });

  it('chooses one of several secrets by its issuer', async () => {
    const keys = [OTHER, KEY];
    expect([reasonOf(await tokenFor(BODY, KEY), { keys }), reasonOf(await tokenFor(BODY, OTHER), { keys })]).toEqual([
      'verified',
      'verified',
    ]);
    // The name of one with the secret of the other.
    expect(reasonOf(await tokenFor(BODY, { ...KEY, secret: OTHER.secret }), { keys })).toBe('no_matching_key');
  });

  it('is found where a proxy has changed its header', async () => {
    const token = await tokenFor(BODY, KEY);
    for (const header of [
      ...[`Bearer ${token}`, `bearer  ${token}`, [token, token], `${token}, ${token}`, [token, `Bearer ${token}`]],
    ])
      expect(reasonOf(header)).toBe('verified');
    expect(reasonOf([token, await tokenFor(BODY, OTHER)])).toBe('repeated_header');
    for (const none of [undefined, '', [], 'Bearer ']) expect(reasonOf(none)).not.toBe('verified');
    expect(reasonOf(undefined)).toBe('missing_header');
  });

  it('is accepted for an hour after it has expired, and before it is valid', async () => {
    const token = await tokenFor(BODY, KEY);
    const at = (seconds: number) => reasonOf(token, { receivedAt: Date.now() + seconds * 1000 });
    expect([at(0), at(290), at(3_890), at(3_910)]).toEqual(['verified', 'verified', 'verified', 'timestamp_too_old']);
    expect([at(-3_590), at(-3_610)]).toEqual(['verified', 'timestamp_in_future']);
  });

  it('without a digest, or with another one, proves no body', async () => {
    const digest = createHash('sha256').update(BODY).digest();
    for (const sha256 of [null, '', 'AAAA', digest.toString('hex'), digest.toString('base64url')])
      expect(reasonOf(await tokenFor(BODY, KEY, { sha256 }))).toBe('digest_mismatch');
    expect(reasonOf(await tokenFor(BODY, KEY), { body: `${BODY} ` })).toBe('digest_mismatch');
    expect(reasonOf(await tokenFor(BODY, KEY), { body: '' })).toBe('digest_mismatch');
  });

  it('covers bytes that are no text', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]);
    expect(reasonOf(await tokenFor(bytes, KEY), { body: bytes })).toBe('verified');
  });
});

describe('a forged token', () => {
  const digest = createHash('sha256').update(BODY).digest('base64');
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: KEY.name, nbf: now, exp: now + 300, sha256: digest };
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = (header: object, more: object = {}) => `${segment(header)}.${segment({ ...claims, ...more })}`;
  const signed = (text: string, secret: string) =>
    `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rs256 = unsigned({ alg: 'RS256' });

  it.each([
    ['with the algorithm none', `${unsigned({ alg: 'none' })}.`, 'malformed_signature'],
    ['with the algorithm none, but signed', signed(unsigned({ alg: 'none' }), KEY.secret), 'malformed_signature'],
    [
      'with RS256',
      `${rs256}.${sign('sha256', Buffer.from(rs256), privateKey).toString('base64url')}`,
      'malformed_signature',
    ],
    ['with an empty secret', signed(unsigned({ alg: 'HS256' }), ''), 'no_matching_key'],
    ['with another secret', signed(unsigned({ alg: 'HS256' }), OTHER.secret), 'no_matching_key'],
    ['with the name for a secret', signed(unsigned({ alg: 'HS256' }), KEY.name), 'no_matching_key'],
    ['without an issuer', signed(unsigned({ alg: 'HS256' }, { iss: undefined }), KEY.secret), 'no_matching_key'],
    ['that never expires', signed(unsigned({ alg: 'HS256' }, { exp: undefined }), KEY.secret), 'malformed_timestamp'],
    [
      'of a participant',
      signed(unsigned({ alg: 'HS256' }, { sha256: undefined, video: { roomJoin: true } }), KEY.secret),
      'digest_mismatch',
    ],
  ])('%s is refused', (_what, token, reason) => {
    expect(reasonOf(token)).toBe(reason);
  });

  it('is answered 503 where there is no API key yet', () => {
    expect(reasonOf(signed(unsigned({ alg: 'HS256' }), KEY.secret), { keys: [] })).toBe('not_configured');
  });

  it.each(['', 'secret', 'fifteen bytes !'])('needs a secret that is no %j', (secret) => {
    expect(API_KEY.read(`devkey:${secret}`)).toBeUndefined();
  });
});
