/** Help of `meetbus secrets`, and what it shows, for several providers. */
import { stripVTControlCharacters } from 'node:util';
import { helpOf } from '../../../../bin/commands/secrets/help';
import type { SecretOwner } from '../../../../bin/commands/secrets/owners';
import { secretOwners } from '../../../../bin/commands/secrets/owners';
import { printSecrets } from '../../../../bin/commands/secrets/print';
import { reflowed, widthOf } from '../../../../bin/terminal';
import { namedKeyKind } from '../../../../providers/kit/secret-entries';

const VALUE = 'a-value-of-an-api-key';

const acme = {
  name: 'acme-rooms',
  title: 'Acme Rooms',
  secret: {
    name: 'acme/keys',
    entries: [
      {
        ...namedKeyKind('apiKeys'),
        kind: 'api-key',
        title: 'API key',
        description: 'Acme Rooms signs with it; its settings show it',
        prompt: 'API key of Acme Rooms (<name>:<key>)',
      },
    ],
  },
} as never as SecretOwner;

it('lists the kinds of each provider, and says how a value with a name is typed', () => {
  const help = reflowed(helpOf([...secretOwners(), acme]), 80);
  expect(help).toMatch(/^ {2}acme-rooms\n {4}api-key +Acme Rooms signs with it; its settings show it$/m);
  expect(help).toContain('typed as <name>:<value>');
  expect(help.split('\n').filter((line) => widthOf(line) > 80)).toEqual([]);
  expect(helpOf(secretOwners().slice(0, 1))).not.toContain('<name>');
});

it('needs no provider for a kind of a built-in one: each has another', () => {
  const kinds = secretOwners().flatMap(({ secret }) => secret.entries.map(({ kind }) => kind));
  expect(kinds).toEqual([...new Set(kinds)]);
});

it('shows names beside fingerprints, in 80 columns, and no value', () => {
  const log = jest.spyOn(console, 'log').mockImplementation();
  const columns = process.env.COLUMNS;
  process.env.COLUMNS = '80';
  try {
    const json = {
      apiKeys: { APIone: VALUE, [VALUE]: 'swapped', [`API${'o'.repeat(60)}`]: VALUE },
      addedAt: {},
    };
    printSecrets(
      [{ owner: acme, name: 'acme/keys', json, isObject: true, versionId: '1', createdAt: new Date(0) }],
      {},
    );
    const shown = stripVTControlCharacters(String(log.mock.calls[0]?.[0]));
    expect(shown).toContain('3 api-keys');
    expect(shown).toMatch(/^kind +name +fingerprint +added/m);
    expect(shown).toMatch(/^api-key +APIone +[0-9a-f]{12} +unknown$/m);
    expect(shown).toMatch(/^api-key +[0-9a-f]{12} +unknown +not usable: ignored$/m);
    expect(shown).not.toContain(VALUE);
    expect(shown.split('\n').filter((line) => widthOf(line) > 80)).toEqual([]);
  } finally {
    log.mockRestore();
    if (columns === undefined) delete process.env.COLUMNS;
    else process.env.COLUMNS = columns;
  }
});
