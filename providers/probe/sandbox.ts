/** The probe on a laptop: what it sends, a made-up secret and its signer. */
import { randomBytes } from 'node:crypto';
import { sampleId } from '../kit/sandbox/ids';
import type { SampleOptions, Sandbox } from '../sandbox';
import { PROBE_ROUTE, probeBody } from './names';
import { SIGNING_KEYS } from './secret';
import { signProbe } from './sign';
import { PROBED_FAMILIES, type ProbedFamily, probeTypeOf } from './types';

const ROUTE = `/${PROBE_ROUTE}`;

function familyOf(event: string): ProbedFamily {
  const family = PROBED_FAMILIES.find((one) => probeTypeOf(one) === event);
  if (family) return family;
  throw new Error(`The probe has no event ${event}. It has: ${PROBED_FAMILIES.map(probeTypeOf).join(', ')}.`);
}

const body = (event: string, { seed, at }: SampleOptions) => ({
  ...probeBody(familyOf(event), sampleId(`${seed}/run`), at.getTime()),
});

export const sandbox: Sandbox = {
  events: PROBED_FAMILIES.map(probeTypeOf),
  body,
  routeOf: () => ROUTE,
  meeting: ({ seed, start: at }) =>
    PROBED_FAMILIES.map(probeTypeOf).map((event) => ({ route: ROUTE, event, body: body(event, { seed, at }), at })),
  variants: [],
  makeUpSecret: () => ({ [SIGNING_KEYS]: [randomBytes(32).toString('hex')] }),
  sign: ({ body: bytes, at = new Date() }, keys) => ({
    headers: signProbe(bytes, keys.entry(SIGNING_KEYS), at.getTime()),
  }),
  toleranceSeconds: 300,
};
