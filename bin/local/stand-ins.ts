/** Stands in for the providers: made-up secrets, and a RealtimeKit key pair whose public half is served as they serve theirs. */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SecretStore } from '@meetbus/local-cloud/secrets-manager/secret-store';
import type { ResolvedStack } from '@meetbus/local-cloud/template/stack';

/** Secret that holds the local RealtimeKit key's private half in PEM, so that a command can sign with it. */
export const REALTIMEKIT_PRIVATE_KEY_SECRET = 'meetbus/local/realtimekit-private-key';

/** Variable of the template with the address of RealtimeKit's public key. */
export const KEY_URL_VARIABLE = 'REALTIMEKIT_KEY_URL';

const newToken = (): string => randomBytes(24).toString('base64url');

/** The secrets that functions read: the variable that names each, and how one is made up. */
const SECRETS = {
  recall: {
    variable: 'RECALL_SECRET_NAME',
    makeUp: () => ({
      signingSecrets: [`whsec_${randomBytes(24).toString('base64')}`],
      realtimeTokens: [newToken()],
    }),
  },
  realtimekit: { variable: 'REALTIMEKIT_SECRET_NAME', makeUp: () => ({ urlTokens: [newToken()] }) },
} as const;

/** Names of the secrets that a stack's functions read, by provider; without those of which no function knows. */
export type SecretNames = Readonly<Partial<Record<keyof typeof SECRETS, string>>>;

/** Creates the secrets that the stack's functions name, where they are missing, with made-up values. Tells their names. */
export function createSecrets(stack: ResolvedStack, secrets: SecretStore): SecretNames {
  const variables = stack.ofType('AWS::Lambda::Function').map(({ properties }) => {
    const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, string> };
    return Variables;
  });
  const found = Object.entries(SECRETS).flatMap(([provider, { variable, makeUp }]) => {
    const name = variables.find((some) => some[variable])?.[variable];
    if (name === undefined) return [];
    if (!secrets.has(name)) secrets.create(name, { value: { SecretString: JSON.stringify(makeUp()) } });
    return [[provider, name]];
  });
  return Object.fromEntries(found);
}

/** A running key server. */
export interface KeyServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the public half of a key pair on a free port of 127.0.0.1. The private half is a secret; it is made where it is
 * missing.
 */
export async function startKeyServer(secrets: SecretStore): Promise<KeyServer> {
  const publicKey = createPublicKey(privateKeyIn(secrets)).export({ type: 'spki', format: 'pem' });
  const answer = JSON.stringify({ success: true, data: { publicKey }, message: '' });
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/webhooks.json`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function privateKeyIn(secrets: SecretStore): string {
  if (!secrets.has(REALTIMEKIT_PRIVATE_KEY_SECRET)) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const SecretString = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    secrets.create(REALTIMEKIT_PRIVATE_KEY_SECRET, { value: { SecretString } });
  }
  const versions = [...secrets.find(REALTIMEKIT_PRIVATE_KEY_SECRET).versions.values()];
  return versions.find(({ stages }) => stages.includes('AWSCURRENT'))?.SecretString ?? '';
}
