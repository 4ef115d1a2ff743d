/** Wrong ways to load keys. */
import { verifyWithFreshKeys } from '../../../kit/fresh-keys';
import { verifyHmac } from '../../../kit/hmac';
import { refused } from '../../../runtime';
import { answer, parse, SCHEME } from '../acme';
import { FIRST_LOAD, NOTHING_IS_VERIFIED, OUTAGE, RETIREMENT, ROTATION } from './checks';
import { around, type Row, route } from './parts';

export const ofKeys: readonly Row[] = [
  [
    'keys that cannot be read',
    route(({ secret }) => {
      const keys = secret<{ keys: Buffer[] }>({
        parse: () => {
          throw new TypeError('There is no list.');
        },
      });
      return (delivery) => verifyWithFreshKeys(keys, (live) => verifyHmac(delivery, live.keys, SCHEME));
    }),
    NOTHING_IS_VERIFIED,
    /refused with key_unavailable \(503\)\. Loading its keys threw TypeError, see the cause/,
  ],
  [
    'keys that are not loaded again where none matches',
    route(({ secret }) => {
      const keys = secret({ parse });
      return async (delivery) => {
        const held = await keys.get();
        return held.ok ? answer(delivery, verifyHmac(delivery, held.value.keys, SCHEME)) : refused(held.missing);
      };
    }),
    [ROTATION, OUTAGE],
    /key that is a second old is refused with no_matching_key/,
  ],
  [
    'keys that are kept for ever',
    route(({ secret }) => {
      const keys = secret({ parse });
      const all = new Set<Buffer>();
      return async (delivery) => {
        const verified = await verifyWithFreshKeys(keys, (live) => {
          for (const key of live.keys) all.add(key);
          return verifyHmac(delivery, [...all], SCHEME);
        });
        return answer(delivery, verified);
      };
    }),
    [RETIREMENT],
    /key before is still verified on acme\/hooks/,
  ],
  [
    'keys that must be fresh',
    route(({ secret }) => {
      const keys = secret({ parse });
      return async (delivery) => {
        const held = await keys.refresh();
        return held.ok ? answer(delivery, verifyHmac(delivery, held.value.keys, SCHEME)) : refused(held.missing);
      };
    }),
    [OUTAGE],
    /genuine delivery is refused with key_unavailable \(503\)/,
  ],
  [
    'missing keys that are taken for a wrong signature',
    around(async (delivery, verify) => {
      const outcome = await verify(delivery);
      const isMissing = outcome.outcome === 'refused' && /unavailable|configured/.test(outcome.reason);
      return isMissing ? refused('no_matching_key') : outcome;
    }),
    [FIRST_LOAD, OUTAGE],
    /refused with no_matching_key \(401\) on acme\/hooks where the first load of keys fails/,
  ],
];
