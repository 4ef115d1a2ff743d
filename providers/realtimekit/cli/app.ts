/** The RealtimeKit app that a command is for, and the URL at which it reaches a deployment. */
import { hostname } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Deployment, outputOf } from '../../../bin/deployment';
import { durationMs, UsageError } from '../../../bin/usage';
import { NotConfiguredError } from '../../kit/stale-if-error-cache';
import { API_URL, apiUrlOf, idOf, type RealtimekitApp, TIMEOUT_MS, tokenIn } from '../backfill/app';
import { ROUTE } from '../backfill/webhook';

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

/** Adds the options that say which RealtimeKit app a command is for. The token comes from the environment alone. */
export function addAppOptions(command: Command): Command {
  const mandatory = (option: Option) => option.argParser(asArgument(idOf)).makeOptionMandatory();
  return command
    .addOption(mandatory(new Option('--account-id <id>', 'Cloudflare account').env('CLOUDFLARE_ACCOUNT_ID')))
    .addOption(mandatory(new Option('--app-id <id>', 'RealtimeKit app').env('REALTIMEKIT_APP_ID')))
    .addOption(
      new Option('--api-url <url>', "root of Cloudflare's API")
        .env('CLOUDFLARE_BASE_URL')
        .argParser(asArgument(apiUrlOf))
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
  try {
    return { accountId, appId, apiUrl, timeoutMs: timeout, token: tokenIn(environment) };
  } catch (error) {
    throw error instanceof NotConfiguredError ? new UsageError(error.message) : error;
  }
}

/** Reads an argument of a command. What is wrong with it becomes an error of the command line. */
export const asArgument =
  (read: (text: string) => string) =>
  (text: string): string => {
    try {
      return read(text);
    } catch (error) {
      throw error instanceof NotConfiguredError ? new InvalidArgumentError(error.message) : error;
    }
  };

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
