/** The provider that conforms, with a secret whose keys have names: each delivery names the key that verifies it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { verifyWithFreshKeys } from '../../kit/fresh-keys';
import { valuesOf } from '../../kit/headers';
import { verifyHmac } from '../../kit/hmac';
import { type NamedKey, namedKeyKind, readSecret } from '../../kit/secret-entries';
import type { SecretEntry } from '../../provider';
import { type Delivery, type RuntimeContext, refused, type SecretReader, type Verify } from '../../runtime';
import type { Sandbox } from '../../sandbox';
import { answer, type Faults, SCHEME, sandbox } from './acme';

export const NAMED_KEY = {
  ...namedKeyKind('keys'),
  kind: 'acme-key',
  title: 'key',
  description: 'Acme signs with it',
  prompt: 'Key of Acme (<name>:<key>)',
} satisfies SecretEntry;

export const parse = (json: unknown) => readSecret(json, { keys: NAMED_KEY });

const HEADER = 'acme-key';

function check(delivery: Delivery, keys: readonly NamedKey[]) {
  if (keys.length === 0) return refused('not_configured');
  const [name] = valuesOf(delivery, HEADER);
  const found = keys.find((one) => one.name === name);
  return found ? verifyHmac(delivery, [found.key], SCHEME) : refused('no_matching_key');
}

/** Its verifier, with a way to read the secret. */
export const hooksWith =
  (reader: SecretReader<{ readonly keys: readonly NamedKey[] }>) =>
  ({ secret }: Pick<RuntimeContext, 'secret'>): Verify => {
    const keys = secret(reader);
    return async (delivery) => answer(delivery, await verifyWithFreshKeys(keys, (live) => check(delivery, live.keys)));
  };

/** Its sandbox. */
export const namedSandbox: Partial<Sandbox> = {
  makeUpSecret: () => ({ keys: [`${randomUUID()}:${randomBytes(24).toString('base64url')}`] }),
  sign(delivery, { entry, privateKey }) {
    const [name = '', key = ''] = entry('keys').split(':');
    const { headers } = sandbox.sign(delivery, { entry: () => key, privateKey });
    return { headers: { ...headers, [HEADER]: name } };
  },
};

/** What makes the provider one with named keys. */
export const NAMED: Faults = {
  definition: { secret: { name: 'meetbus/acme', entries: [NAMED_KEY] } },
  runtime: { routes: { 'acme/hooks': hooksWith({ parse }) } },
  sandbox: namedSandbox,
};
