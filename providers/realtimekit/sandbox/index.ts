import { randomBytes, randomUUID } from 'node:crypto';
import type { ProviderBody } from '../../kit/sandbox/delivery';
import { sampleId } from '../../kit/sandbox/ids';
import type { Sandbox } from '../../sandbox';
import { REALTIMEKIT_EVENTS, realtimekitBody } from './bodies';
import { keyServer } from './key-server';
import { realtimekitMeeting } from './meeting';
import { signRealtimeKit } from './sign';
import { realtimekitVariants } from './variants';

export { type RealtimeKitOptions, realtimekitBody, SAMPLE_ORGANIZATION_ID } from './bodies';

/** One body for every RealtimeKit event, by event name. */
export const realtimekitSamples: Readonly<Record<string, ProviderBody>> = Object.fromEntries(
  REALTIMEKIT_EVENTS.map((event) => [event, realtimekitBody(event)]),
);

/** Names the registration of the sample webhook. */
const WEBHOOK_ID = sampleId('realtimekit/webhook');

/** RealtimeKit on a laptop. */
export const sandbox: Sandbox = {
  events: REALTIMEKIT_EVENTS,
  body: realtimekitBody,
  routeOf: () => '/realtimekit/webhooks',
  meeting: realtimekitMeeting,
  variants: realtimekitVariants,
  makeUpSecret: () => ({ urlTokens: [randomBytes(24).toString('base64url')] }),
  sign({ body, id: uuid = randomUUID() }, { entry, privateKey }) {
    const ids = { uuid, webhookId: WEBHOOK_ID };
    return {
      headers: signRealtimeKit({ privateKeyPem: privateKey(), body, ...ids }),
      urlEnd: `/${entry('urlTokens')}`,
    };
  },
  server: keyServer,
};
