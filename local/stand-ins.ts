/** Stands in for the providers: made-up secrets, and a RealtimeKit key pair whose public half is served as they serve theirs. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SecretStore } from './secrets-manager/secret-store';
import type { ResolvedStack } from './template/stack';

/** Secret that holds the local RealtimeKit key's private half in PEM, so that a command can sign with it. */
export const REALTIMEKIT_PRIVATE_KEY_SECRET = 'meetbus/local/realtimekit-private-key';

/** Variables of the template that name a secret of Recall.ai, and the address of RealtimeKit's public key. */
const SECRET_NAME_VARIABLE = 'RECALL_SECRET_NAME';
export const KEY_URL_VARIABLE = 'REALTIMEKIT_KEY_URL';

/** Creates the secrets that the stack's functions name, with made-up values. Tells their names. */
export function createSecrets(stack: ResolvedStack, secrets: SecretStore): string[] {
  const names = new Set(
    stack.ofType('AWS::Lambda::Function').flatMap(({ properties }) => {
      const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, string> };
      return Variables[SECRET_NAME_VARIABLE] ?? [];
    }),
  );
  for (const name of names) {
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

/** Makes a key pair, keeps its private half as a secret, and serves the public one on a free port of 127.0.0.1. */
export async function startKeyServer(secrets: SecretStore): Promise<KeyServer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  secrets.create(REALTIMEKIT_PRIVATE_KEY_SECRET, { value: { SecretString: privateKey } });
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
