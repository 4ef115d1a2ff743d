/** Stands in for the providers: made-up secrets, and a RealtimeKit key pair whose public half is served as they serve theirs. */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SecretStore } from './secrets-manager/secret-store';
import type { ResolvedStack } from './template/stack';

/** Secret that holds the local RealtimeKit key's private half in PEM, so that a command can sign with it. */
export const REALTIMEKIT_PRIVATE_KEY_SECRET = 'meetbus/local/realtimekit-private-key';

/** Variables of the template that name a secret of Recall.ai, and the address of RealtimeKit's public key. */
const SECRET_NAME_VARIABLE = 'RECALL_SECRET_NAME';
export const KEY_URL_VARIABLE = 'REALTIMEKIT_KEY_URL';

/** Creates the secrets that the stack's functions name, where they are missing, with made-up values. Tells their names. */
export function createSecrets(stack: ResolvedStack, secrets: SecretStore): string[] {
  const names = new Set(
    stack.ofType('AWS::Lambda::Function').flatMap(({ properties }) => {
      const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, string> };
      return Variables[SECRET_NAME_VARIABLE] ?? [];
    }),
  );
  for (const name of names) {
    if (secrets.has(name)) continue;
    const value = {
      signingSecrets: [`whsec_${randomBytes(24).toString('base64')}`],
      realtimeTokens: [randomBytes(24).toString('base64url')],
    };
    secrets.create(name, { value: { SecretString: JSON.stringify(value) } });
  }
  return [...names];
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
