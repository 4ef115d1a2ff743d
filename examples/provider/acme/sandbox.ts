/** Acme Rooms on a laptop: samples, one meeting, a made-up secret, and a signer that shares no code with what verifies. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { SampleOptions, Sandbox } from 'meetbus/provider';

const ROUTE = '/acme/webhooks';

/** The same name gives the same id. */
const idOf = (seed: string, name: string): string =>
  createHash('sha256').update(`${seed}/${name}`).digest('hex').slice(0, 16);

const BODIES: Readonly<Record<string, (options: SampleOptions) => object>> = {
  'room.opened': ({ seed }) => ({
    room: { id: idOf(seed, 'room'), name: 'Planning round', hostKey: idOf(seed, 'host-key') },
  }),
  'whiteboard.exported': ({ seed }) => ({
    room: { id: idOf(seed, 'room') },
    whiteboard: { id: idOf(seed, 'whiteboard') },
  }),
};

/** A body as Acme sends it: each has an id, a type and a time. */
function body(event: string, options: SampleOptions) {
  const own = BODIES[event];
  if (!own) throw new Error(`There is no sample of ${event}. There are: ${Object.keys(BODIES).join(', ')}.`);
  return { id: `evt_${idOf(options.seed, event)}`, type: event, at: options.at.toISOString(), ...own(options) };
}

export const sandbox: Sandbox = {
  events: Object.keys(BODIES),
  body,
  routeOf: () => ROUTE,
  meeting: ({ seed, start }) =>
    Object.keys(BODIES).map((event, minutes) => {
      const at = new Date(start.getTime() + minutes * 60_000);
      return { route: ROUTE, event, body: body(event, { seed: `${seed}/${start.toISOString()}`, at }), at };
    }),
  variants: [],
  makeUpSecret: () => ({ signingKeys: [randomBytes(32).toString('hex')] }),
  sign({ body: bytes, at = new Date() }, keys) {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const digest = createHmac('sha256', keys.entry('signingKeys')).update(`${timestamp}.`).update(bytes).digest('hex');
    return { headers: { 'acme-timestamp': timestamp, 'acme-signature': `sha256=${digest}` } };
  },
  toleranceSeconds: 300,
};
