/** Wrong ways to handle keys with names. */
import { randomBytes } from 'node:crypto';
import { hooksWith, NAMED, NAMED_KEY, namedSandbox, parse } from '../named';
import { ENTRIES, NOTHING_IS_VERIFIED, ROTATION, SILENCE } from './checks';
import type { Row } from './parts';

export const ofNames: readonly Row[] = [
  [
    'a name that is always the same',
    {
      ...NAMED,
      sandbox: { ...namedSandbox, makeUpSecret: () => ({ keys: [`acme:${randomBytes(24).toString('base64url')}`] }) },
    },
    [ENTRIES, ROTATION],
    /must make up a name for each entry of keys/,
  ],
  [
    'an entry without its name',
    {
      ...NAMED,
      sandbox: { ...namedSandbox, makeUpSecret: () => ({ keys: [randomBytes(24).toString('base64url')] }) },
    },
    [ENTRIES, ...NOTHING_IS_VERIFIED],
    /makes an entry of keys that cannot be used/,
  ],
  [
    'a name that a command makes up',
    { ...NAMED, definition: { secret: { name: 'meetbus/acme', entries: [{ ...NAMED_KEY, prompt: undefined }] } } },
    [ENTRIES],
    /Give acme-key a prompt/,
  ],
  [
    'the names of entries in the log',
    {
      ...NAMED,
      runtime: {
        routes: {
          'acme/hooks': hooksWith({
            parse: (json) => ({
              ...parse(json),
              ignored: Object.keys((json as { readonly keys?: object }).keys ?? {}),
            }),
          }),
        },
      },
    },
    [SILENCE],
    /A secret, a token, a signature or a body stands in what the runtime logs/,
  ],
];
