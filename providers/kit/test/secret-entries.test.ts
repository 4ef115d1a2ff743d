import { hmacKeyKind, readSecret, signingSecretKind, tokenKind } from '../secret-entries';
import { NotConfiguredError } from '../stale-if-error-cache';

const KINDS = { keys: hmacKeyKind('signingKeys'), tokens: tokenKind('urlTokens') };
const KEY = 'sixteen letters.';
const TOKEN = 'sixteen-letters-';

it('reads each list under the name of its kind', () => {
  const secrets = readSecret({ signingKeys: [KEY], urlTokens: [TOKEN, `${TOKEN}2`], more: 1 }, KINDS);
  expect(secrets).toEqual({ keys: [Buffer.from(KEY)], tokens: [TOKEN, `${TOKEN}2`], ignored: [] });
});

it('counts the bytes of a key, not its letters', () => {
  expect(readSecret({ signingKeys: ['éééééééé'] }, KINDS).keys).toHaveLength(1);
});

it('reads the key in a signing secret of Standard Webhooks', () => {
  const key = Buffer.alloc(24, 7);
  const secret = `whsec_${key.toString('base64')}`;
  expect(readSecret({ list: [secret, 'whsec_'] }, { keys: signingSecretKind('list') })).toEqual({
    keys: [key],
    ignored: ['list[1] is no signing secret: whsec_ and at least 16 bytes in base64'],
  });
});

it('says why entries are left out, without their values', () => {
  const { keys, tokens, ignored } = readSecret({ signingKeys: ['hidden', 7, KEY], urlTokens: 'hidden' }, KINDS);
  expect([keys, tokens]).toEqual([[Buffer.from(KEY)], []]);
  expect(ignored).toEqual([
    'signingKeys[0] is no key of at least 16 bytes',
    'signingKeys[1] is no key of at least 16 bytes',
    'urlTokens is no list',
  ]);
});

it('accepts lists that somebody has emptied', () => {
  expect(readSecret({ signingKeys: [] }, KINDS)).toEqual({ keys: [], tokens: [], ignored: [] });
});

it.each([[null], ['text'], [{}], [{ signingKey: [KEY] }], [{ signingKeys: ['short'] }]])(
  'finds nothing in %j',
  (json) => {
    expect(() => readSecret(json, KINDS)).toThrow(NotConfiguredError);
  },
);
