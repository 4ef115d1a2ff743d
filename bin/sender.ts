/** Sends deliveries as a provider does, signed with the keys of a deployment, or wrongly on purpose. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Provider } from '../providers/provider';
import type { Sandbox, Signature, SigningKeys } from '../providers/sandbox';
import { readNewest } from './commands/secrets/newest';
import { hasSecret } from './commands/secrets/owners';
import { type Deployment, outputOf } from './deployment';
import { checkDeployed } from './providers';
import { UsageError } from './usage';

/** A body and where it goes. */
export interface OutgoingDelivery {
  /** Path of the route, such as `/acme/webhooks`. */
  readonly route: string;
  /** Sent as JSON, or as the bytes that it is. */
  readonly body: object | Buffer;
}

/**
 * How deliveries are signed: with the deployment's keys; with made-up keys of the same form; or with the deployment's keys, but so
 * long ago that the time is refused. Meetbus answers the last two with {@link REFUSED}.
 */
export type Signing = 'genuine' | 'wrong' | 'stale';

/** The status of a delivery that is not proved. */
export const REFUSED = 401;

/** A delivery as it is posted. Posted twice, it is a true duplicate: the same bytes under the same signature and id. */
export interface SignedRequest {
  readonly route: string;
  /** Without what follows the route: that may hold a token. */
  readonly url: string;
  readonly body: string | Buffer;
  readonly signature: Signature;
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
 * Makes the function that signs deliveries to a deployment. It throws a UsageError for a stale signature on a route whose
 * signature has no time.
 *
 * @throws Error that says what to do, if the deployment does not have the provider, or has no key to sign with
 */
export async function signerTo(
  deployment: Deployment,
  provider: Provider,
  sandbox: Sandbox,
  signing: Signing = 'genuine',
): Promise<(delivery: OutgoingDelivery) => SignedRequest> {
  checkDeployed(deployment, provider);
  const keys = signing === 'wrong' ? madeUpKeys(provider, sandbox) : await keysOf(deployment, provider);
  const apiUrl = (deployment.local?.apiUrl ?? outputOf(deployment, 'ApiUrl')).replace(/\/$/, '');
  return ({ route, body: given }) => {
    const body = Buffer.isBuffer(given) ? given : JSON.stringify(given);
    const at = signing === 'stale' ? staleTime(provider, sandbox, { route, body }, keys) : new Date();
    return { route, url: `${apiUrl}${route}`, body, signature: sandbox.sign({ route, body, at }, keys) };
  };
}

/**
 * Posts a signed delivery.
 *
 * @throws Error without the token of the URL, if there is no answer
 */
export async function post({ url, body, signature }: SignedRequest): Promise<SenderAnswer> {
  const { headers = {}, urlEnd = '' } = signature;
  const request = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
  const response = await fetch(url + urlEnd, request).catch((error: Error & { cause?: NodeJS.ErrnoException }) => {
    throw new Error(`${url} cannot be reached: ${error.cause?.code ?? error.cause?.message ?? error.message}`);
  });
  const answer = (await response.json().catch(() => ({}))) as { readonly status?: string };
  return {
    status: response.status,
    outcome: answer.status ?? '',
    correlationId: response.headers.get('x-amz-apigw-id') ?? '',
  };
}

/**
 * Makes the function that signs a delivery and posts it: see {@link signerTo} and {@link post}.
 *
 * @example
 * ```ts
 * const send = await senderTo(deployment, provider, sandbox, 'wrong');
 * await send(sampleOf({ provider, sandbox }, event)); // { status: 401, … }
 * ```
 */
export async function senderTo(deployment: Deployment, provider: Provider, sandbox: Sandbox, signing?: Signing) {
  const sign = await signerTo(deployment, provider, sandbox, signing);
  return async (delivery: OutgoingDelivery): Promise<SenderAnswer> => post(sign(delivery));
}

/** Seconds beyond the tolerance: clocks differ, and the request takes a while. */
const STALE_MARGIN_SECONDS = 60;

/** A time at which the delivery would have to be signed to be refused as too old. */
function staleTime(
  { title }: Provider,
  sandbox: Sandbox,
  unsigned: { readonly route: string; readonly body: string | Buffer },
  keys: SigningKeys,
): Date {
  const { toleranceSeconds: tolerance } = sandbox;
  const past = typeof tolerance === 'object' ? tolerance.past : tolerance;
  if (past !== undefined) {
    const at = new Date(Date.now() - (past + STALE_MARGIN_SECONDS) * 1_000);
    const signedAt = (time: Date) => JSON.stringify(sandbox.sign({ ...unsigned, id: 'the-same', at: time }, keys));
    // A provider may sign a time on one route, and send a mere token on another.
    if (signedAt(at) !== signedAt(new Date())) return at;
  }
  throw new UsageError(`What ${title} sends to ${unsigned.route} is signed without a time, so it cannot be stale.`);
}

/** Keys of the right form that no deployment has. */
function madeUpKeys({ title }: Provider, { makeUpSecret, server }: Sandbox): SigningKeys {
  const secret = makeUpSecret?.() ?? {};
  let key: string | undefined;
  const none = (what: string) =>
    new Error(`The sandbox of ${title} makes up no ${what}, so nothing can be signed wrongly.`);
  return {
    entry(member) {
      const value = secret[member]?.at(-1);
      if (value === undefined) throw none(member);
      return value;
    },
    privateKey() {
      key ??= server?.makeKey();
      if (key === undefined) throw none('private key');
      return key;
    },
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
