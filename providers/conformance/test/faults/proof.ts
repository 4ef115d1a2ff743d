/** Wrong ways to verify. */
import { verifyWithFreshKeys } from '../../../kit/fresh-keys';
import { valuesOf } from '../../../kit/headers';
import { verifyHmac } from '../../../kit/hmac';
import { refused, verifiedBy } from '../../../runtime';
import { answer, parse, SCHEME } from '../acme';
import {
  DISTINCT,
  DOUBLED,
  FIRST_LOAD,
  GENUINE,
  HANDSHAKE,
  HOSTILE_DELIVERIES,
  OUTAGE,
  RETIREMENT,
  RETRY,
  STALE,
  TAMPERED,
  UNSIGNED,
} from './checks';
import { around, checking, digestOf, type Row, route, schemeOf, signing } from './parts';

export const ofProof: readonly Row[] = [
  [
    'one event is refused',
    around(async (delivery, verify) =>
      delivery.body.includes('"kind":"call.ended"') ? refused('no_matching_key') : verify(delivery),
    ),
    [GENUINE, RETRY, DISTINCT],
    /genuine call\.ended on acme\/hooks is refused with no_matching_key \(401\)/,
  ],
  [
    'a signature that does not cover the body',
    {
      ...checking((delivery, keys) =>
        verifyHmac(
          delivery,
          keys,
          schemeOf((sent, timestamp) => [`${valuesOf(sent, 'acme-id')[0]}.${timestamp}`]),
        ),
      ),
      sandbox: signing((id, timestamp) => [`${id}.${timestamp}`]),
    },
    [TAMPERED, HANDSHAKE],
    /with one more byte in the body on acme\/hooks is verified/,
  ],
  [
    'a signature of which the beginning counts',
    checking((delivery, keys) => {
      const [sent = ''] = valuesOf(delivery, 'acme-signature');
      const [timestamp = ''] = valuesOf(delivery, 'acme-timestamp');
      const exact = verifyHmac(delivery, keys, SCHEME);
      if (exact.outcome === 'verified' || exact.reason !== 'no_matching_key') return exact;
      const [id] = valuesOf(delivery, 'acme-id');
      const matches = keys.some((key) =>
        sent.startsWith(`sha256=${digestOf(key, `${id}.${timestamp}.`, delivery.body).slice(0, 8)}`),
      );
      return matches ? verifiedBy('signature') : exact;
    }),
    [TAMPERED, DOUBLED, HANDSHAKE],
    /one changed character in acme-signature/,
  ],
  [
    'a timestamp that never expires',
    checking((delivery, keys) =>
      verifyHmac(delivery, keys, {
        ...SCHEME,
        timestamp: { header: 'acme-timestamp', toleranceSeconds: 1e9 },
      } as typeof SCHEME),
    ),
    [STALE],
    /dated -305 s from now on acme\/hooks is verified/,
  ],
  [
    'a timestamp that is not signed',
    {
      ...checking((delivery, keys) =>
        verifyHmac(
          delivery,
          keys,
          schemeOf((sent) => [`${valuesOf(sent, 'acme-id')[0]}.`, sent.body]),
        ),
      ),
      sandbox: signing((id, _timestamp, body) => [`${id}.`, body]),
    },
    [STALE],
    /old delivery with a new timestamp on acme\/hooks is verified/,
  ],
  [
    'a sandbox that does not tell the tolerance',
    { sandbox: { toleranceSeconds: undefined } as never },
    [STALE],
    /acme-timestamp on acme\/hooks holds a timestamp. Give toleranceSeconds/,
  ],
  [
    'a sandbox that is wrong about what lies ahead',
    { sandbox: { toleranceSeconds: { past: 300, future: 600 } } },
    [STALE],
    /dated 595 s from now on acme\/hooks is refused with timestamp_in_future/,
  ],
  [
    'a header that may not be folded',
    around(async (delivery, verify) =>
      [...delivery.headers.values()].some((values) => values.join().includes(','))
        ? refused('repeated_header')
        : verify(delivery),
    ),
    [DOUBLED],
    /acme-id is sent twice on acme\/hooks is refused with repeated_header/,
  ],
  [
    'a handshake that is answered to anybody',
    around(async (delivery, verify) => {
      const answered = await answer(delivery, verifiedBy('signature'));
      return answered.outcome === 'answered' ? answered : verify(delivery);
    }),
    [HANDSHAKE],
    /without headers and token, a handshake on acme\/hooks, is answered with 200/,
  ],
  [
    'a handshake that is not answered',
    route(({ secret }) => {
      const keys = secret({ parse });
      return (delivery) => verifyWithFreshKeys(keys, (live) => verifyHmac(delivery, live.keys, SCHEME));
    }),
    [HANDSHAKE],
    /must be answered with 2xx/,
  ],
  [
    'everything is believed',
    route(({ secret }) => {
      const keys = secret({ parse });
      return async () => {
        await keys.get();
        return verifiedBy('signature');
      };
    }),
    [TAMPERED, STALE, DOUBLED, HANDSHAKE, RETIREMENT, OUTAGE, FIRST_LOAD, UNSIGNED, HOSTILE_DELIVERIES],
    /without headers and token on acme\/hooks is verified/,
  ],
];
