/** Wrong definitions. */
import { hooks, KEY, sandbox } from '../acme';
import { DEFINITION, ENTRIES, HOSTILE_DELIVERIES, NO_OPTIONS, NOTHING_IS_VERIFIED, SET_UP } from './checks';
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
    [DEFINITION, HOSTILE_DELIVERIES, ...NOTHING_IS_VERIFIED],
    /runtime verifies acme\/hooks, and the definition has the routes acme\/other/,
  ],
  [
    'an output without a value',
    { definition: { outputs: [{ name: 'AcmeIds', value: '', description: 'Ids.' }] } },
    [DEFINITION],
    /output AcmeIds is empty/,
  ],
  [
    'a wait of half a second',
    { runtime: { retryAfterSeconds: 0.5 } },
    [DEFINITION],
    /retryAfterSeconds must be a whole number/,
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
    [SET_UP, ENTRIES],
    /reads a secret/,
  ],
  [
    'a list that no command knows',
    { sandbox: { makeUpSecret: () => ({ ...sandbox.makeUpSecret?.(), tokens: ['a-token-of-twenty-one'] }) } },
    [ENTRIES],
    /describes the members keys of the secret, and makeUpSecret of the sandbox makes keys, tokens/,
  ],
  [
    'an entry that may be empty',
    { definition: { secret: { name: 'meetbus/acme', entries: [{ ...KEY, read: (text: string) => text }] } } },
    [ENTRIES],
    /empty text is taken for an entry of keys/,
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
