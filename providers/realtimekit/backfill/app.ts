/** The RealtimeKit app whose API is read, as the environment or a secret names it. */
import { NotConfiguredError } from '../../kit/stale-if-error-cache';

/** A RealtimeKit app, and how its API is reached. */
export interface RealtimekitApp {
  readonly accountId: string;
  readonly appId: string;
  /** Root of Cloudflare's API. */
  readonly apiUrl: string;
  /** Cloudflare API token. Never print it. */
  readonly token: string;
  /** Time limit for one try of a request. */
  readonly timeoutMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const API_URL = 'https://api.cloudflare.com/client/v4';

export const TIMEOUT_MS = 10_000;

const TOKEN_VARIABLE = 'CLOUDFLARE_API_TOKEN';

/** Variables that {@link appInEnvironment} needs. */
export const APP_VARIABLES = ['CLOUDFLARE_ACCOUNT_ID', 'REALTIMEKIT_APP_ID', TOKEN_VARIABLE] as const;

/** All variables that it reads. */
export const VARIABLES = [...APP_VARIABLES, 'CLOUDFLARE_BASE_URL'] as const;

/**
 * The app that the environment names; undefined where it does not name one, or has no token.
 *
 * @throws NotConfiguredError that names a value that cannot be one
 */
export function appInEnvironment(environment: Environment): RealtimekitApp | undefined {
  if (APP_VARIABLES.some((name) => !environment[name])) return undefined;
  return {
    accountId: idOf(environment.CLOUDFLARE_ACCOUNT_ID as string),
    appId: idOf(environment.REALTIMEKIT_APP_ID as string),
    apiUrl: apiUrlOf(environment.CLOUDFLARE_BASE_URL || API_URL),
    timeoutMs: TIMEOUT_MS,
    token: tokenIn(environment),
  };
}

/** Reads an id that becomes a part of a path. @throws NotConfiguredError */
export function idOf(text: string): string {
  if (!/^[\w-]{1,64}$/.test(text)) throw new NotConfiguredError('Give an id of letters, digits and hyphens.');
  return text;
}

/** Reads the API's root. Every request carries the token, so it must be https, except on this machine. @throws NotConfiguredError */
export function apiUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) return text;
  throw new NotConfiguredError('Give --api-url (CLOUDFLARE_BASE_URL) an https URL.');
}

/**
 * No message may quote the token. `fetch` quotes a header that it cannot send, so such a token is refused here.
 *
 * @throws NotConfiguredError
 */
export function tokenIn(environment: Environment): string {
  const token = environment[TOKEN_VARIABLE]?.trim();
  if (!token) {
    throw new NotConfiguredError(
      `Set ${TOKEN_VARIABLE} to a Cloudflare API token with the permission "Realtime Admin" or "Realtime".`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new NotConfiguredError(`${TOKEN_VARIABLE} holds characters that no token has. Copy the token afresh.`);
  }
  return token;
}

/** Whether the API can reach a URL. Only an API on this machine reaches a URL on this machine. */
export function canReach(apiUrl: string, url: string): boolean {
  const receiver = new URL(url);
  return isLoopback(new URL(apiUrl)) || (receiver.protocol === 'https:' && !isLoopback(receiver));
}

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
