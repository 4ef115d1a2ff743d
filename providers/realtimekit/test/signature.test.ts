import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { delivery, newKeyPair, realtimekitHeaders } from '../../../test/support/deliveries';
import { parseKeyUrl, parsePublicKey } from '../public-key';
import { verifySignature } from '../signature';

const { privateKey, publicPem } = newKeyPair();
const publicKey = createPublicKey(publicPem);

it('verifies any body that was signed, and none that was not', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array({ minLength: 1 }), (bytes, added) => {
      const body = Buffer.from(bytes);
      const headers = realtimekitHeaders(privateKey, body);
      expect(verifySignature(delivery({ body, headers }), publicKey)).toEqual({
        outcome: 'verified',
        proof: 'signature',
      });
      const changed = Buffer.concat([body, added]);
      expect(verifySignature(delivery({ body: changed, headers }), publicKey)).toEqual({
        outcome: 'refused',
        reason: 'no_matching_key',
      });
    }),
    { numRuns: 50 },
  );
});

const right = String(realtimekitHeaders(privateKey, 'body')['rtk-signature']);

it.each([
  ['no signature', {}, 'missing_header'],
  ['an empty signature', { 'rtk-signature': '' }, 'missing_header'],
  ['a signature that is not base64', { 'rtk-signature': 'no base64!' }, 'malformed_signature'],
  ['a short signature', { 'rtk-signature': 'AAAA' }, 'no_matching_key'],
  ['two wrong signatures', { 'rtk-signature': ['AAAA', 'BBBB'] }, 'no_matching_key'],
  ['a wrong signature under the former name', { 'dyte-signature': 'AAAA' }, 'no_matching_key'],
  [
    'more signatures than a proxy makes',
    { 'rtk-signature': ['AAAA', 'BBBB', 'CCCC', 'DDDD', right] },
    'no_matching_key',
  ],
])('refuses %s', (_name, headers, reason) => {
  expect(verifySignature(delivery({ body: 'body', headers }), publicKey)).toEqual({ outcome: 'refused', reason });
});

it.each([
  ['that came twice', { 'rtk-signature': [right, right] }],
  ['that a proxy has folded', { 'rtk-signature': `${right}, ${right}` }],
  ['under its former name', { 'dyte-signature': right }],
  ['under both names', { 'rtk-signature': right, 'dyte-signature': right }],
  ['beside an empty one', { 'rtk-signature': '', 'dyte-signature': right }],
  ['beside a wrong one', { 'rtk-signature': ['AAAA', right] }],
  ['folded with a wrong one', { 'rtk-signature': `AAAA, ${right}` }],
  ['folded behind an empty one, and a wrong one', { 'rtk-signature': `,${right},AAAA` }],
])('accepts a signature %s', (_name, headers) => {
  const { outcome } = verifySignature(delivery({ body: 'body', headers }), publicKey);
  expect(outcome).toBe('verified');
});

describe('the published key', () => {
  const answer = (text: unknown) => JSON.stringify({ success: true, data: { publicKey: text }, message: '' });
  const rsaKeyOf = (modulusLength: number) =>
    generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'pem' });
  const bare = publicPem.replace(/-----[A-Z ]+-----|\s/g, '');

  it.each([
    ['PEM', publicPem],
    ['PEM with backslash-n for line ends', publicPem.replaceAll('\n', '\\n')],
    ['bare base64', bare],
  ])('is read from %s', (_name, text) => {
    expect(parsePublicKey(answer(text)).equals(publicKey)).toBe(true);
  });

  it.each([
    ['not JSON', '<html>'],
    ['no key', '{"success":false}'],
    ['junk', answer('junk')],
    ['a key of 512 bits', answer(rsaKeyOf(512))],
    ['a key of 2047 bits', answer(rsaKeyOf(2_047))],
    [
      'an elliptic key',
      answer(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })),
    ],
  ])('is an error where the answer is %s', (_name, text) => {
    expect(() => parsePublicKey(text)).toThrow();
  });

  it.each(['https://keys.example.com/a', 'http://127.0.0.1:5000/', 'http://localhost/', 'http://[::1]:5000/'])(
    'may be fetched from %s',
    (url) => {
      expect(parseKeyUrl(url).href).toBe(url);
    },
  );

  it.each([
    'http://keys.example.com/',
    'http://127.0.0.1.example.com/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    '',
    'x',
  ])('may not be fetched from %j', (url) => {
    expect(() => parseKeyUrl(url)).toThrow('https URL');
  });
});
