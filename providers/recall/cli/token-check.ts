/** Events that only a signature proves, sent to the URL of real-time endpoints with a token alone. */
import type { LookBack } from '../../../bin/commands/doctor/look-back';
import { type Finding, warning } from '../../../bin/findings';

/** Most event names that the finding lists. */
const MOST_NAMED = 5;

const REMEDY =
  'At Recall.ai, send what is no real-time event to recall/webhooks; npx meetbus secrets add signing-secret. ' +
  'Else somebody who knows a token forges events.';

export async function checkToken(back: LookBack): Promise<Finding[]> {
  const rows = (await back.askSaved('set-aside', 'recall')).filter(
    ({ unrecognized }) => unrecognized === 'signature_required',
  );
  if (rows.length === 0) return [];
  const names = rows.slice(0, MOST_NAMED).map(({ providerEvent = '' }) => providerEvent);
  const total = rows.reduce((sum, { deliveries = '0' }) => sum + Number(deliveries), 0);
  const message = `${total} deliveries set aside ${back.words}, proved by a token alone: ${names.join(', ')}.`;
  return [warning('real-time token', message, REMEDY)];
}
