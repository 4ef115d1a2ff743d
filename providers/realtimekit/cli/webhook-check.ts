/** Whether RealtimeKit sends a deployment its events. */
import type { Deployment } from '../../../bin/deployment';
import { type Finding, ok, problem, warning } from '../../../bin/findings';
import { appInEnvironment, canReach, type RealtimekitApp } from '../backfill/app';
import { WEBHOOK_EVENTS, webhookTroubles } from '../backfill/webhook';
import type { Webhook } from './api';
import { webhookNameOf, webhookUrlOf } from './app';
import { planSync, type SyncPlan } from './sync';
import { standingOf, type TokenStanding, type UrlTokens, withToken } from './url';
import { readUrlTokens } from './wanted';

/** Name of the check. */
const CHECK = 'RealtimeKit webhook';

const SYNC = 'npx meetbus realtimekit webhooks sync';

/**
 * Looks at the webhook of a deployment, with the app and the token in the environment. An error becomes a finding, and no
 * finding holds a secret.
 */
export async function checkWebhook(
  deployment: Deployment,
  stack: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Finding[]> {
  try {
    const app = appInEnvironment(environment);
    if (!app) return [skipped('set CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID and REALTIMEKIT_APP_ID')];
    if (!canReach(app.apiUrl, webhookUrlOf(deployment))) return [skipped('RealtimeKit cannot reach a local cloud')];
    return await check(deployment, stack, app);
  } catch (error) {
    const remedy = error instanceof Error ? error.message : String(error);
    return [problem(CHECK, 'It cannot be looked at.', remedy)];
  }
}

const skipped = (reason: string): Finding => ok(CHECK, `not looked at (${reason})`);

async function check(deployment: Deployment, stack: string, app: RealtimekitApp): Promise<Finding[]> {
  const tokens = await readUrlTokens(deployment);
  const url = webhookUrlOf(deployment);
  const wanted = {
    name: webhookNameOf(deployment, stack),
    url: tokens.newest === undefined ? url : withToken(url, tokens.newest),
    events: WEBHOOK_EVENTS,
    enabled: true,
  };
  // Loaded only where it is needed: the package behind it is large.
  const { RealtimekitWebhooks } = await import('./api');
  const plan = planSync(wanted, await new RealtimekitWebhooks(app).list());
  const findings = findingsOf(plan, url, tokens);
  if (findings.length > 0) return findings;
  return [ok(CHECK, `${plan.own?.id} sends all ${WEBHOOK_EVENTS.length} events`)];
}

/** What is wrong with the webhooks that a plan found. Their names do not matter. */
function findingsOf({ own, duplicates }: SyncPlan, url: string, tokens: UrlTokens): Finding[] {
  const found = (message: string, remedy = SYNC) => problem(CHECK, message, remedy);
  return [
    ...(own ? tokenFindings(own, tokens) : []),
    ...webhookTroubles(own, url).map((trouble) => found(trouble)),
    ...(duplicates.length > 0
      ? [found(`${duplicates.length + 1} send to the same URL, so events come twice.`, `${SYNC} --prune`)]
      : []),
  ];
}

/** The finding for each standing of the URL's token. */
const TOKEN_FINDINGS: Readonly<Record<TokenStanding, ((id: string) => Finding) | undefined>> = {
  newest: undefined,
  older: (id) => warning(CHECK, `The URL of ${id} has an older token.`, SYNC),
  unknown: (id) => problem(CHECK, `The URL of ${id} has a token that is none of this deployment.`, SYNC),
  none: (id) => problem(CHECK, `The URL of ${id} has no token, which would prove that it is ours.`, SYNC),
  // One of the troubles of a webhook.
  other: undefined,
};

function tokenFindings({ id, url }: Webhook, tokens: UrlTokens): Finding[] {
  const finding = TOKEN_FINDINGS[standingOf(url, tokens)]?.(id);
  return finding ? [finding] : [];
}
