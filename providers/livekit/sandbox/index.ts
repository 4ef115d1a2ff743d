import { randomBytes } from 'node:crypto';
import type { ProviderBody } from '../../kit/sandbox/delivery';
import type { Sandbox } from '../../sandbox';
import { LIVEKIT_EVENTS, livekitBody } from './bodies';
import { livekitMeeting } from './meeting';
import { signLiveKit } from './sign';
import { livekitVariants } from './variants';

export { livekitBody } from './bodies';
export type { LiveKitOptions } from './ids';

/** One body for every LiveKit event, by event name. */
export const livekitSamples: Readonly<Record<string, ProviderBody>> = Object.fromEntries(
  LIVEKIT_EVENTS.map((event) => [event, livekitBody(event)]),
);

/** LiveKit on a laptop. */
export const sandbox: Sandbox = {
  events: LIVEKIT_EVENTS,
  body: livekitBody,
  routeOf: () => '/livekit/webhooks',
  meeting: livekitMeeting,
  variants: livekitVariants,
  makeUpSecret: () => ({ apiKeys: [`API${randomBytes(6).toString('hex')}:${randomBytes(32).toString('base64url')}`] }),
  sign({ body, at = new Date() }, { entry }) {
    const apiKey = entry('apiKeys');
    const colon = apiKey.indexOf(':');
    const pair = { apiKey: apiKey.slice(0, colon), apiSecret: apiKey.slice(colon + 1) };
    return { headers: signLiveKit({ ...pair, body, at }) };
  },
  // A token lives for five minutes, and an hour is allowed for late tries and clocks that are wrong.
  toleranceSeconds: { past: 3_900, future: 3_600 },
};
