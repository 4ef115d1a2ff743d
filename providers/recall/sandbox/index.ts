import { randomBytes, randomUUID } from 'node:crypto';
import { signStandardWebhook } from '../../kit/sandbox/sign';
import type { Sandbox } from '../../sandbox';
import { recallBody, recallRoute, recallSamples } from './bodies';
import { recallMeeting } from './meeting';
import { recallVariants } from './variants';

export { type RecallOptions, type RecallParticipant, recallBody, recallRoute, recallSamples } from './bodies';

/** Recall.ai on a laptop. */
export const sandbox: Sandbox = {
  events: Object.keys(recallSamples),
  body: recallBody,
  routeOf: recallRoute,
  meeting: recallMeeting,
  variants: recallVariants,
  makeUpSecret: () => ({
    signingSecrets: [`whsec_${randomBytes(24).toString('base64')}`],
    realtimeTokens: [randomBytes(24).toString('base64url')],
  }),
  toleranceSeconds: 300,
  sign({ route, body, id = `msg_${randomUUID().replaceAll('-', '')}`, at = new Date() }, { entry }) {
    if (route === '/recall/realtime') return { urlEnd: `?token=${encodeURIComponent(entry('realtimeTokens'))}` };
    const headers = signStandardWebhook({
      secret: entry('signingSecrets'),
      id,
      timestampSeconds: Math.floor(at.getTime() / 1000),
      body,
      headerFamily: 'webhook',
    });
    return { headers };
  },
};
