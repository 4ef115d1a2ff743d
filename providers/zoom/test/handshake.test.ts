/** Zoom's handshake: what is answered, and what is never hashed. */
import * as fc from 'fast-check';
import { delivery } from '../../../test/support/deliveries';
import { sandbox } from '../sandbox';
import { handshakeBody, hmacOf, newSecretToken, zoomHeaders } from './signer';
import { startVerifier } from './verifier';

const TOKEN = newSecretToken();
const OTHER = newSecretToken();

const handshake = (plainToken: unknown, secretToken = TOKEN) => {
  const body = handshakeBody(plainToken);
  return delivery({ body, headers: zoomHeaders(secretToken, body) });
};

const answerTo = (plainToken: string, secretToken: string) => ({
  outcome: 'answered',
  statusCode: 200,
  contentType: 'application/json',
  body: JSON.stringify({ plainToken, encryptedToken: hmacOf(secretToken, plainToken) }),
});

it('is answered with the plain token and its HMAC', async () => {
  const { verify } = startVerifier(TOKEN);
  expect(await verify(handshake('qgg8vlvZRS6UYooatFL8Aw'))).toEqual(answerTo('qgg8vlvZRS6UYooatFL8Aw', TOKEN));
});

it('is answered whatever printable token it has', () =>
  fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, maxLength: 256 }), async (plainToken) => {
      fc.pre(!plainToken.startsWith('v0:'));
      expect(await startVerifier(TOKEN).verify(handshake(plainToken))).toEqual(answerTo(plainToken, TOKEN));
    }),
  ));

it.each([
  ['the older', OTHER],
  ['the newer', TOKEN],
])('is answered with the token that signed it: %s of two', async (_which, secretToken) => {
  const { verify } = startVerifier(OTHER, TOKEN);
  expect(await verify(handshake('plain', secretToken))).toEqual(answerTo('plain', secretToken));
});

it('is answered with a token that was added a moment ago', async () => {
  const { secret, verify } = startVerifier(OTHER);
  expect(await verify(handshake('plain', OTHER))).toEqual(answerTo('plain', OTHER));
  secret.secretTokens = [OTHER, TOKEN];
  expect(await verify(handshake('plain', TOKEN))).toEqual(answerTo('plain', TOKEN));
});

describe('no HMAC is made', () => {
  const refused = (reason: string) => ({ outcome: 'refused', reason });

  it('of a forged handshake', async () => {
    expect(await startVerifier(TOKEN).verify(handshake('plain', OTHER))).toEqual(refused('no_matching_key'));
  });

  it('of an unsigned handshake', async () => {
    const unsigned = delivery({ body: handshakeBody('plain') });
    expect(await startVerifier(TOKEN).verify(unsigned)).toEqual(refused('missing_header'));
  });

  it('while there is no secret token', async () => {
    expect(await startVerifier().verify(handshake('plain'))).toEqual(refused('not_configured'));
  });

  it.each([
    ['what could be the signed content of a delivery', `v0:1770111725:{"event":"meeting.started"}`],
    ['the beginning of such content', 'v0:'],
    ['an empty text', ''],
    ['a number', 7],
    ['nothing', undefined],
    ['a list', ['plain']],
    ['a text with a line end', 'plain\n'],
    ['a text that is not printable', '\0plain'],
    ['a text that is too long', 'x'.repeat(257)],
    ['letters outside of ASCII', 'plaintöken'],
  ])('of %s, even if it is signed', async (_what, plainToken) => {
    const outcome = await startVerifier(TOKEN).verify(handshake(plainToken));
    expect(outcome).toEqual(refused('malformed_handshake'));
    expect(JSON.stringify(outcome)).not.toContain(hmacOf(TOKEN, String(plainToken)));
  });
});

it('is what the sandbox sends', async () => {
  const { body } = sandbox.handshake!();
  const sent = delivery({ body, headers: zoomHeaders(TOKEN, body) });
  const { plainToken } = JSON.parse(body.toString()).payload;
  expect(await startVerifier(TOKEN).verify(sent)).toEqual(answerTo(plainToken, TOKEN));
});

it('is no other event, whatever members it has', async () => {
  const body = JSON.stringify({ event: 'meeting.started', payload: { plainToken: 'plain' } });
  const sent = delivery({ body, headers: zoomHeaders(TOKEN, body) });
  expect(await startVerifier(TOKEN).verify(sent)).toMatchObject({ outcome: 'verified' });
});
