/** A key that rotated right before its source went down: one copy of the verifier has it, and the others find it. */

import { type Refused, refused, type Verified, verifiedBy } from '../../runtime';
import { verifyWithFreshKeys } from '../fresh-keys';
import { NotConfiguredError, StaleIfErrorCache } from '../stale-if-error-cache';

const isKey =
  (wanted: string) =>
  (key: string): Verified | Refused =>
    key === wanted ? verifiedBy('signature') : refused('no_matching_key');

it('is taken from where another copy has kept it, and nothing else is believed', async () => {
  let isDown = false;
  const keys = new StaleIfErrorCache({
    load: async () => {
      if (isDown) throw new Error('The key server is down.');
      return 'old';
    },
    maxAgeMs: 3_600_000,
    fallback: async () => 'new',
  });
  expect(await verifyWithFreshKeys(keys, isKey('old'))).toEqual(verifiedBy('signature'));
  isDown = true;
  expect(await verifyWithFreshKeys(keys, isKey('new'))).toEqual(verifiedBy('signature'));
  expect(await verifyWithFreshKeys(keys, isKey('forged'))).toEqual(refused('key_unavailable'));
  expect(await verifyWithFreshKeys(keys, isKey('old'))).toEqual(verifiedBy('signature'));
});

it.each([
  ['its own class', new NotConfiguredError('Nothing usable.')],
  [
    'that of a runtime, which is compiled apart',
    Object.assign(new Error('Nothing usable.'), { name: 'NotConfiguredError' }),
  ],
])('knows a source without a usable value by an error of %s', async (_name, error) => {
  const keys = new StaleIfErrorCache<string>({ load: () => Promise.reject(error), maxAgeMs: 1 });
  expect(await verifyWithFreshKeys(keys, isKey('any'))).toEqual(refused('not_configured'));
});
