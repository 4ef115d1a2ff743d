/** A key that rotated right before its source went down: one copy of the verifier has it, and the others find it. */

import { refused, type Verification, verifiedBy } from '../../provider';
import { verifyWithFreshKeys } from '../fresh-keys';
import { LastGood } from '../last-good';

const isKey =
  (wanted: string) =>
  (key: string): Verification =>
    key === wanted ? verifiedBy('signature') : refused('no_matching_key');

it('is taken from where another copy has kept it, and nothing else is believed', async () => {
  let isDown = false;
  const keys = new LastGood({
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
