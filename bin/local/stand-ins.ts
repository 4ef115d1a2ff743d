/** Provider fakes: made-up secrets, and a server for the public key of RealtimeKit. */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeContext, RunningFake, StartFake } from '@meetbus/local-cloud';

/** Secret with the private key of the RealtimeKit fake in PEM, so that a command can sign with it. */
export const REALTIMEKIT_PRIVATE_KEY_SECRET = 'meetbus/local/realtimekit-private-key';

const newToken = (): string => randomBytes(24).toString('base64url');

/** The secrets that functions read: the output that names each, and its made-up value. */
const SECRETS = {
  recall: {
    output: 'RecallSecretName',
    makeUp: () => ({
      signingSecrets: [`whsec_${randomBytes(24).toString('base64')}`],
      realtimeTokens: [newToken()],
    }),
  },
  realtimekit: { output: 'RealtimekitSecretName', makeUp: () => ({ urlTokens: [newToken()] }) },
} as const;

/** Names of the secrets that the functions of a stack read, by provider; without those that no function reads. */
export type SecretNames = Readonly<Partial<Record<keyof typeof SECRETS, string>>>;

/** Settings of the fakes. */
export interface FakeOptions {
  /** URL of RealtimeKit's public key; without it, the fake makes a key pair and serves its public key. */
  readonly realtimekitKeyUrl?: string | undefined;
}

/** What the fakes of the providers have. */
export interface FakeProviders {
  readonly realtimekitKeyUrl: string;
  readonly secretNames: SecretNames;
}

/** The fakes for a local cloud, and what they have once they run. */
export function createFakes({ realtimekitKeyUrl: keyUrl }: FakeOptions): {
  readonly start: readonly StartFake[];
  providers(): FakeProviders;
} {
  let secretNames: SecretNames = {};
  let realtimekitKeyUrl = keyUrl ?? '';
  const start = async (context: FakeContext): Promise<RunningFake> => {
    secretNames = createSecrets(context);
    const keyServer = keyUrl === undefined ? await startKeyServer(context) : undefined;
    realtimekitKeyUrl = keyServer?.url ?? realtimekitKeyUrl;
    return {
      environment: { PROVIDER_OPTIONS: JSON.stringify({ realtimekit: { keyUrl: realtimekitKeyUrl } }) },
      close: () => keyServer?.close(),
    };
  };
  return { start: [start], providers: () => ({ realtimekitKeyUrl, secretNames }) };
}

/** Makes up the secrets that the functions read, where they are missing. */
function createSecrets({ output, secret }: FakeContext): SecretNames {
  const found = Object.entries(SECRETS).flatMap(([provider, { output: key, makeUp }]) => {
    const name = output(key);
    if (name === undefined) return [];
    secret(name, () => JSON.stringify(makeUp()));
    return [[provider, name]];
  });
  return Object.fromEntries(found);
}

/** Serves the public key on a free port of 127.0.0.1, in the form that RealtimeKit uses. The private key is a secret. */
async function startKeyServer({ secret }: FakeContext): Promise<{ readonly url: string; close(): Promise<void> }> {
  const privateKey = secret(REALTIMEKIT_PRIVATE_KEY_SECRET, newPrivateKey);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
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

const newPrivateKey = (): string =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
