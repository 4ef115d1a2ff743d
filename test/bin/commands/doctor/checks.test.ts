/** Where the checks of providers stand among the doctor's own. */
import { checksOf } from '../../../../bin/commands/doctor/checks';
import { secretChecksOf } from '../../../../bin/commands/doctor/secret';
import type { ProviderCheck } from '../../../../providers/cli';
import { acme } from '../../../support/acme';

const check = (about: ProviderCheck['about']): ProviderCheck => ({ about, look: async () => [] });

const GENERAL = [
  ...['version', 'api', 'probe', 'concurrency', 'dead-letter queues', 'alarms', 'deliveries'],
  ...['unrecognized events', 'failures', 'lateness'],
];

it('has general checks alone for a provider without any', () => {
  expect(checksOf([{ commands: [] }]).map(({ name }) => name)).toEqual(GENERAL);
});

it('puts those of providers after what they are about, in the order of the providers', () => {
  const one = {
    commands: [],
    checks: { streams: check('deliveries'), key: check('sender'), entries: check('secret') },
  };
  const other = { commands: [], checks: { entries: check('secret'), webhook: check('sender') } };
  expect(checksOf([one, other]).map(({ name }) => name)).toEqual([
    ...[
      'version',
      'entries',
      'entries',
      'api',
      'probe',
      'key',
      'webhook',
      'concurrency',
      'dead-letter queues',
      'alarms',
    ],
    ...['deliveries', 'streams', 'unrecognized events', 'failures', 'lateness'],
  ]);
});

it('checks a secret itself, unless the provider brings a check about it', () => {
  const provider = acme({ more: { secret: { name: 'acme/keys', entries: [] } } });
  const namesWith = (checks: Readonly<Record<string, ProviderCheck>>) =>
    secretChecksOf([provider, acme()], new Map([[provider.name, { commands: [], checks }]])).map(({ name }) => name);
  expect(namesWith({ key: check('sender') })).toEqual(['secret of Acme Rooms']);
  expect(namesWith({ entries: check('secret') })).toEqual([]);
});
