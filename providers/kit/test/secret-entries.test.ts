import { hmacKeyKind, namedKeyKind, readSecret, signingSecretKind, tokenKind } from '../secret-entries';
import { secretWith, storedEntries, textOf } from '../secret-form';
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

describe('an object of names and keys', () => {
  const NAMED = { apiKeys: namedKeyKind('apiKeys') };

  it('is read as keys with their names, in its order', () => {
    const secret = JSON.parse(`{"apiKeys":{"APIone":"${KEY}","__proto__":"${KEY}2","two":"a:${KEY}"}}`);
    expect(readSecret(secret, NAMED)).toEqual({
      apiKeys: [
        { name: 'APIone', key: Buffer.from(KEY) },
        { name: '__proto__', key: Buffer.from(`${KEY}2`) },
        { name: 'two', key: Buffer.from(`a:${KEY}`) },
      ],
      ignored: [],
    });
  });

  it('may be empty, and stand beside a list', () => {
    const kinds = { ...NAMED, ...KINDS };
    expect(readSecret({ apiKeys: {} }, kinds)).toEqual({ apiKeys: [], keys: [], tokens: [], ignored: [] });
    expect(readSecret({ apiKeys: { one: KEY }, signingKeys: [KEY] }, kinds)).toMatchObject({
      apiKeys: [{ name: 'one' }],
      keys: [Buffer.from(KEY)],
    });
  });

  it('tells the position of what is left out, but no name: it may have been swapped with its value', () => {
    const apiKeys = { [KEY]: 'APIswapped', number: 5, none: null, 'with blank': KEY, 'a:b': KEY, '': KEY, good: KEY };
    const { ignored, apiKeys: found } = readSecret({ apiKeys }, NAMED);
    expect(found).toEqual([{ name: 'good', key: Buffer.from(KEY) }]);
    expect(ignored).toEqual(
      [1, 2, 3, 4, 5, 6].map((place) => `entry ${place} of apiKeys is no name with a key of at least 16 bytes`),
    );
  });

  it.each([[[`one:${KEY}`]], ['text'], [5]])('is not %j', (apiKeys) => {
    expect(() => readSecret({ apiKeys }, NAMED)).toThrow(
      new NotConfiguredError('The secret has no usable entry in apiKeys. apiKeys is no object of names and values.'),
    );
  });
});

it('takes no object for a list', () => {
  expect(() => readSecret({ signingKeys: { one: KEY } }, KINDS)).toThrow('signingKeys is no list.');
});

describe('the form of a member', () => {
  const MEMBER = { member: 'apiKeys', isNamed: true } as const;

  it.each([
    [MEMBER, { apiKeys: { one: 'a', 'two ': ' b:c' } }],
    [MEMBER, JSON.parse('{"apiKeys":{"__proto__":"a"}}')],
    [MEMBER, { apiKeys: {} }],
    [{ member: 'keys' }, { keys: ['a', 'b:c'] }],
    [{ member: 'keys' }, { keys: [] }],
  ])('%j stays through texts and back: %j', (member, secret) => {
    const texts = storedEntries(secret, member)?.map((entry) => textOf(entry) ?? '') ?? [];
    const back = secretWith([member], { [member.member]: texts });
    expect(JSON.stringify(back)).toBe(JSON.stringify(secret));
  });

  it('tells a missing member from one of another form', () => {
    expect([{}, null, { apiKeys: null }].map((secret) => storedEntries(secret, MEMBER))).toEqual([[], [], []]);
    expect([{ apiKeys: [] }, { apiKeys: 1 }].map((secret) => storedEntries(secret, MEMBER))).toEqual([
      undefined,
      undefined,
    ]);
  });
});
