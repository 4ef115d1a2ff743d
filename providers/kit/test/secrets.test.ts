/** What counts of the secrets, and what is said of the rest: never a value. */
import { createHash } from 'node:crypto';
import { newSecret } from '../../../test/support/deliveries';
import { parseRealtimekitSecrets } from '../../realtimekit/secrets';
import { parseRecallSecrets } from '../../recall/secrets';
import { NotConfiguredError } from '../stale-if-error-cache';

const TOKEN = 'sixteen-letters-';
const sha256 = (text: string) => createHash('sha256').update(text).digest();
const bytes = (length: number) => `whsec_${Buffer.alloc(length, 7).toString('base64')}`;

it.each([16, 24, 32, 64, 75, 128])('takes a signing secret of %d bytes: Standard Webhooks says 24 to 64', (length) => {
  expect(parseRecallSecrets({ signingSecrets: [bytes(length)] })).toMatchObject({
    signingKeys: [Buffer.alloc(length, 7)],
    ignored: [],
  });
});

it('leaves out entries that are none, and says which and why', () => {
  const secret = newSecret();
  const { signingKeys, realtimeTokens, ignored } = parseRecallSecrets({
    signingSecrets: ['hidden', secret, bytes(15)],
    realtimeTokens: ['h', TOKEN, 'hidden-15-chars', 7, ''],
  });
  expect(signingKeys).toHaveLength(1);
  expect(realtimeTokens).toEqual([TOKEN]);
  const signing = 'is no signing secret: whsec_ and at least 16 bytes in base64';
  const token = 'is no token of at least 16 characters';
  expect(ignored).toEqual([
    ...[0, 2].map((index) => `signingSecrets[${index}] ${signing}`),
    ...[0, 2, 3, 4].map((index) => `realtimeTokens[${index}] ${token}`),
  ]);
  expect(ignored.join()).not.toContain('hidden');
});

it('takes a list that is none for a mistake', () => {
  expect(parseRecallSecrets({ signingSecrets: newSecret(), realtimeTokens: [TOKEN] })).toMatchObject({
    signingKeys: [],
    ignored: ['signingSecrets is no list'],
  });
});

it.each([
  [{ urlTokens: [TOKEN] }, [TOKEN]],
  [{ urlTokens: ['A-z0.9_~-A-z0.9_~-', TOKEN], more: 1 }, ['A-z0.9_~-A-z0.9_~-', TOKEN]],
  [{ urlTokens: [] }, []],
  [{ urlTokens: ['fifteen-letters', TOKEN] }, [TOKEN]],
  [
    { urlTokens: ['not/in/one/segment', 'with%20an%20escape', 'with a blank in it', 'ein-schönes-token', TOKEN] },
    [TOKEN],
  ],
])('reads %j as %j', (json, urlTokens) => {
  expect(parseRealtimekitSecrets(json).urlTokenDigests).toEqual(urlTokens.map(sha256));
});

it.each([
  ...[null, 'text', [], {}, { urlTokens: 'sixteen-letters-' }, { urlTokens: ['short'] }].map(
    (json) => [parseRealtimekitSecrets, json] as const,
  ),
  ...[null, {}, { realtimeTokens: ['x'] }, { signingSecrets: [bytes(15)], realtimeTokens: [] }].map(
    (json) => [parseRecallSecrets, json] as const,
  ),
])('%p finds nothing usable in %j', (parse, json) => {
  expect(() => parse(json)).toThrow(NotConfiguredError);
});
