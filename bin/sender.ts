/** Sends deliveries as a provider does, signed with the keys of a deployment. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Provider } from '../providers/provider';
import type { Sandbox, SigningKeys } from '../providers/sandbox';
import { readNewest } from './commands/secrets/newest';
import { hasSecret } from './commands/secrets/owners';
import { type Deployment, outputOf } from './deployment';
import { checkDeployed } from './providers';

/** A body and where it goes. */
export interface OutgoingDelivery {
  /** Path of the route, such as `/acme/webhooks`. */
  readonly route: string;
  /** Sent as JSON, or as the bytes that it is. */
  readonly body: object | Buffer;
}

/** What the sender of a delivery learns. */
export interface SenderAnswer {
  readonly status: number;
  /** The word in the answer's body, such as `accepted`. */
  readonly outcome: string;
  /** API Gateway's id of the request, which is the `correlationid` of the meeting event. */
  readonly correlationId: string;
}

/**
 * Makes the function that sends to a deployment as a provider does.
 *
 * @throws Error that says what to do, if the deployment does not have the provider, or has no key to sign with
 */
export async function senderTo(deployment: Deployment, provider: Provider, sandbox: Sandbox) {
  checkDeployed(deployment, provider);
  const keys = await keysOf(deployment, provider);
  const apiUrl = (deployment.local?.apiUrl ?? outputOf(deployment, 'ApiUrl')).replace(/\/$/, '');
  return async ({ route, body }: OutgoingDelivery): Promise<SenderAnswer> => {
    const sent = Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const { headers = {}, urlEnd = '' } = sandbox.sign({ route, body: sent }, keys);
    const url = `${apiUrl}${route}`;
    const request = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: sent };
    // The message leaves out what follows the route: it holds a token.
    const response = await fetch(url + urlEnd, request).catch((error: Error & { cause?: NodeJS.ErrnoException }) => {
      throw new Error(`${url} cannot be reached: ${error.cause?.code ?? error.cause?.message ?? error.message}`);
    });
    const answer = (await response.json().catch(() => ({}))) as { readonly status?: string };
    return {
      status: response.status,
      outcome: answer.status ?? '',
      correlationId: response.headers.get('x-amz-apigw-id') ?? '',
    };
  };
}

/** The keys of a provider: those in its secret, and the private key of its fake server in the local cloud. */
async function keysOf(deployment: Deployment, provider: Provider): Promise<SigningKeys> {
  const { name, title, secret } = provider;
  const newest = hasSecret(provider) ? await readNewest(deployment, provider) : undefined;
  const keySecretName = deployment.local?.providers[name]?.keySecretName;
  const key = keySecretName && (await readSecret(deployment, keySecretName));
  return {
    entry(name) {
      const entry = secret?.entries.find(({ member }) => member === name);
      if (!newest || !entry) throw new Error(`${title} has no secret with a member ${name}.`);
      return newest(entry);
    },
    privateKey() {
      if (key) return key;
      throw new Error(
        `The local cloud runs no fake of ${title}'s server, so there is no key to sign with. Start it without --option ${name}.….`,
      );
    },
  };
}

async function readSecret({ clientConfig }: Deployment, name: string): Promise<string | undefined> {
  const client = new SecretsManagerClient(clientConfig);
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
  } finally {
    client.destroy();
  }
}
