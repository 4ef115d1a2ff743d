/** What a verifier needs to know of Recall.ai. */
import { hash } from 'node:crypto';
import { firstId } from '../kit/values';
import type { ProviderIntake } from '../provider';
import { isRealTimeName, recallTypeOf } from './event-names';
import { messageIdOf } from './signature';

/** Recall retries for about 28 hours at the most. */
const SEVEN_DAYS_SECONDS = 7 * 24 * 3600;

export const recallIntake: ProviderIntake = {
  name: 'recall',
  families: ['bot', 'participant', 'recording', 'transcript', 'workspace', 'unrecognized'],
  rememberSeconds: SEVEN_DAYS_SECONDS,
  typeOf: recallTypeOf,
  isProvedByToken: isRealTimeName,
  // Two genuine `calendar.update` bodies are identical, so the signed message id decides; one that no signature proved
  // is the sender's word alone.
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
};
