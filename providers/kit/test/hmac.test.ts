import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { delivery } from '../../../test/support/deliveries';
import { type HmacScheme, verifyHmac } from '../hmac';

const VERIFIED = { outcome: 'verified', proof: 'signature' };
const refusedFor = (reason: string) => ({ outcome: 'refused', reason });

const KEY = 'a key of twenty-seven bytes';
const OTHER_KEY = 'another key, which is longer';
const NOW = Date.parse('2026-03-02T09:30:00.500Z');

/** The signature written out with node:crypto, the other way round: one text, one update. */
const hmac = (signed: string, { key = KEY, algorithm = 'sha256', encoding = 'hex' as 'hex' | 'base64' } = {}) =>
  createHmac(algorithm, key).update(Buffer.from(signed, 'utf8')).digest(encoding);

const BODY = '{"kind":"call.ended"}';
const PLAIN: HmacScheme = { header: 'acme-signature', encoding: 'hex' };
const check = (
  signature: string | string[] | undefined,
  {
    scheme = PLAIN as HmacScheme,
    keys = [KEY] as (string | Buffer)[],
    headers = {},
    body = BODY as string | Buffer,
  } = {},
) => {
  const all = { ...(signature !== undefined && { 'acme-signature': signature }), ...headers };
  return verifyHmac(delivery({ body, headers: all, receivedAt: NOW }), keys, scheme);
};

describe('a test vector of RFC 4231', () => {
  const scheme = (algorithm: HmacScheme['algorithm']): HmacScheme => ({ ...PLAIN, algorithm: algorithm ?? 'sha256' });
  const [key, body] = [Buffer.alloc(20, 0x0b), 'Hi There'];

  it.each([
    ['sha256', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    ['sha384', 'afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6'],
    [
      'sha512',
      '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
    ],
  ] as const)('verifies with %s', (algorithm, signature) => {
    expect(check(signature, { scheme: scheme(algorithm), keys: [key], body })).toEqual(VERIFIED);
    expect(check(signature, { scheme: scheme(algorithm), keys: [key], body: 'Hi There.' })).toEqual(
      refusedFor('no_matching_key'),
    );
  });
});

describe('a signature of the body alone', () => {
  const right = hmac(BODY);
  const other = hmac(BODY, { key: OTHER_KEY });

  it.each([
    ['one', right],
    ['hexadecimal capitals', right.toUpperCase()],
    ['two headers, the right one last', [other, right]],
    ['the same header twice', [right, right]],
    ['itself, folded', `${right}, ${right}`],
    ['folded behind another', `${other},${right}`],
    ['among blanks', `${other} ${right}`],
    ['junk before it', `junk,,${right}`],
  ])('is accepted: %s', (_name, signature) => {
    expect(check(signature)).toEqual(VERIFIED);
  });

  it.each([
    ['no header', undefined, 'missing_header'],
    ['an empty header', '', 'missing_header'],
    ['text', 'not hexadecimal', 'malformed_signature'],
    ['an odd number of digits', right.slice(1), 'malformed_signature'],
    ['half of it', right.slice(0, 32), 'no_matching_key'],
    ['more than it', `${right}00`, 'no_matching_key'],
    ['another prefix', `sha256=${right}`, 'malformed_signature'],
    ['that of another key', other, 'no_matching_key'],
    ['the right one behind 32 others', [...Array(32).fill(other.slice(2)), right].join(' '), 'no_matching_key'],
  ])('is refused: %s', (_name, signature, reason) => {
    expect(check(signature)).toEqual(refusedFor(reason));
  });

  it('may be of any live key, as text or bytes', () => {
    expect(check(other, { keys: [KEY, OTHER_KEY] })).toEqual(VERIFIED);
    expect(check(right, { keys: [Buffer.from(KEY)] })).toEqual(VERIFIED);
  });

  it('is never of an empty or a short key, and is 503 without a usable one', () => {
    for (const keys of [[], [''], ['fifteen letters']]) {
      const forged = hmac(BODY, { key: keys[0] ?? '' });
      expect(check(forged, { keys })).toEqual(refusedFor('not_configured'));
    }
    expect(check(hmac(BODY, { key: 'fifteen letters' }), { keys: ['fifteen letters', KEY] })).toEqual(
      refusedFor('no_matching_key'),
    );
  });
});

describe('a signature in base64 with a prefix', () => {
  const scheme: HmacScheme = { header: 'acme-signature', encoding: 'base64', prefix: 'sha256=' };
  const right = hmac(BODY, { encoding: 'base64' });

  it.each([
    ['as it is', `sha256=${right}`],
    ['without padding', `sha256=${right.replace(/=+$/, '')}`],
    ['URL-safe', `sha256=${right.replaceAll('+', '-').replaceAll('/', '_')}`],
    ['behind one of another version', `sha1=AAAA,sha256=${right}`],
  ])('is accepted %s', (_name, signature) => {
    expect(check(signature, { scheme })).toEqual(VERIFIED);
  });

  it.each([
    ['without its prefix', right, 'malformed_signature'],
    ['with the prefix in capitals', `SHA256=${right}`, 'malformed_signature'],
    ['with nothing behind the prefix', 'sha256=', 'malformed_signature'],
    ['in hexadecimal', `sha256=${hmac(BODY)}`, 'no_matching_key'],
  ])('is refused %s', (_name, signature, reason) => {
    expect(check(signature, { scheme })).toEqual(refusedFor(reason));
  });
});

describe('a signed timestamp', () => {
  const scheme: HmacScheme = {
    ...PLAIN,
    prefix: 'v0=',
    timestamp: { header: 'acme-timestamp' },
    signed: ({ body }, timestamp) => [`v0:${timestamp}:`, body],
  };
  const second = Math.floor(NOW / 1000);
  const at = (timestamp: string | string[], signedAt = timestamp) =>
    check(`v0=${hmac(`v0:${signedAt}:${BODY}`)}`, { scheme, headers: { 'acme-timestamp': timestamp } });

  it.each([0, 300, -300])('may differ by %d s', (offset) => {
    expect(at(String(second - offset))).toEqual(VERIFIED);
  });

  it.each([
    [String(second - 301), 'timestamp_too_old'],
    [String(second + 301), 'timestamp_in_future'],
    [`${second}.5`, 'malformed_timestamp'],
    [`0${second}`, 'malformed_timestamp'],
    [`+${second}`, 'malformed_timestamp'],
    ['now', 'malformed_timestamp'],
    ['', 'missing_header'],
  ])('is refused as %s', (timestamp, reason) => {
    expect(at(timestamp)).toEqual(refusedFor(reason));
  });

  it('must be there once, and be the signed one', () => {
    expect(check(`v0=${hmac(`v0::${BODY}`)}`, { scheme })).toEqual(refusedFor('missing_header'));
    expect(at([String(second), String(second)], String(second))).toEqual(VERIFIED);
    expect(at([String(second), String(second - 1)], String(second))).toEqual(refusedFor('repeated_header'));
    expect(at(String(second), String(second - 1))).toEqual(refusedFor('no_matching_key'));
  });

  it('may be in milliseconds, with a tolerance of its own', () => {
    const inMilliseconds: HmacScheme = {
      ...scheme,
      timestamp: { header: 'acme-timestamp', unit: 'milliseconds', toleranceSeconds: 10 },
    };
    const sentAt = (milliseconds: number) =>
      check(`v0=${hmac(`v0:${milliseconds}:${BODY}`)}`, {
        scheme: inMilliseconds,
        headers: { 'acme-timestamp': String(milliseconds) },
      });
    expect(sentAt(NOW)).toEqual(VERIFIED);
    expect(sentAt(NOW - 10_000)).toEqual(VERIFIED);
    expect(sentAt(NOW - 11_000)).toEqual(refusedFor('timestamp_too_old'));
    expect(sentAt(second)).toEqual(refusedFor('timestamp_too_old'));
  });

  it('may be older than it may be ahead', () => {
    const sentAt = (timestamp: number) =>
      check(`v0=${hmac(`v0:${timestamp}:${BODY}`)}`, {
        scheme: {
          ...scheme,
          timestamp: { header: 'acme-timestamp', toleranceSeconds: { past: 3_600, future: 10 } },
        },
        headers: { 'acme-timestamp': String(timestamp) },
      });
    expect([second - 3_600, second + 10].map(sentAt)).toEqual([VERIFIED, VERIFIED]);
    expect(sentAt(second - 3_601)).toEqual(refusedFor('timestamp_too_old'));
    expect(sentAt(second + 11)).toEqual(refusedFor('timestamp_in_future'));
  });
});

it('accepts what node:crypto signs, and nothing else', () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 64 }).map((array) => Buffer.from(array));
  const body = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  const encoding = fc.constantFrom('hex' as const, 'base64' as const);
  fc.assert(
    fc.property(bytes, bytes, body, body, encoding, (key, otherKey, sent, otherBody, form) => {
      const scheme: HmacScheme = { ...PLAIN, encoding: form };
      const signature = createHmac('sha256', key).update(sent).digest(form);
      expect(check(signature, { scheme, keys: [key], body: sent })).toEqual(VERIFIED);
      expect(check(signature, { scheme, keys: [otherKey], body: sent }).outcome).toBe(
        key.equals(otherKey) ? 'verified' : 'refused',
      );
      expect(check(signature, { scheme, keys: [key], body: otherBody }).outcome).toBe(
        sent.equals(otherBody) ? 'verified' : 'refused',
      );
    }),
  );
});

it('never throws, and never accepts what nobody has signed', () => {
  const headers = fc.dictionary(fc.constantFrom('acme-signature', 'acme-timestamp'), fc.array(fc.string()));
  fc.assert(
    fc.property(
      headers,
      fc.string(),
      fc.constantFrom<HmacScheme>(PLAIN, { ...PLAIN, encoding: 'base64' }),
      (sent, body, scheme) => {
        expect(verifyHmac(delivery({ body, headers: sent, receivedAt: NOW }), [KEY], scheme).outcome).toBe('refused');
      },
    ),
  );
});
