/** The signature of deliveries, against a signer of the test's own, in both directions. */
import * as fc from 'fast-check';
import { delivery } from '../../../test/support/deliveries';
import { sandbox } from '../sandbox';
import { hmacOf, zoomHeaders } from './signer';
import { startVerifier } from './verifier';

const NOW = Date.UTC(2026, 1, 3, 9, 42, 5, 917);
const DAY = 24 * 3600;

const token = fc.string({ unit: 'grapheme', minLength: 16, maxLength: 64 });
const body = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.json().map((text) => new TextEncoder().encode(text)),
);
const seconds = fc.integer({ min: -DAY, max: 300 });
const at = (offset: number) => new Date(NOW + offset * 1_000);

const sent = (bytes: Uint8Array, headers: Record<string, string>) =>
  delivery({ body: Buffer.from(bytes), headers, receivedAt: NOW });

it('verifies what the signer signs: any bytes, any token, any time that is not too old', () =>
  fc.assert(
    fc.asyncProperty(token, body, seconds, async (secretToken, bytes, offset) => {
      const headers = zoomHeaders(secretToken, bytes, { at: at(offset) });
      expect(await startVerifier(secretToken).verify(sent(bytes, headers))).toEqual({
        outcome: 'verified',
        proof: 'signature',
      });
    }),
  ));

it('refuses what the signer did not sign: other bytes, another token, another time', () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({ secretToken: token, bytes: body, offset: seconds }),
      fc.record({ secretToken: token, bytes: body, offset: seconds }),
      fc.constantFrom('secretToken', 'bytes', 'offset'),
      async (signed, other, what) => {
        const received = { ...signed, [what]: other[what] };
        const isSame =
          received.secretToken === signed.secretToken && Buffer.compare(received.bytes, signed.bytes) === 0;
        fc.pre(!isSame || received.offset !== signed.offset);
        const headers = {
          ...zoomHeaders(signed.secretToken, signed.bytes, { at: at(signed.offset) }),
          'x-zm-request-timestamp': String(Math.floor(at(received.offset).getTime() / 1000)),
        };
        expect(await startVerifier(received.secretToken).verify(sent(received.bytes, headers))).toEqual({
          outcome: 'refused',
          reason: 'no_matching_key',
        });
      },
    ),
  ));

it('signs in the sandbox what the signer signs', () =>
  fc.assert(
    fc.property(token, body, seconds, (secretToken, bytes, offset) => {
      const unsigned = { route: '/zoom/webhooks', body: Buffer.from(bytes), at: at(offset), id: 'tracking-1' };
      const keys = { entry: () => secretToken, privateKey: () => '' };
      expect(sandbox.sign(unsigned, keys)).toEqual({
        headers: zoomHeaders(secretToken, bytes, { at: at(offset), trackingId: 'tracking-1' }),
      });
    }),
  ));

const TOKEN = 'secret-token-of-test-1';
const BYTES = Buffer.from('{"event":"meeting.started"}');

it.each([
  ['a day old', -DAY, 'verified'],
  ['more than a day old', -DAY - 1, 'timestamp_too_old'],
  ['85 minutes old, as in the last retry', -85 * 60, 'verified'],
  ['five minutes ahead', 300, 'verified'],
  ['more than five minutes ahead', 301, 'timestamp_in_future'],
])('a timestamp that is %s', async (_how, offset, expected) => {
  const outcome = await startVerifier(TOKEN).verify(sent(BYTES, zoomHeaders(TOKEN, BYTES, { at: at(offset) })));
  expect('reason' in outcome ? outcome.reason : outcome.outcome).toBe(expected);
});

const valid = zoomHeaders(TOKEN, BYTES, { at: new Date(NOW) });
const digest = String(valid['x-zm-signature']).slice(3);

it.each([
  ['no signature', { 'x-zm-signature': '' }, 'missing_header'],
  ['no timestamp', { 'x-zm-request-timestamp': '' }, 'missing_header'],
  ['a timestamp in words', { 'x-zm-request-timestamp': 'now' }, 'malformed_timestamp'],
  ['a timestamp with a sign', { 'x-zm-request-timestamp': `+${NOW / 1000}` }, 'malformed_timestamp'],
  ['a signature of another version', { 'x-zm-signature': `v1=${digest}` }, 'malformed_signature'],
  ['a signature without a version', { 'x-zm-signature': digest }, 'malformed_signature'],
  ['a signature that is cut', { 'x-zm-signature': `v0=${digest.slice(0, 62)}` }, 'no_matching_key'],
  ['the HMAC of the body alone', { 'x-zm-signature': `v0=${hmacOf(TOKEN, BYTES)}` }, 'no_matching_key'],
])('refuses a delivery with %s', async (_what, headers, reason) => {
  expect(await startVerifier(TOKEN).verify(sent(BYTES, { ...valid, ...headers }))).toEqual({
    outcome: 'refused',
    reason,
  });
});

it('accepts any of several live tokens', async () => {
  const { verify } = startVerifier('secret-token-of-test-2', TOKEN);
  expect(await verify(sent(BYTES, valid))).toMatchObject({ outcome: 'verified' });
});

it('takes a token that is too short for none, so the delivery is tried again', async () => {
  const short = 'fifteen-letters';
  const headers = zoomHeaders(short, BYTES, { at: new Date(NOW) });
  expect(await startVerifier(short).verify(sent(BYTES, headers))).toEqual({
    outcome: 'refused',
    reason: 'not_configured',
  });
});
