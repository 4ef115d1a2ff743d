/** The RealtimeKit app that a command is for, and the URL at which it reaches a deployment. */
import { hostname } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Deployment, outputOf } from '../../../bin/deployment';
import { durationMs, UsageError } from '../../../bin/usage';
import { ROUTE } from './url';

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

/** Tries of a request whose failure may be temporary. */
export const MAX_TRIES = 4;

/** Flags that {@link addAppOptions} gives a command. */
export interface AppFlags {
  readonly accountId: string;
  readonly appId: string;
  readonly apiUrl: string;
  readonly timeout: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const API_URL = 'https://api.cloudflare.com/client/v4';

const TIMEOUT_MS = 10_000;

const TOKEN_VARIABLE = 'CLOUDFLARE_API_TOKEN';

/** Variables that {@link appInEnvironment} needs. */
export const APP_VARIABLES = ['CLOUDFLARE_ACCOUNT_ID', 'REALTIMEKIT_APP_ID', TOKEN_VARIABLE] as const;

/** Adds the options that say which RealtimeKit app a command is for. The token comes from the environment alone. */
export function addAppOptions(command: Command): Command {
  const mandatory = (option: Option) => option.argParser(idOf).makeOptionMandatory();
  return command
    .addOption(mandatory(new Option('--account-id <id>', 'Cloudflare account').env('CLOUDFLARE_ACCOUNT_ID')))
    .addOption(mandatory(new Option('--app-id <id>', 'RealtimeKit app').env('REALTIMEKIT_APP_ID')))
    .addOption(
      new Option('--api-url <url>', "root of Cloudflare's API")
        .env('CLOUDFLARE_BASE_URL')
        .argParser(apiUrlOf)
        .default(API_URL),
    )
    .addOption(
      new Option('--timeout <duration>', 'for one try of a request').argParser(durationMs).default(TIMEOUT_MS, '10s'),
    );
}

/**
 * The app that the flags name.
 *
 * @throws UsageError if there is no token in the environment
 */
export function appOf({ accountId, appId, apiUrl, timeout }: AppFlags, environment: Environment): RealtimekitApp {
  return { accountId, appId, apiUrl, timeoutMs: timeout, token: tokenIn(environment) };
}

/** The app that the environment names; undefined where it does not name one, or has no token. */
export function appInEnvironment(environment: Environment): RealtimekitApp | undefined {
  if (APP_VARIABLES.some((name) => !environment[name])) return undefined;
  return appOf(
    {
      accountId: idOf(environment.CLOUDFLARE_ACCOUNT_ID as string),
      appId: idOf(environment.REALTIMEKIT_APP_ID as string),
      apiUrl: apiUrlOf(environment.CLOUDFLARE_BASE_URL || API_URL),
      timeout: TIMEOUT_MS,
    },
    environment,
  );
}

/** URL at which RealtimeKit reaches a deployment, without a token. */
export const webhookUrlOf = (deployment: Deployment): string => new URL(ROUTE, outputOf(deployment, 'ApiUrl')).href;

/**
 * Name of a deployment's webhook, which no other deployment has. It names the stack with its region and account; for a local
 * cloud, whose region and account are the same everywhere, the machine.
 */
export function webhookNameOf(deployment: Deployment, stack: string): string {
  const [, , , region, account] = outputOf(deployment, 'SharedBusArn').split(':');
  return deployment.local ? `${stack} (local, ${hostname()})` : `${stack} (${region}, ${account})`;
}

/** Whether the API can reach a URL. Only an API on this machine reaches a URL on this machine. */
export function canReach(apiUrl: string, url: string): boolean {
  const receiver = new URL(url);
  return isLoopback(new URL(apiUrl)) || (receiver.protocol === 'https:' && !isLoopback(receiver));
}

/** Reads an id that becomes a part of a path. */
export function idOf(text: string): string {
  if (!/^[\w-]{1,64}$/.test(text)) throw new InvalidArgumentError('Give an id of letters, digits and hyphens.');
  return text;
}

/** Reads the API's root. Every request carries the token, so it must be https, except on this machine. */
function apiUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url))) return text;
  throw new InvalidArgumentError('Give --api-url (CLOUDFLARE_BASE_URL) an https URL.');
}

/** No message may quote the token. `fetch` quotes a header that it cannot send, so such a token is refused here. */
function tokenIn(environment: Environment): string {
  const token = environment[TOKEN_VARIABLE]?.trim();
  if (!token) {
    throw new UsageError(
      `Set ${TOKEN_VARIABLE} to a Cloudflare API token with the permission "Realtime Admin" or "Realtime".`,
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError(`${TOKEN_VARIABLE} holds characters that no token has. Copy the token afresh.`);
  }
  return token;
}

const isLoopback = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
