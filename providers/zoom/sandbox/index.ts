import { randomBytes, randomUUID } from 'node:crypto';
import type { Sandbox } from '../../sandbox';
import { ZOOM_EVENTS } from '../event-names';
import { zoomBody } from './bodies';
import { zoomMeeting } from './meeting';
import { signZoom } from './sign';
import { zoomVariants } from './variants';

export { type ZoomOptions, zoomBody } from './bodies';

const ROUTE = '/zoom/webhooks';

const token = () => randomBytes(16).toString('base64url');

/** Zoom on a laptop. */
export const sandbox: Sandbox = {
  events: ZOOM_EVENTS,
  body: zoomBody,
  routeOf: () => ROUTE,
  meeting: zoomMeeting,
  variants: zoomVariants,
  makeUpSecret: () => ({ secretTokens: [token()] }),
  sign({ body, id: trackingId = randomUUID(), at = new Date() }, { entry }) {
    const timestampSeconds = Math.floor(at.getTime() / 1000);
    return { headers: signZoom({ secretToken: entry('secretTokens'), body, timestampSeconds, trackingId }) };
  },
  toleranceSeconds: { past: 24 * 3600, future: 300 },
  handshake() {
    const body = { payload: { plainToken: token() }, event_ts: Date.now(), event: 'endpoint.url_validation' };
    return { route: ROUTE, body: JSON.stringify(body) };
  },
};
