import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { type JwtKey, type JwtTimes, verifyJwt } from '../jwt';

const KEY = 'a key of twenty-seven bytes';
const OTHER_KEY = 'another key, which is longer';
const NOW = Date.parse('2026-03-02T09:30:00.500Z');
const SECONDS = Math.floor(NOW / 1000);
const KEYS: readonly JwtKey[] = [{ key: Buffer.from(KEY), issuer: 'acme' }];
const CLAIMS = { iss: 'acme', nbf: SECONDS, exp: SECONDS + 300, room: 'planning' };

const segment = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token written out with node:crypto. A text stands for itself: it may be no JSON. */
function token(
  claims: unknown = CLAIMS,
  { key = KEY as string | Buffer, header = { alg: 'HS256', typ: 'JWT' } as unknown, hash = 'sha256' } = {},
): string {
  const signed = `${segment(header)}.${segment(claims)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

const check = (text: string, keys = KEYS, times: Partial<JwtTimes> = {}) =>
  verifyJwt(text, keys, { now: NOW, ...times });
const refusedFor = (reason: string) => ({ outcome: 'refused', reason });

it('verifies the example of RFC 7515, appendix A.1', () => {
  const example =
    'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const key = Buffer.from(
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    'base64url',
  );
  expect(check(example, [{ key, issuer: 'joe' }], { now: 1_300_819_379_000 })).toEqual({
    outcome: 'verified',
    claims: { iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true },
  });
});

it('gives the claims of any token that was signed, and of none that was changed', () => {
  const claims = fc.dictionary(fc.string(), fc.jsonValue()).map((more) => ({ ...more, ...CLAIMS }));
  fc.assert(
    fc.property(claims, fc.nat(), (sent, at) => {
      const genuine = token(sent);
      expect(check(genuine)).toEqual({ outcome: 'verified', claims: JSON.parse(JSON.stringify(sent)) });
      const place = at % genuine.length;
      const changed = genuine.slice(0, place) + (genuine[place] === 'A' ? 'B' : 'A') + genuine.slice(place + 1);
      expect(check(changed)).toMatchObject({ outcome: 'refused' });
    }),
  );
});

it('lets the issuer choose the key', () => {
  const keys = [
    ...KEYS,
    { key: Buffer.from(OTHER_KEY), issuer: 'acme' },
    { key: Buffer.from('sixteen bytes !!'), issuer: 'b' },
  ];
  const by = (iss: unknown, key: string) => check(token({ ...CLAIMS, iss }, { key }), keys).outcome;
  expect([by('acme', KEY), by('acme', OTHER_KEY), by('b', 'sixteen bytes !!')]).toEqual(Array(3).fill('verified'));
  expect([by('b', KEY), by('c', KEY), by(undefined, KEY), by(['acme'], KEY), by('', KEY)]).toEqual(
    Array(5).fill('refused'),
  );
});

it('lets a key without an issuer sign for everybody', () => {
  const keys = [{ key: Buffer.from(KEY) }];
  for (const iss of ['acme', 'b', undefined]) expect(check(token({ ...CLAIMS, iss }), keys).outcome).toBe('verified');
});

describe('times', () => {
  const at = (exp: unknown, nbf: unknown, times?: Partial<JwtTimes>) => {
    const checked = check(token({ ...CLAIMS, exp, nbf }), KEYS, times);
    return checked.outcome === 'verified' ? 'verified' : checked.reason;
  };

  it.each<[string, number, number | undefined, string]>([
    ['expires in a second', 1, 0, 'verified'],
    ['has no `nbf`', 300, undefined, 'verified'],
    ['has just expired', -1, -300, 'verified'],
    ['expired within the leeway', -59, -300, 'verified'],
    ['expired before the leeway', -60, -300, 'timestamp_too_old'],
    ['is valid soon', 300, 60, 'verified'],
    ['is not valid soon', 300, 62, 'timestamp_in_future'],
    ['has times with fractions', 0.25, 0.75, 'verified'],
  ])('a token that %s', (_what, exp, nbf, outcome) => {
    expect(at(SECONDS + exp, nbf === undefined ? undefined : SECONDS + nbf)).toBe(outcome);
  });

  it('have another leeway where a provider needs one', () => {
    expect(at(SECONDS - 3_599, SECONDS - 3_900, { leewaySeconds: 3_600 })).toBe('verified');
    expect(at(SECONDS - 3_600, SECONDS - 3_900, { leewaySeconds: 3_600 })).toBe('timestamp_too_old');
    expect(at(SECONDS - 1, SECONDS - 300, { leewaySeconds: 0 })).toBe('timestamp_too_old');
  });

  it.each([
    ['no `exp`, which would never expire', undefined, SECONDS],
    ['`exp` null', null, SECONDS],
    ['`exp` as a text', String(SECONDS + 300), SECONDS],
    ['`nbf` as a text', SECONDS + 300, String(SECONDS)],
    ['`nbf` null', SECONDS + 300, null],
  ])('refuses %s', (_what, exp, nbf) => {
    expect(at(exp, nbf)).toBe('malformed_timestamp');
  });

  it('of a forged token are not looked at', () => {
    expect(check(token({ ...CLAIMS, exp: 1 }, { key: OTHER_KEY }))).toEqual(refusedFor('no_matching_key'));
  });
});

describe('hostile tokens', () => {
  const genuine = token();
  const [head = '', payload = '', signature = ''] = genuine.split('.');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rs256 = `${segment({ alg: 'RS256' })}.${payload}`;
  const sha512 = { header: { alg: 'HS512' }, hash: 'sha512' };

  it.each([
    ['nothing', ''],
    ['a word', 'token'],
    ['two segments', `${head}.${payload}`],
    ['four segments', `${genuine}.${signature}`],
    ['an empty signature', `${head}.${payload}.`],
    ['an empty header', `.${payload}.${signature}`],
    ['padding', `${genuine}=`],
    ['the alphabet of base64', `${head}.${payload}.${'+'.repeat(43)}`],
    ['a blank before it', ` ${genuine}`],
    ['a line end after it', `${genuine}\n`],
    ['a scheme', `Bearer ${genuine}`],
    ['a header that is no JSON', token(CLAIMS, { header: '{"alg":"HS256"' })],
    ['a header that is a list', token(CLAIMS, { header: ['HS256'] })],
    [
      'a header in other bytes than UTF-8',
      `${Buffer.from([0xff, 0xfe]).toString('base64url')}.${payload}.${signature}`,
    ],
    ['claims that are no JSON', token('{"iss":"acme"')],
    ['claims that are a list', token([CLAIMS])],
    ['claims that are null', token('null')],
    ['claims that are nested too deep', token('['.repeat(3_000))],
    ['no algorithm', token(CLAIMS, { header: {} })],
    ['the algorithm `none`', token(CLAIMS, { header: { alg: 'none' } })],
    ['the algorithm `none` and no signature', `${segment({ alg: 'none' })}.${payload}.`],
    ['the algorithm in lower case', token(CLAIMS, { header: { alg: 'hs256' } })],
    ['a list of algorithms', token(CLAIMS, { header: { alg: ['HS256'] } })],
    ['another HMAC', token(CLAIMS, sha512)],
    ['RS256', `${rs256}.${sign('sha256', Buffer.from(rs256), privateKey).toString('base64url')}`],
    ['an extension that must be known', token(CLAIMS, { header: { alg: 'HS256', crit: ['b64'], b64: false } })],
    ['an extension list of null', token(CLAIMS, { header: { alg: 'HS256', crit: null } })],
    ['an inherited algorithm', token(CLAIMS, { header: '{"__proto__":{"alg":"HS256"}}' })],
    ['more characters than any header has', token({ ...CLAIMS, padding: 'x'.repeat(8_192) })],
  ])('%s is malformed', (_what, text) => {
    expect(check(text)).toEqual(refusedFor('malformed_signature'));
  });

  it.each([
    ['the key of another', token(CLAIMS, { key: OTHER_KEY })],
    ['no key', token(CLAIMS, { key: '' })],
    ['the signature of other claims', `${head}.${segment({ ...CLAIMS, room: 'other' })}.${signature}`],
    ['the signature under another header', `${segment({ alg: 'HS256' })}.${payload}.${signature}`],
    ['one character less', genuine.slice(0, -1)],
    ['one character more', `${genuine}A`],
    // The last of 43 characters has two bits that no byte needs.
    ['another spelling of the same signature', genuine.slice(0, -1) + respelled(genuine.at(-1) ?? '')],
    ['an issuer that is in the prototype', token({ ...CLAIMS, iss: 'constructor' })],
  ])('%s matches no key', (_what, text) => {
    expect(check(text)).toEqual(refusedFor('no_matching_key'));
  });

  it.each([
    ['no key', []],
    ['an empty key', [{ key: Buffer.alloc(0), issuer: 'acme' }]],
    ['a key of 15 bytes', [{ key: Buffer.from('fifteen bytes !'), issuer: 'acme' }]],
  ])('are answered 503 where there is %s', (_what, keys) => {
    const key = keys[0]?.key ?? '';
    expect(check(token(CLAIMS, { key }), keys)).toEqual(refusedFor('not_configured'));
  });
});

/** Another last character that stands for the same bytes. */
function respelled(last: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(last) ^ 1] ?? '';
}
