/** Sends deliveries to a local cloud as the providers would, signed with the secrets that it holds. */
import { randomUUID } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { signRealtimeKit, signStandardWebhook } from '../../providers/kit/sandbox/sign';
import { localClientConfig } from './client-config';
import { REALTIMEKIT_PRIVATE_KEY_SECRET, type SecretNames } from './stand-ins';
import type { LocalAddresses } from './state-files';

/** A body and where it goes. */
export interface OutgoingDelivery {
  /** Path of the route, such as `/recall/webhooks`. */
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

/** What deliveries are proved with. The functions throw an Error that says what to do, where there is nothing. */
export interface SenderSecrets {
  readonly signingSecret: () => string;
  readonly realtimeToken: () => string;
  readonly urlToken: () => string;
  /** PEM; absent where the key is somebody else's. */
  readonly realtimekitPrivateKey: string | undefined;
}

/** What proves a delivery: headers, and what follows the route in the URL. */
interface Proved {
  readonly headers?: Record<string, string>;
  readonly urlEnd?: string;
}

/** How a delivery is proved on each route. */
const PROOFS: Readonly<Record<string, (body: string | Buffer, secrets: SenderSecrets) => Proved>> = {
  '/recall/webhooks': (body, { signingSecret }) => ({
    headers: signStandardWebhook({
      secret: signingSecret(),
      id: `msg_${randomUUID().replaceAll('-', '')}`,
      timestampSeconds: Math.floor(Date.now() / 1000),
      body,
      headerFamily: 'webhook',
    }),
  }),
  '/recall/realtime': (_body, { realtimeToken }) => ({ urlEnd: `?token=${encodeURIComponent(realtimeToken())}` }),
  '/realtimekit/webhooks': (body, { realtimekitPrivateKey: privateKeyPem, urlToken }) => {
    if (privateKeyPem === undefined) {
      throw new Error('The local cloud has no RealtimeKit key of its own. Start it without --realtimekit-key-url.');
    }
    return {
      headers: signRealtimeKit({ privateKeyPem, body, uuid: randomUUID(), webhookId: randomUUID() }),
      urlEnd: `/${urlToken()}`,
    };
  },
};

/** Makes the function that sends to a local cloud with the secrets that were made up when it started. */
export async function createSender({ apiUrl, awsUrl, secretNames }: LocalAddresses) {
  const { signingSecrets, realtimeTokens } = await readJson(awsUrl, secretNames.recall);
  return senderTo(apiUrl, {
    signingSecret: () => signingSecrets?.[0] ?? '',
    realtimeToken: () => realtimeTokens?.[0] ?? '',
    urlToken: await readUrlToken(awsUrl, secretNames),
    realtimekitPrivateKey: await readRealtimekitKey(awsUrl),
  });
}

/** The key that a local cloud has made up for RealtimeKit, as PEM; undefined where it knows the key of another. */
export const readRealtimekitKey = (awsUrl: string): Promise<string | undefined> =>
  readSecret(awsUrl, REALTIMEKIT_PRIVATE_KEY_SECRET);

/** Gives the newest token of RealtimeKit's URL that a local cloud holds; it throws an Error where there is none. */
export async function readUrlToken(awsUrl: string, { realtimekit }: SecretNames): Promise<() => string> {
  const { urlTokens } = await readJson(awsUrl, realtimekit);
  return () => {
    const token = urlTokens?.at(-1);
    if (token !== undefined) return token;
    throw new Error(
      `The secret ${realtimekit} has no urlTokens. Add one: npx meetbus secrets add url-token --generate --local`,
    );
  };
}

/** Makes the function that sends to an API, with the secrets given. */
export function senderTo(apiUrl: string, secrets: SenderSecrets) {
  return async ({ route, body }: OutgoingDelivery): Promise<SenderAnswer> => {
    const text = Buffer.isBuffer(body) ? body : JSON.stringify(body);
    const { headers = {}, urlEnd = '' } = PROOFS[route]?.(text, secrets) ?? {};
    const url = `${apiUrl.replace(/\/$/, '')}${route}`;
    const request = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text };
    // What follows is left out of the message: it holds a token.
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

/** Lists of entries in a secret; none where it is missing, or no JSON. */
async function readJson(awsUrl: string, name = ''): Promise<Record<string, string[]>> {
  const text = await readSecret(awsUrl, name);
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}

async function readSecret(awsUrl: string, name: string): Promise<string | undefined> {
  const client = new SecretsManagerClient(localClientConfig(awsUrl));
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: name }))).SecretString;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}
