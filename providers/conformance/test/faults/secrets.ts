/** Secrets that come out, and input that is not expected. */
import { verifyWithFreshKeys } from '../../../kit/fresh-keys';
import { valuesOf } from '../../../kit/headers';
import { verifyHmac } from '../../../kit/hmac';
import { memberAt, textAt } from '../../../kit/values';
import { answer, hooks, parse, runtime, SCHEME } from '../acme';
import { HOSTILE_BODIES, HOSTILE_DELIVERIES, NOT_JSON, REDACTION, SILENCE } from './checks';
import { around, type Row, route } from './parts';

export const ofSecrets: readonly Row[] = [
  [
    'a credential in an event',
    {
      runtime: {
        normalize: (body, event) => {
          const made = runtime.normalize(body, event);
          const password = textAt(body, 'call', 'joinPassword');
          return made && 'data' in made ? { ...made, subject: `${made.subject}/${password}` } : made;
        },
      },
    },
    [REDACTION],
    /value of a credential into call\.started/,
  ],
  [
    'a credential without a name',
    { runtime: { credentialMembers: [] } },
    [REDACTION],
    /joinPassword, which looks like a credential/,
  ],
  [
    'a credential that no sample has',
    { runtime: { credentialMembers: ['joinPassword', 'stream_key'] } },
    [REDACTION],
    /No sample has the member stream_key/,
  ],
  [
    'a long header that is an error',
    around(async (delivery, verify) => {
      if (valuesOf(delivery, 'acme-signature').join().length > 10_000) throw new RangeError('too long');
      return verify(delivery);
    }),
    [HOSTILE_DELIVERIES],
    /hostile delivery on acme\/hooks is not verified, because it threw RangeError/,
  ],
  [
    'a body that must have its shape',
    { runtime: { groupOf: (body) => (memberAt(body, 'call') as { id: string }).id } },
    [HOSTILE_BODIES, NOT_JSON],
    /groupOf throws TypeError/,
  ],
  [
    'a payload that must have its shape',
    {
      runtime: {
        normalize: (body, event) => {
          if (runtime.typeOf(event, body)) (memberAt(body, 'call', 'id') as string).trim();
          return runtime.normalize(body, event);
        },
      },
    },
    [HOSTILE_BODIES],
    /normalize of a damaged call\.started throws TypeError/,
  ],
  [
    'a signature in the log',
    route((context) => {
      const verify = hooks(context);
      return async (delivery) => {
        context.warn('refused', { headers: Object.fromEntries(delivery.headers) });
        return verify(delivery);
      };
    }),
    [SILENCE],
    /A secret, a token, a signature or a body stands in what the runtime logs/,
  ],
  [
    'an entry of the secret in the log',
    route(({ secret }) => {
      const keys = secret({ parse: (json) => ({ ...parse(json), ignored: [JSON.stringify(json)] }) });
      return async (delivery) =>
        answer(delivery, await verifyWithFreshKeys(keys, (live) => verifyHmac(delivery, live.keys, SCHEME)));
    }),
    [SILENCE],
    /A secret, a token, a signature or a body stands in what the runtime logs/,
  ],
  [
    'a line on the console',
    around(async (delivery, verify) => {
      console.info('A delivery has come.');
      return verify(delivery);
    }),
    [SILENCE],
    /writes to the console/,
  ],
];
