/** The settings that a deployment needs of its webhook, with the token in its URL. */

import { newToken, valuesOf, withEntry } from '../../../bin/commands/secrets/entries';
import { noObject } from '../../../bin/commands/secrets/newest';
import { ownerNamed } from '../../../bin/commands/secrets/owners';
import { readSecretJson, withSecretStore } from '../../../bin/commands/secrets/store';
import type { Deployment, DeploymentFlags } from '../../../bin/deployment';
import { findDeployment } from '../../../bin/deployment';
import { note } from '../../../bin/output';
import { UsageError } from '../../../bin/usage';
import { canReach } from '../backfill/app';
import { WEBHOOK_EVENTS } from '../backfill/webhook';
import { URL_TOKEN } from '../secrets';
import type { WebhookEvent, WebhookSettings } from './api';
import { type AppFlags, webhookNameOf, webhookUrlOf } from './app';
import { shownUrl, tokensOf, type UrlTokens, withToken } from './url';

/** The flags that set up a webhook. */
export interface SettingFlags extends AppFlags, DeploymentFlags {
  readonly name?: string;
  readonly url?: string;
  readonly event?: readonly WebhookEvent[];
  readonly disabled?: true;
}

/** The tokens of a deployment; none where it has no secret. */
export const readUrlTokens = async (deployment: Deployment): Promise<UrlTokens> =>
  tokensOf(valuesOf(await readSecretJson(deployment, ownerNamed('realtimekit')), URL_TOKEN));

/** The settings that `sync` needs, and the tokens of the deployment. */
interface Wanted {
  readonly settings: WebhookSettings;
  readonly tokens: UrlTokens;
}

/**
 * The webhook of a deployment: at the URL of the flags or of the deployment, with the newest token. Where there is no token, it
 * makes one up in the secret; a dry run makes one up in memory.
 */
export async function wantedBySync(flags: SettingFlags, isDryRun: boolean): Promise<Wanted> {
  const deployment = await findDeployment(flags);
  const url = flags.url ?? webhookUrlOf(deployment);
  checkUrl(url, flags.apiUrl);
  const tokens = isDryRun ? await tokensOfDryRun(deployment) : await ensureUrlToken(deployment);
  return { settings: settingsOf(flags, withToken(url, tokens.newest as string), deployment), tokens };
}

/** The settings of the flags, and the deployment's where a flag is missing. A URL of the flags stays as it is. */
export async function wantedByFlags(flags: SettingFlags): Promise<WebhookSettings> {
  const { name, url } = flags;
  if (url === undefined) return (await wantedBySync(flags, false)).settings;
  checkUrl(url, flags.apiUrl);
  return settingsOf(flags, url, name === undefined ? await findDeployment(flags) : undefined);
}

/** @param deployment the webhook is named after it, where no flag names it */
const settingsOf = (flags: SettingFlags, url: string, deployment: Deployment | undefined): WebhookSettings => ({
  name: flags.name ?? webhookNameOf(deployment as Deployment, flags.stack),
  url,
  events: flags.event ?? WEBHOOK_EVENTS,
  enabled: !flags.disabled,
});

/** The tokens. Where none of them is hard to guess, one is made up in the secret. */
const ensureUrlToken = (deployment: Deployment): Promise<UrlTokens> =>
  withSecretStore(deployment, ownerNamed('realtimekit'), async (store) => {
    const secret = await store.read();
    if (secret && !secret.isObject) throw new Error(noObject(store));
    const tokens = tokensOf(valuesOf(secret?.json ?? {}, URL_TOKEN));
    if (tokens.newest !== undefined) return tokens;
    const json = withEntry(store.owner, secret?.json ?? {}, URL_TOKEN, newToken());
    await (secret ? store.replace(secret, json) : store.create(json));
    note(`Made up a token for the URL, in the secret ${store.name}.`);
    return tokensOf(valuesOf(json, URL_TOKEN));
  });

async function tokensOfDryRun(deployment: Deployment): Promise<UrlTokens> {
  const tokens = await readUrlTokens(deployment);
  if (tokens.newest !== undefined) return tokens;
  note('There is no token for the URL: one would be made up.');
  return { ...tokens, newest: newToken() };
}

/** @throws UsageError for a URL that RealtimeKit cannot reach */
export function checkUrl(url: string, apiUrl: string): void {
  const shown = shownUrl(url);
  if (!URL.canParse(url)) throw new UsageError(`${shown} is no URL. Give --url an https URL.`);
  if (canReach(apiUrl, url)) return;
  throw new UsageError(
    `RealtimeKit cannot reach ${shown}: it sends to public https URLs. ` +
      'Deploy to AWS, or give --url the address of a tunnel to the local cloud.',
  );
}
