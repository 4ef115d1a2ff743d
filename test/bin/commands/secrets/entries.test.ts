/** Secrets as commands change them: lists of values, and objects of names and values. */
import { hash } from 'node:crypto';
import {
  entriesOf,
  type SecretJson,
  typedValue,
  valuesOf,
  withEntry,
  withoutEntry,
} from '../../../../bin/commands/secrets/entries';
import type { SecretOwner } from '../../../../bin/commands/secrets/owners';
import { hmacKeyKind, namedKeyKind } from '../../../../providers/kit/secret-entries';
import type { SecretEntry } from '../../../../providers/provider';

const API_KEY: SecretEntry = {
  ...namedKeyKind('apiKeys'),
  kind: 'api-key',
  title: 'API key',
  description: 'Acme signs with it',
  prompt: 'Key of Acme (<name>:<key>)',
};
const KEY: SecretEntry = { ...hmacKeyKind('keys'), kind: 'key', title: 'key', description: '', prompt: 'Key' };

const owner = {
  name: 'acme',
  title: 'Acme',
  secret: { name: 'acme/keys', entries: [API_KEY] },
} as never as SecretOwner;
const both = { ...owner, secret: { name: 'acme/keys', entries: [API_KEY, KEY] } };

const [ONE, TWO, THREE] = ['first', 'second', 'third'].map((word) => `the-${word}-value-of-an-api-key`) as [
  string,
  string,
  string,
];
const NOW = new Date('2026-11-30T12:00:00.000Z');
const fingerprintOf = (text: string): string => hash('sha256', text, 'hex').slice(0, 12);

const add = (json: SecretJson, text: string, entry = API_KEY, of = owner) =>
  withEntry(of, json, entry, typedValue(entry, text), NOW);

it.each([`APIone:${ONE}`, `APIone: ${ONE}`, ` APIone :\t${ONE} `])(
  'stores the plain pair of %j, and the time by its fingerprint',
  (text) => {
    expect(add({ note: 'kept' }, text)).toEqual({
      note: 'kept',
      apiKeys: { APIone: ONE },
      addedAt: { [fingerprintOf(`APIone:${ONE}`)]: NOW.toISOString() },
    });
  },
);

it('keeps blanks and colons in the value of a list', () => {
  expect(add({}, `key: ${ONE}`, KEY, both)).toMatchObject({ keys: [`key: ${ONE}`] });
});

it('has the newest entry last, and lists names beside fingerprints', () => {
  const json = add(add({}, `APIone:${ONE}`), `APItwo:${TWO}`);
  expect(valuesOf(json, API_KEY)).toEqual([`APIone:${ONE}`, `APItwo:${TWO}`]);
  expect(entriesOf(owner, json)).toEqual(
    [`APIone:${ONE}`, `APItwo:${TWO}`].map((text) => ({
      kind: 'api-key',
      name: text.slice(0, 6),
      fingerprint: fingerprintOf(text),
      isUsable: true,
      isWeak: false,
      addedAt: NOW.toISOString(),
    })),
  );
});

it.each([
  ['no name', ONE, /That is no api-key\. It must be <name>:<key>/],
  ['an empty name', `:${ONE}`, /That is no api-key/],
  ['a name with a blank', `API one:${ONE}`, /That is no api-key/],
  ['a short value', 'APIone:secret', /at least 16 bytes\. Nothing was changed/],
  ['name and value swapped', `${ONE}:APIone`, /That is no api-key/],
  ['the same pair again', `APIone:${ONE}`, /That api-key is there already: [0-9a-f]{12}\.$/],
  [
    'another value under a name that counts',
    `APIone:${TWO}`,
    /The api-key APIone is there already, with another value: (.{12})\. .*under a name of its own.*secrets retire \1$/,
  ],
])('refuses %s, without telling a value', (_, text, message) => {
  const refused = () => add({ apiKeys: { APIone: ONE } }, text);
  expect(refused).toThrow(message);
  expect(refused).not.toThrow(/value-of-an-api-key/);
});

it('replaces a value that verifiers ignore', () => {
  expect(add({ apiKeys: { APIone: 'too short', APItwo: TWO } }, `APIone:${ONE}`)).toMatchObject({
    apiKeys: { APItwo: TWO, APIone: ONE },
  });
  expect(add({ apiKeys: { APIone: 5 } }, `APIone:${ONE}`)).toMatchObject({ apiKeys: { APIone: ONE } });
});

it('takes one entry out, with its time, and keeps the object', () => {
  const json = add(add({}, `APIone:${ONE}`), `APItwo:${TWO}`);
  expect(withoutEntry(owner, json, fingerprintOf(`APIone:${ONE}`), false)).toEqual({
    apiKeys: { APItwo: TWO },
    addedAt: { [fingerprintOf(`APItwo:${TWO}`)]: NOW.toISOString() },
  });
});

it('empties each member in its form when the last usable entry goes', () => {
  const json = { apiKeys: { APIone: ONE, bad: 5 }, keys: ['short'] };
  const fingerprint = fingerprintOf(`APIone:${ONE}`);
  expect(() => withoutEntry(both, json, fingerprint, false)).toThrow('is the last usable api-key');
  expect(withoutEntry(both, json, fingerprint, true)).toEqual({ apiKeys: {}, keys: [] });
});

it('keeps two names with the same value apart', () => {
  const json = add(add({}, `APIone:${ONE}`), `APItwo:${ONE}`);
  expect(withoutEntry(owner, json, fingerprintOf(`APItwo:${ONE}`), false)).toMatchObject({ apiKeys: { APIone: ONE } });
});

it('shows no name of what verifiers ignore: it may be the value', () => {
  const json = { apiKeys: { [ONE]: 'APIone', five: 5, 'a:b': TWO, good: THREE } };
  const entries = entriesOf(owner, json);
  expect(entries.map(({ name, isUsable }) => [name, isUsable])).toEqual([
    ...[1, 2, 3].map(() => [null, false]),
    ['good', true],
  ]);
  // Each can be taken out alone.
  const left = entries
    .slice(0, 3)
    .reduce<SecretJson>((now, one) => withoutEntry(owner, now, one.fingerprint, false), json);
  expect(left).toEqual({ apiKeys: { good: THREE } });
});

it.each([
  ['a list', API_KEY, [`APIone:${ONE}`], {}, 'apiKeys in the secret is no object of names and values'],
  ['an object', KEY, { one: ONE }, [], 'keys in the secret is no list'],
  ['a text', KEY, ONE, [], 'keys in the secret is no list'],
])('counts %s in the wrong place as one entry that must be taken out first', (_, entry, value, empty, message) => {
  const json = { [entry.member]: value };
  const [only, ...others] = entriesOf(both, json);
  expect([only, others]).toEqual([expect.objectContaining({ name: null, isUsable: false, kind: entry.kind }), []]);
  const refused = () => add(json, `APItwo:${TWO}`, entry, both);
  expect(refused).toThrow(message);
  expect(refused).toThrow(`npx meetbus secrets retire ${only?.fingerprint}`);
  expect(withoutEntry(both, json, only?.fingerprint ?? '', false)).toEqual({ [entry.member]: empty });
});

it('takes __proto__ for a name like any other', () => {
  const json = add(add({}, `__proto__:${ONE}`), `constructor:${TWO}`);
  expect(JSON.stringify(json.apiKeys)).toBe(`{"__proto__":"${ONE}","constructor":"${TWO}"}`);
  expect(entriesOf(owner, json).map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
  const left = withoutEntry(owner, json, fingerprintOf(`__proto__:${ONE}`), false);
  expect(JSON.stringify(left.apiKeys)).toBe(`{"constructor":"${TWO}"}`);
});
