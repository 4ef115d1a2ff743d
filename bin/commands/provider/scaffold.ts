/** The files of a new provider. They compile, and answer 503 to every delivery until somebody completes them. */
import { pascalCase } from '../../../lib/pascal-case';

/**
 * Text of each file, by its path in the provider's folder.
 *
 * @param folder the provider's folder, as the README names it in a command
 */
export function scaffoldOf(name: string, folder: string): Readonly<Record<string, string>> {
  const title = pascalCase(name);
  const identifier = title.charAt(0).toLowerCase() + title.slice(1);
  const fill = (text: string) =>
    text
      .replaceAll('__name__', name)
      .replaceAll('__Name__', title)
      .replaceAll('__id__', identifier)
      .replaceAll('__folder__', folder);
  return {
    'index.ts': fill(INDEX),
    'secret.ts': fill(SECRET),
    'runtime.ts': fill(RUNTIME),
    'normalize.ts': fill(NORMALIZE),
    'sandbox.ts': fill(SANDBOX),
    'README.md': fill(README),
    'test/conformance.test.ts': fill(TEST),
  };
}

const INDEX = `/** __Name__: its routes, settings and secret. */
import { join } from 'node:path';
import { defineProvider, secretName } from 'meetbus/provider';
import * as z from 'zod';
import { runtime } from './runtime';
import { sandbox } from './sandbox';
import { SIGNING_KEY } from './secret';

/** Settings for __Name__. */
export interface __Name__Settings {
  /**
   * Name of the secret in AWS Secrets Manager: \`{"signingKeys":["…"]}\`.
   *
   * @default "meetbus/__name__"
   */
  readonly secretName?: string;
}

const settings = z.strictObject({ secretName: secretName.default('meetbus/__name__') });

export const __id__ = defineProvider('__name__', settings, ({ secretName: name }) => ({
  title: '__Name__',
  runtimeFile: join(__dirname, 'runtime'),
  runtime: async () => ({ runtime }),
  sandbox: async () => ({ sandbox }),
  families: ['meeting', 'unrecognized'],
  routes: [{ path: '__name__/webhooks', id: '__Name__Webhooks', slowestMs: 3_000 }],
  secret: { name, entries: [SIGNING_KEY], isRequired: true },
}));
`;

const SECRET = `/** The secret of __Name__: \`{"signingKeys":["…"]}\`. Several keys let a rotation overlap. */
import { hmacKeyKind } from 'meetbus/provider/kit';

export const SIGNING_KEY = {
  ...hmacKeyKind('signingKeys'),
  kind: '__name__-key',
  title: 'signing key of __Name__',
  description: '__Name__ signs its webhooks with it',
  prompt: 'Signing key of __Name__',
};
`;

const RUNTIME = `/** __Name__ in Lambda. It is bundled: import meetbus/provider/kit, never meetbus/provider or the AWS SDK. */
import { hash } from 'node:crypto';
import { type ProviderRuntime, refused, textAt, type Verify } from 'meetbus/provider/kit';
import type * as Normalize from './normalize';

/**
 * Verifies a delivery. Until you complete it, every delivery gets a 503, so that __Name__ tries again. Take a parameter
 * \`context: RuntimeContext\`. For a plain HMAC:
 *
 * const secret = context.secret({ parse: (json) => readSecret(json, { keys: SIGNING_KEY }) });
 * return (delivery) =>
 *   verifyWithFreshKeys(secret, ({ keys }) =>
 *     verifyHmac(delivery, keys, { header: '__name__-signature', encoding: 'hex' }));
 */
const webhooks = (): Verify => async () => refused('not_configured');

export const runtime: ProviderRuntime = {
  // Longer than __Name__ retries.
  rememberSeconds: 7 * 24 * 3_600,
  routes: { '__name__/webhooks': webhooks },
  eventNameOf: (body) => textAt(body, 'event'),
  typeOf: (event) => (event === 'meeting.began' ? 'meeting.started' : undefined),
  // A signed id of the delivery is better: two genuine bodies may be identical.
  identify: ({ body }) => ({ deliveryId: undefined, key: \`body:\${hash('sha256', body)}\` }),
  groupOf: (body) => textAt(body, 'meeting', 'id'),
  // Loaded with the first body: a verifier needs no schemas.
  normalize: (body, event) => (require('./normalize') as typeof Normalize).normalize(body, event),
  credentialMembers: [],
};
`;

const NORMALIZE = `/** __Name__ payloads as meeting events. Require only what an event cannot do without. */
import { compact, id, type Mismatch, type Normalized, object, rule, text } from 'meetbus/provider/normalize';

const meetingBegan = rule(object({ meeting: object({ id, title: text }) }), ({ meeting }) => ({
  type: 'meeting.started',
  subject: \`meeting/\${meeting.id}\`,
  time: undefined,
  data: { meeting: compact(meeting) },
}));

/** The meeting event in a body; undefined for an event name that is not known. */
export const normalize = (body: unknown, event: string): Normalized | Mismatch | undefined =>
  event === 'meeting.began' ? meetingBegan(body, event) : undefined;
`;

const SANDBOX = `/** __Name__ on a laptop: samples of its events, and its signature. Nothing here imports what reads them. */
import { randomBytes } from 'node:crypto';
import type { Sandbox } from 'meetbus/provider';

export const sandbox: Sandbox = {
  events: ['meeting.began'],
  body: (event, { seed }) => ({ event, meeting: { id: \`meeting-\${seed}\`, title: 'Planning' } }),
  routeOf: () => '/__name__/webhooks',
  meeting: () => [],
  variants: [],
  makeUpSecret: () => ({ signingKeys: [randomBytes(24).toString('base64url')] }),
  // Sign with node:crypto, as __Name__'s documentation says. entry('signingKeys') is the key.
  sign: () => ({ headers: {} }),
};
`;

const README = `# __Name__

| what       | fact                                                 | source |
| ---------- | ---------------------------------------------------- | ------ |
| proof      | how it signs, and what                               |        |
| answers    | what it does at 2xx, 4xx, 5xx, and without an answer |        |
| retries    | how often, how long                                  |        |
| duplicates | what makes two deliveries the same                   |        |
| limits     | how long it waits, how much it sends                 |        |

## What to write, in this order

1. \`sandbox.ts\`: a sample of each event, and the signature, from __Name__'s documentation.
2. \`runtime.ts\`: how a delivery is verified, its event name, type and identity.
3. \`normalize.ts\`: the meeting event in each body.
4. \`index.ts\` and \`secret.ts\`: routes, families, settings, entries of the secret.
5. The table above, with the source of each fact.

Run the checks until they all pass, with \`npm install --save-dev tsx zod\`:

\`\`\`sh
npx tsx --test __folder__/test/conformance.test.ts
\`\`\`

Then pass it to the construct: \`new Meetbus(this, 'Meetbus', { providers: [__id__()] })\`.
`;

const TEST = `/** What must be true of every provider. Add expectations of your own, with signatures that another implementation makes. */
import { it } from 'node:test';
import { conformance } from 'meetbus/provider';
import { __id__ } from '..';

for (const { name, run } of conformance(__id__())) it(name, run);
`;
