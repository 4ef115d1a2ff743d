/** Recall.ai in Lambda. */
import { hash } from 'node:crypto';
import type { Normalized } from '../kit/normalize';
import { messageIdOf } from '../kit/standard-webhooks';
import { firstId, memberAt, textAt } from '../kit/values';
import type { Beginning, Moment, Occurrence, ProviderRuntime } from '../runtime';
import { isRealTimeName, recallTypeOf } from './event-names';
import type * as Normalize from './normalize';
import { type RecallOptions, realtime, webhooks } from './verify';

/** Recall.ai retries for at most about 28 hours. */
const SEVEN_DAYS_SECONDS = 7 * 24 * 3600;

/** Codes of a bot's status events about a room or a participant: they do not change the bot's status. */
const OF_OTHERS: ReadonlySet<unknown> = new Set([
  'breakout_room_opened',
  'breakout_room_closed',
  'participant_in_waiting_room',
]);

/** Codes of a bot's beginning and of its end. Both codes of the end may arrive. */
const BOT_MOMENTS: ReadonlyMap<unknown, Moment> = new Map([
  ['joining_call', 'begun'],
  ['done', 'ended'],
  ['fatal', 'ended'],
]);

export const runtime: ProviderRuntime<RecallOptions> = {
  rememberSeconds: SEVEN_DAYS_SECONDS,
  routes: { 'recall/webhooks': webhooks, 'recall/realtime': realtime },
  eventNameOf: (body) => textAt(body, 'event'),
  typeOf: recallTypeOf,
  isProvedByToken: isRealTimeName,
  // Genuine `calendar.update` bodies can be identical, so the signed message id identifies a delivery. A sender can
  // choose an unsigned id, so then the body identifies it.
  identify(delivery, _reading, { proof }) {
    const messageId = proof === 'signature' ? messageIdOf(delivery) : undefined;
    return messageId === undefined
      ? { deliveryId: undefined, key: `body:${hash('sha256', delivery.body)}` }
      : { deliveryId: messageId, key: `id:${messageId}` };
  },
  groupOf: (body) =>
    firstId(body, [
      ['data', 'bot', 'id'],
      ['data', 'bot_id'],
      ['data', 'calendar_id'],
      ['data', 'recording', 'id'],
    ]),
  // Loaded with the first body: a verifier needs no schemas, and they would be a fifth of its code.
  normalize: (body, event) => (require('./normalize') as typeof Normalize).normalizeRecall(body, event),
  credentialMembers: [],
  isOwnStatus: ({ type, data }) => type !== 'bot.status_changed' || !OF_OTHERS.has(memberAt(data, 'status', 'code')),
  momentOf: ({ type, data }) =>
    type === 'bot.status_changed' ? BOT_MOMENTS.get(memberAt(data, 'status', 'code')) : undefined,
  occurrenceOf,
  beginningOf,
};

/** Beginnings of the types whose status is in Recall.ai's API too. Live events of a transcript have no status. */
const IN_API = ['bot.', 'recording.', 'transcript.', 'media.', 'endpoint.'];

/** A status can come again, such as the recording of a bot after a pause, so its time matters. */
function occurrenceOf({ type, subject, time, data }: Normalized): Occurrence | undefined {
  if (type === 'calendar.synced') return { key: `${subject}#${type}`, time: textAt(data, 'lastupdatedat') };
  const code = textAt(data, 'status', 'code');
  if (code === undefined) return undefined;
  const isInApi = IN_API.some((prefix) => type.startsWith(prefix));
  return isInApi ? { key: `${subject}#${type}#${code}`, time } : undefined;
}

/** Hours: nearly every meeting is shorter. A longer one costs a few requests. */
const LONGEST_MEETING = 4;

/** Hours after a meeting in which its recording is processed. */
const PROCESSING = 1;

/** A bot, or a recording of one: it is read with its bot, and is called processing from its beginning on. */
function beginningOf({ type, subject, data }: Normalized): Beginning | undefined {
  const code = memberAt(data, 'status', 'code');
  const endingIn = (...codes: string[]) => codes.map((end) => `${subject}#${type}#${end}`);
  if (type === 'bot.status_changed' && BOT_MOMENTS.get(code) === 'begun') {
    return { subject, endedBy: endingIn('done', 'fatal'), hours: LONGEST_MEETING };
  }
  const bot = textAt(data, 'bot', 'id');
  if (type !== 'recording.started' || bot === undefined) return undefined;
  const ends = { ready: 'done', failed: 'failed', deleted: 'deleted' };
  return {
    subject: `bot/${bot}`,
    endedBy: Object.entries(ends).map(([end, status]) => `${subject}#recording.${end}#${status}`),
    hours: LONGEST_MEETING + PROCESSING,
  };
}
