/** Wrong definitions. */
import { hooks } from '../acme';
import {
  DEFINITION,
  DISTINCT,
  DOUBLED,
  GENUINE,
  HANDSHAKE,
  HOSTILE_BODIES,
  HOSTILE_DELIVERIES,
  NO_OPTIONS,
  NOT_JSON,
  OUTAGE,
  OVERSIZED,
  RETIREMENT,
  RETRY,
  ROTATION,
  SET_UP,
  STALE,
  TAMPERED,
  UNKNOWN,
  UNSIGNED,
} from './checks';
import { type Row, route } from './parts';

export const ofDefinition: readonly Row[] = [
  [
    'an id that no construct may have',
    { definition: { routes: [{ path: 'acme/hooks', id: 'acme hooks', slowestMs: 1 }] } },
    [DEFINITION],
    /PascalCase: "acme hooks"/,
  ],
  [
    'a route that the runtime does not serve',
    {
      definition: { routes: [{ path: 'acme/other', id: 'AcmeOther', slowestMs: 1 }] },
      sandbox: { routeOf: () => '/acme/other' },
    },
    [
      DEFINITION,
      GENUINE,
      TAMPERED,
      STALE,
      DOUBLED,
      HANDSHAKE,
      ROTATION,
      RETIREMENT,
      OUTAGE,
      RETRY,
      DISTINCT,
      UNSIGNED,
      UNKNOWN,
      NOT_JSON,
      OVERSIZED,
      HOSTILE_DELIVERIES,
      HOSTILE_BODIES,
    ],
    /runtime verifies acme\/hooks, and the definition has the routes acme\/other/,
  ],
  [
    'an output without a value',
    { definition: { outputs: [{ name: 'AcmeIds', value: '', description: 'Ids.' }] } },
    [DEFINITION],
    /output AcmeIds is empty/,
  ],
  [
    'options that are not JSON',
    { definition: { options: { since: new Date() } } },
    [DEFINITION],
    /options must be JSON/,
  ],
  [
    'a load that the definition does not name',
    route((context) => {
      context.cached('key', { load: async () => 1, maxAgeMs: 1 });
      return hooks(context);
    }),
    [SET_UP],
    /loads "key"/,
  ],
  [
    'a secret that the definition does not name',
    { definition: { secret: undefined } as never },
    [SET_UP],
    /reads a secret/,
  ],
  [
    'an option without a default',
    route((context) => {
      context.options.region.toUpperCase();
      return hooks(context);
    }),
    [NO_OPTIONS],
    /throws TypeError without options/,
  ],
];
