/** Recall.ai in Lambda. */
import { hash } from 'node:crypto';
import { messageIdOf } from '../kit/standard-webhooks';
import { firstId, memberAt, textAt } from '../kit/values';
import type { Moment, ProviderRuntime } from '../runtime';
import { isRealTimeName, recallTypeOf } from './event-names';
import type * as Normalize from './normalize';
import { type RecallOptions, realtime, webhooks } from './verify';

/** Recall retries for about 28 hours at the most. */
const SEVEN_DAYS_SECONDS = 7 * 24 * 3600;

/** Codes of a bot's status events that are about a room or a participant: the bot stays in the status in which it was. */
const OF_OTHERS: ReadonlySet<unknown> = new Set([
  'breakout_room_opened',
  'breakout_room_closed',
  'participant_in_waiting_room',
]);

/** Codes with which a bot begins, and with which it has ended. Of the last two, both may come. */
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
  // Two genuine `calendar.update` bodies are identical, so the signed message id decides. An id that no signature proves is
  // whatever the sender says, so then the body decides.
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
  // Loaded with the first body that needs it: its schemas would be a fifth of what a verifier loads, which needs none of them.
  normalize: (body, event) => (require('./normalize') as typeof Normalize).normalizeRecall(body, event),
  credentialMembers: [],
  isOwnStatus: ({ type, data }) => type !== 'bot.status_changed' || !OF_OTHERS.has(memberAt(data, 'status', 'code')),
  momentOf: ({ type, data }) =>
    type === 'bot.status_changed' ? BOT_MOMENTS.get(memberAt(data, 'status', 'code')) : undefined,
};
