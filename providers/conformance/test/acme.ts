/** A provider that conforms, and parts of it that a test may replace by wrong ones. */
import { createHmac, hash, randomBytes } from 'node:crypto';
import { verifyWithFreshKeys } from '../../kit/fresh-keys';
import { valuesOf } from '../../kit/headers';
import { type HmacScheme, verifyHmac } from '../../kit/hmac';
import { hmacKeyKind, readSecret } from '../../kit/secret-entries';
import { memberAt, textAt } from '../../kit/values';
import type { Provider, SecretEntry } from '../../provider';
import type { Delivery, ProviderRuntime, RuntimeContext, Verify } from '../../runtime';
import type { Sandbox } from '../../sandbox';

export const SCHEME: HmacScheme = {
  header: 'acme-signature',
  prefix: 'sha256=',
  encoding: 'hex',
  timestamp: { header: 'acme-timestamp' },
  signed: (delivery, timestamp) => [`${valuesOf(delivery, 'acme-id')[0]}.${timestamp}.`, delivery.body],
};

export const KEY = {
  ...hmacKeyKind('keys'),
  kind: 'acme-key',
  title: 'key',
  description: 'Acme signs with it',
  prompt: 'Key of Acme',
} satisfies SecretEntry;

export const parse = (json: unknown) => readSecret(json, { keys: KEY });

/** Answers a handshake that is signed, and enqueues all else. */
export async function answer(delivery: Delivery, verified: Awaited<ReturnType<Verify>>) {
  const challenge = /^\{"challenge":"(\w+)"\}$/.exec(delivery.body.toString())?.[1];
  if (verified.outcome !== 'verified' || challenge === undefined) return verified;
  return { outcome: 'answered', statusCode: 200, body: challenge, contentType: 'text/plain' } as const;
}

export function hooks({ secret }: Pick<RuntimeContext, 'secret'>): Verify {
  const keys = secret({ parse });
  return async (delivery) =>
    answer(delivery, await verifyWithFreshKeys(keys, (live) => verifyHmac(delivery, live.keys, SCHEME)));
}

const TYPES = new Map([
  ['call.started', 'meeting.started'],
  ['call.ended', 'meeting.ended'],
] as const);

export const runtime: ProviderRuntime<{ readonly region?: string }> = {
  rememberSeconds: 86_400,
  routes: { 'acme/hooks': hooks },
  eventNameOf: (body) => textAt(body, 'kind'),
  typeOf: (event) => TYPES.get(event as 'call.started'),
  identify: (delivery) => {
    const deliveryId = valuesOf(delivery, 'acme-id')[0];
    return { deliveryId, key: deliveryId ?? hash('sha256', delivery.body) };
  },
  groupOf: (body) => textAt(body, 'call', 'id'),
  normalize(body, event) {
    const type = TYPES.get(event as 'call.started');
    const id = textAt(body, 'call', 'id');
    if (type === undefined) return undefined;
    if (id === undefined) return { problems: ['call.id: string'] };
    return { type, subject: `meeting/${id}`, time: undefined, data: { meeting: { id } } };
  },
  credentialMembers: ['joinPassword'],
  momentOf: ({ data }) => (memberAt(data, 'meeting') === undefined ? 'ended' : undefined),
};

export const sandbox: Sandbox = {
  events: [...TYPES.keys()],
  body: (event, { seed }) => ({
    event,
    kind: event,
    call: { id: `call-${seed}`, joinPassword: 'a password', host: null },
  }),
  routeOf: () => '/acme/hooks',
  meeting: () => [],
  variants: [],
  makeUpSecret: () => ({ keys: [randomBytes(24).toString('base64url')] }),
  sign({ body, id = 'id', at = new Date() }, { entry }) {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const digest = createHmac('sha256', entry('keys')).update(`${id}.${timestamp}.`).update(body).digest('hex');
    return { headers: { 'Acme-Id': id, 'Acme-Timestamp': timestamp, 'Acme-Signature': `sha256=${digest}` } };
  },
  toleranceSeconds: 300,
  handshake: () => ({ route: '/acme/hooks', body: '{"challenge":"abc"}' }),
};

/** What is wrong with it. */
export interface Faults {
  readonly definition?: Partial<Provider>;
  readonly runtime?: Partial<ProviderRuntime<never>>;
  readonly sandbox?: Partial<Sandbox>;
}

/** The provider, with faults. */
export const acme = (faults: Faults = {}): Provider => ({
  name: 'acme',
  title: 'Acme',
  runtimeFile: __filename,
  runtime: async () => ({ runtime: { ...runtime, ...faults.runtime } as ProviderRuntime }),
  sandbox: async () => ({ sandbox: { ...sandbox, ...faults.sandbox } }),
  families: ['meeting', 'unrecognized'],
  routes: [{ path: 'acme/hooks', id: 'AcmeHooks', slowestMs: 3_000 }],
  options: { region: 'north' },
  secret: { name: 'meetbus/acme', entries: [KEY] },
  ...faults.definition,
});
