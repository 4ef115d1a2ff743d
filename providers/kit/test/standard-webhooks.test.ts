import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { delivery, newSecret, recallHeaders } from '../../../test/support/deliveries';
import { messageIdOf, signingKeyOf, verifySignature } from '../standard-webhooks';
import { TIMESTAMP_TOLERANCE_SECONDS } from '../timestamp';

const VERIFIED = { outcome: 'verified', proof: 'signature' };
const refusedFor = (reason: string) => ({ outcome: 'refused', reason });

const keyOf = (secret: string): Buffer => {
  const key = signingKeyOf(secret);
  if (key === undefined) throw new Error('not a secret');
  return key;
};

/** The signature written out, for cases that a well-behaved library does not make. */
const hmac = (secret: string, signed: string | Buffer): string =>
  createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(signed)
    .digest('base64');

describe('the published Standard Webhooks vector', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const timestamp = 1_614_265_330;
  const vector = (changes: Record<string, string> = {}, body = '{"test": 2432232314}') =>
    delivery({
      body,
      headers: {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': String(timestamp),
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
        ...changes,
      },
    });

  it.each([secret, secret.replace('whsec_', '')])('verifies with the secret %s', (text) => {
    expect(verifySignature(vector(), [keyOf(text)], timestamp * 1000)).toEqual(VERIFIED);
  });

  it.each([
    ['a changed byte of the body', vector({}, '{"test": 2432232315}')],
    ['a changed id', vector({ 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJel' })],
    ['a changed timestamp', vector({ 'webhook-timestamp': String(timestamp + 1) })],
    ['another digest', vector({ 'webhook-signature': 'v1,h0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' })],
  ])('refuses %s', (_name, changed) => {
    expect(verifySignature(changed, [keyOf(secret)], timestamp * 1000)).toEqual(refusedFor('no_matching_key'));
  });
});

describe('signature entries', () => {
  const secret = newSecret();
  const body = '{"event":"bot.done"}';
  const now = Date.now();
  const signed = recallHeaders(secret, body, { at: new Date(now) });
  const right = String(signed['webhook-signature']);
  const digest = right.slice('v1,'.length);
  const check = (signature: string, keys = [keyOf(secret)]) =>
    verifySignature(delivery({ body, headers: { ...signed, 'webhook-signature': signature } }), keys, now);

  it.each([
    ['one entry', right],
    [
      'the right one last of eleven',
      `${Array(10)
        .fill(`v1,${'A'.repeat(43)}=`)
        .join(' ')} ${right}`,
    ],
    ['entries of other versions before it', `v1a,AAAA v2,BBBB ${right}`],
    ['junk before it', `junk ,, v1, ${right}`],
    ['a wrong one folded behind it', `${right}, v1,AAAA`],
    ['a wrong one folded before it', `v1,AAAA, ${right}`],
    ['a fold without a blank', `v1,AAAA,${right}`],
    ['a fold with the blank before the comma', `v1,AAAA ,${right}`],
    ['a fold with blanks around and nothing behind', `v1,AAAA \t, ${right} ,`],
    ['a fold of entries of other versions', `v1a,AAAA, v2,BBBB,v1,CCCC, ${right}`],
    ['itself, folded', `${right}, ${right}`],
    ['something behind its digest', `${right},x`],
    ['an empty header folded between two', `v1,AAAA,,${right}`],
  ])('accepts %s', (_name, signature) => {
    expect(check(signature)).toEqual(VERIFIED);
  });

  it.each([
    ['an entry without comma', digest, 'malformed_signature'],
    ['the right digest under another version', `v1a,${digest} v2,${digest}`, 'malformed_signature'],
    ['the version in capitals', `V1,${digest}`, 'malformed_signature'],
    ['a digest without its padding', `v1,${digest.slice(0, -1)}`, 'no_matching_key'],
    ['the right digest as that of another version, folded', `v1,AAAA,v2,${digest}`, 'no_matching_key'],
    ['the right digest behind a comma too many', `v1,,${digest}`, 'no_matching_key'],
    ['the right digest without its version', `v1, ${digest}`, 'no_matching_key'],
    ['an empty digest', 'v1,', 'no_matching_key'],
  ])('refuses %s', (_name, signature, reason) => {
    expect(check(signature)).toEqual(refusedFor(reason));
  });

  it('accepts any of several live secrets, and says when none is configured', () => {
    expect(check(right, [keyOf(newSecret()), keyOf(secret), keyOf(newSecret())])).toEqual(VERIFIED);
    expect(check(right, [keyOf(newSecret())])).toEqual(refusedFor('no_matching_key'));
    expect(check(right, [])).toEqual(refusedFor('not_configured'));
  });
});

describe('headers', () => {
  const secret = newSecret();
  const body = 'anything';
  const now = Date.now();
  const webhook = recallHeaders(secret, body, { id: 'msg_1', at: new Date(now) });
  const svix = recallHeaders(secret, body, { id: 'msg_1', at: new Date(now), family: 'svix' });
  const check = (headers: Record<string, string | string[]>, text: string | Buffer = body) =>
    verifySignature(delivery({ body: text, headers }), [keyOf(secret)], now);

  it.each([
    ['the newer family', webhook],
    ['the older family', svix],
    ['both families that agree', { ...webhook, ...svix }],
    [
      'both families, one with a signature by a secret of another endpoint',
      { ...webhook, ...svix, 'svix-signature': 'v1,AAAA' },
    ],
  ])('accepts %s', (_name, headers) => {
    expect(check(headers)).toEqual(VERIFIED);
  });

  it.each(Object.keys(webhook))('refuses a delivery without %s', (name) => {
    const { [name]: _left, ...rest } = webhook;
    expect(check(rest)).toEqual(refusedFor('missing_header'));
    expect(check({ ...webhook, [name]: '' })).toEqual(refusedFor('missing_header'));
  });

  it.each(['webhook-id', 'webhook-timestamp'])('refuses a delivery with two of %s that differ', (name) => {
    const value = String(webhook[name]);
    expect(check({ ...webhook, [name]: [value, 'again'] })).toEqual(refusedFor('repeated_header'));
    expect(check({ ...webhook, [name]: `${value}, again` }).outcome).toBe('refused');
  });

  it.each(['webhook', 'svix'])('counts what came twice once, in the headers %s-*', (family) => {
    const once = Object.entries(family === 'webhook' ? webhook : svix);
    const doubled = (double: (value: string) => string | string[]) =>
      check(Object.fromEntries(once.map(([name, value]) => [name, double(value)])));
    expect(doubled((value) => [value, value])).toEqual(VERIFIED);
    expect(doubled((value) => `${value}, ${value}`)).toEqual(VERIFIED);
    expect(doubled((value) => [`${value},${value}`, value, ''])).toEqual(VERIFIED);
  });

  it('takes any entry of two signature headers, because a proxy may fold them or not', () => {
    const right = String(webhook['webhook-signature']);
    for (const signatures of [
      [right, 'v1,AAAA'],
      ['v1,AAAA', right],
    ]) {
      expect(check({ ...webhook, 'webhook-signature': signatures })).toEqual(VERIFIED);
    }
    expect(check({ ...webhook, 'webhook-signature': ['v1,AAAA', 'v1,BBBB'] })).toEqual(refusedFor('no_matching_key'));
  });

  it('reads the longest headers that a gateway lets through at once', () => {
    const longest = 10_000;
    for (const filler of [',', ' ', ', ', 'v1,']) {
      const value = filler.repeat(longest / filler.length);
      const started = performance.now();
      expect(check({ ...webhook, 'webhook-id': `a${value}b`, 'webhook-signature': `${value}x` }).outcome).toBe(
        'refused',
      );
      expect(performance.now() - started).toBeLessThan(1_000);
    }
  });

  it.each(['svix-id', 'svix-timestamp'])('refuses families that disagree on %s', (name) => {
    expect(check({ ...webhook, ...svix, [name]: '1' })).toEqual(refusedFor('conflicting_headers'));
    expect(check({ ...webhook, [name]: '1' })).toEqual(refusedFor('conflicting_headers'));
  });

  it('does not make one complete family out of two halves', () => {
    const halves = { 'webhook-id': 'msg_1', 'svix-timestamp': String(webhook['webhook-timestamp']) };
    expect(check({ ...halves, 'webhook-signature': String(webhook['webhook-signature']) })).toEqual(
      refusedFor('missing_header'),
    );
  });

  it('verifies an empty body, and bytes that are not UTF-8', () => {
    const timestamp = String(Math.floor(now / 1000));
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    for (const sent of [Buffer.alloc(0), bytes]) {
      const signature = hmac(secret, Buffer.concat([Buffer.from(`m.${timestamp}.`), sent]));
      const headers = { 'webhook-id': 'm', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
      expect(check(headers, sent)).toEqual(VERIFIED);
    }
  });
});

describe('timestamps', () => {
  const secret = newSecret();
  const second = 1_800_000_000;
  const check = (timestamp: string, now = second * 1000) =>
    verifySignature(
      delivery({
        body: 'x',
        headers: {
          'webhook-id': 'm',
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${hmac(secret, `m.${timestamp}.x`)}`,
        },
      }),
      [keyOf(secret)],
      now,
    );

  it.each([0, TIMESTAMP_TOLERANCE_SECONDS, -TIMESTAMP_TOLERANCE_SECONDS])('accepts one %d s off', (offset) => {
    expect(check(String(second + offset))).toEqual(VERIFIED);
  });

  it.each([
    [String(second - TIMESTAMP_TOLERANCE_SECONDS - 1), 'timestamp_too_old'],
    [String(second + TIMESTAMP_TOLERANCE_SECONDS + 1), 'timestamp_in_future'],
    ['9'.repeat(15), 'timestamp_in_future'],
    ['9'.repeat(40), 'malformed_timestamp'],
    [`-${second}`, 'malformed_timestamp'],
    [`+${second}`, 'malformed_timestamp'],
    [`0${second}`, 'malformed_timestamp'],
    [`${second}.0`, 'malformed_timestamp'],
    [` ${second}`, 'malformed_timestamp'],
    [`${second}abc`, 'malformed_timestamp'],
    ['1.8e9', 'malformed_timestamp'],
    ['0x6B49D200', 'malformed_timestamp'],
    [new Date(second * 1000).toISOString(), 'malformed_timestamp'],
    ['NaN', 'malformed_timestamp'],
  ])('refuses %s', (timestamp, reason) => {
    expect(check(timestamp)).toEqual(refusedFor(reason));
  });
});

describe('signing secrets', () => {
  it.each(['', 'whsec_', 'not base64!', 'whsec_a b', '{"secret":1}'])('takes no key from %j', (text) => {
    expect(signingKeyOf(text)).toBeUndefined();
  });
});

it('reads the id of a message, where there is one', () => {
  const headers = recallHeaders(newSecret(), '{}', { id: 'msg_1' });
  expect(messageIdOf(delivery({ headers }))).toBe('msg_1');
  expect(messageIdOf(delivery({ headers: { ...headers, 'webhook-id': 'msg_1, msg_1' } }))).toBe('msg_1');
  expect(messageIdOf(delivery({}))).toBeUndefined();
});

describe('agreement with the standardwebhooks package', () => {
  const secretBytes = fc.uint8Array({ minLength: 24, maxLength: 64 });
  const id = fc.stringMatching(/^[\w-]{1,40}$/);

  it('accepts whatever the package signs', () => {
    fc.assert(
      fc.property(secretBytes, id, fc.string({ unit: 'binary' }), (bytes, messageId, text) => {
        const secret = `whsec_${Buffer.from(bytes).toString('base64')}`;
        const body = text.toWellFormed();
        const headers = recallHeaders(secret, body, { id: messageId });
        expect(verifySignature(delivery({ body, headers }), [keyOf(secret)], Date.now())).toEqual(VERIFIED);
      }),
    );
  });

  describe('whatever is changed', () => {
    const secret = newSecret();
    const at = new Date();
    const right = { id: 'msg_1', timestamp: String(Math.floor(at.getTime() / 1000)), body: '{"event":"bot.done"}' };
    const entry = new Webhook(secret).sign(right.id, at, right.body);
    const digest = entry.slice('v1,'.length);

    /** A text as it is, or with one small change. */
    const nearly = (text: string) =>
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(text) },
        fc
          .tuple(fc.nat(text.length), fc.nat(1), fc.constantFrom('', ' ', '0', '1', '.', '-', 'A', ' x'))
          .map(([index, left, put]) => text.slice(0, index) + put + text.slice(index + left)),
      );
    /** Usually the right part, else one of the others. */
    const mostly = (part: string, ...others: readonly string[]) =>
      fc.oneof({ weight: 3, arbitrary: fc.constant(part) }, fc.constantFrom(...others));
    const oneEntry = fc
      .tuple(
        mostly('v1', 'v1a', 'V1', 'v2', ''),
        mostly(',', '', ' '),
        mostly(digest.slice(0, -1), digest.slice(0, -2), digest.toLowerCase(), 'AAAA', ''),
        mostly('=', '', '==', ',x'),
      )
      .map((parts) => parts.join(''));
    const signatures = fc
      .array(fc.tuple(oneEntry, mostly(' ', '', ',', '  ', ', ', ' ,', ',,')), { minLength: 1, maxLength: 4 })
      .map((entries) => entries.flat().slice(0, -1).join(''));
    const sent = fc.record({
      id: nearly(right.id),
      timestamp: nearly(right.timestamp),
      body: nearly(right.body),
      signature: signatures,
    });

    /** The entries with blanks between them, as a sender writes them who is behind no proxy. */
    const unfolded = (signature: string) =>
      signature.replace(/^[\s,]+/, '').replace(/[\s,]+/g, (gap) => (/\s/.test(gap) ? ' ' : gap));

    it('accepts what the package accepts and, of what it refuses, folds alone', () => {
      let verified = 0;
      let folds = 0;
      fc.assert(
        fc.property(sent, ({ id, timestamp, body, signature }) => {
          const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
          const { outcome } = verifySignature(delivery({ body, headers }), [keyOf(secret)], at.getTime());
          const theirs = (text: string) => {
            try {
              new Webhook(secret).verify(body, { ...headers, 'webhook-signature': text }, { jsonParse: false });
              return true;
            } catch {
              return false;
            }
          };
          const isUnchanged = id === right.id && timestamp === right.timestamp && body === right.body;
          // Ours is stricter about timestamps.
          if (isUnchanged && theirs(signature)) expect(outcome).toBe('verified');
          if (outcome !== 'verified') return;
          verified++;
          expect(isUnchanged).toBe(true);
          if (theirs(signature)) return;
          folds++;
          // Every second comma is one of a fold.
          const entries = unfolded(signature)
            .split(' ')
            .flatMap((some) => some.match(/[^,]+,[^,]*/g) ?? []);
          expect(theirs(entries.join(' '))).toBe(true);
        }),
        { numRuns: 1_000 },
      );
      // Where all is refused, or all is verified, nothing is compared.
      expect(verified).toBeGreaterThan(50);
      expect(verified).toBeLessThan(500);
      expect(folds).toBeGreaterThan(0);
    });
  });
});
