/** Wrong identities, types and events. */
import { valuesOf } from '../../../kit/headers';
import { memberAt } from '../../../kit/values';
import { refused } from '../../../runtime';
import { runtime, sandbox } from '../acme';
import {
  BEGINNINGS,
  DISTINCT,
  FAMILIES,
  HOSTILE_BODIES,
  NOT_JSON,
  OCCURRENCES,
  OVERSIZED,
  RETRY,
  TYPES,
  UNKNOWN,
  UNSIGNED,
} from './checks';
import { around, type Row, withIdentity } from './parts';

export const ofEvents: readonly Row[] = [
  [
    'a key that holds the time',
    withIdentity(({ receivedAt, body }) => `${receivedAt} ${body}`),
    [RETRY],
    /retry of call\.started another key/,
  ],
  [
    'a key that holds the name alone',
    withIdentity(({ body }) => body.toString().slice(0, 30) || 'none'),
    [DISTINCT],
    /gives call\.started the key of another delivery/,
  ],
  [
    'a key from a header that is not signed',
    withIdentity((delivery) => `${valuesOf(delivery, 'acme-trace')[0]}${delivery.body}`, {
      sign: (delivery, keys) => {
        const { headers } = sandbox.sign(delivery, keys);
        return { headers: { ...headers, 'acme-trace': delivery.id ?? '' } };
      },
    }),
    [UNSIGNED],
    /captured delivery with another acme-trace counts as a new one/,
  ],
  [
    'occurrences that are all the same',
    { runtime: { occurrenceOf: () => ({ key: 'same' }) } },
    [OCCURRENCES],
    /occurrenceOf gives .* the key of another event/,
  ],
  [
    'an occurrence without a key',
    { runtime: { occurrenceOf: () => ({ key: '' }) } },
    [OCCURRENCES],
    /occurrenceOf gives .* an empty key/,
  ],
  [
    'an occurrence with a time of the provider',
    { runtime: { occurrenceOf: ({ subject, type }) => ({ key: `${subject}#${type}`, time: '2026-03-02 09:30:00' }) } },
    [OCCURRENCES],
    /occurrenceOf gives .* a time that normalize would write in another way/,
  ],
  [
    'a beginning of a provider without a backfill',
    { runtime: { beginningOf: ({ subject }) => ({ subject, endedBy: ['end'], hours: 1 }) } },
    [BEGINNINGS],
    /beginningOf needs the backfill/,
  ],
  [
    'a sample that does not fit',
    {
      runtime: {
        normalize: (body, event) =>
          event === 'call.ended' ? { problems: ['call.end: string'] } : runtime.normalize(body, event),
      },
    },
    [TYPES],
    /mismatch in call\.ended \(sample\): call\.end: string/,
  ],
  [
    'a variant that does not fit',
    {
      sandbox: {
        variants: [
          { name: 'no call', event: 'call.ended', body: { event: 'call.ended', kind: 'call.ended' }, why: '' },
        ],
      },
    },
    [TYPES],
    /mismatch in call\.ended \(no call\)/,
  ],
  [
    'a type of another family',
    {
      runtime: {
        typeOf: (event, body) => (event === 'call.ended' ? 'bot.status_changed' : runtime.typeOf(event, body)),
      },
      definition: { families: ['meeting', 'bot', 'unrecognized'] },
    },
    [TYPES, HOSTILE_BODIES],
    /puts call\.ended into the family bot/,
  ],
  [
    'a family that a damaged body changes',
    {
      runtime: {
        typeOf: (event, body) =>
          memberAt(body, 'event') === event ? runtime.typeOf(event, body) : 'bot.status_changed',
      },
    },
    [HOSTILE_BODIES, UNKNOWN],
    /puts call\.started into the family bot, and normalize makes a meeting\.started of a damaged call\.started/,
  ],
  [
    'a family that only a variant has',
    {
      runtime: {
        typeOf: (event, body) => (memberAt(body, 'bot') === true ? 'bot.status_changed' : runtime.typeOf(event, body)),
        normalize: (body, event) =>
          memberAt(body, 'bot') === true
            ? ({
                type: 'bot.status_changed',
                subject: 'bot/1',
                data: { bot: { id: '1' }, status: { code: 'a' } },
              } as never)
            : runtime.normalize(body, event),
      },
      sandbox: {
        variants: [
          { name: 'a bot', event: 'call.ended', body: { event: 'call.ended', kind: 'call.ended', bot: true }, why: '' },
        ],
      },
    },
    [FAMILIES],
    /lacks bot, the family of call\.ended/,
  ],
  [
    'an event that breaks the contract',
    {
      runtime: {
        normalize: (body, event) =>
          runtime.normalize(body, event) && ({ type: 'meeting.started', subject: 'a', data: {} } as never),
      },
    },
    [TYPES, HOSTILE_BODIES],
    /meeting\.started in call\.started \(sample\) breaks the contract at data\.meeting/,
  ],
  ['a family that is missing', { definition: { families: ['unrecognized'] } }, [FAMILIES], /lacks meeting/],
  [
    'a family too many',
    { definition: { families: ['meeting', 'bot', 'unrecognized'] } },
    [FAMILIES],
    /has bot, and no sample/,
  ],
  [
    'names that every object has',
    {
      runtime: {
        typeOf: (event) => ({ 'call.started': 'meeting.started', 'call.ended': 'meeting.ended' })[event] as never,
      },
    },
    [UNKNOWN],
    /typeOf knows the event "constructor"/,
  ],
  [
    'an unknown event that is refused',
    around(async (delivery, verify) =>
      delivery.body.includes('next_year') ? refused('no_matching_key') : verify(delivery),
    ),
    [UNKNOWN],
    /unknown event name is refused with no_matching_key/,
  ],
  [
    'a verified body that must be JSON',
    around(async (delivery, verify) => {
      const outcome = await verify(delivery);
      if (outcome.outcome === 'verified') JSON.parse(delivery.body.toString());
      return outcome;
    }),
    [NOT_JSON],
    /body that is not JSON is not verified, because it threw SyntaxError/,
  ],
  [
    'a body that must be small',
    around(async (delivery, verify) =>
      delivery.body.length > 1_000_000 ? refused('malformed_signature') : verify(delivery),
    ),
    [OVERSIZED],
    /body of 2000000 bytes is refused with malformed_signature/,
  ],
];
