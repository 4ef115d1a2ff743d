/** Whether webhooks still have a token in their URL that is about to be retired. */
import { messageOf } from '../../../bin/errors';
import { note } from '../../../bin/output';
import { appInEnvironment } from '../backfill/app';
import { tokenIn } from './url';

const SYNC = 'npx meetbus realtimekit webhooks sync';

/**
 * Checks whether a webhook of the app in the environment has one of these tokens. Where that cannot be checked, it says so and
 * goes on: nothing may keep a person from retiring a token that has leaked.
 *
 * @param force warns where a webhook has one, instead of throwing
 * @throws Error that says what to do, where a webhook has one
 */
export async function checkUnused(
  tokens: readonly string[],
  force: boolean,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const users = await webhooksWith(tokens, environment).catch((error: unknown) => messageOf(error));
  if (typeof users === 'string') return note(`Whether a webhook still has it was not looked at: ${users}`);
  if (users.length === 0) return;
  const used = `The URL of webhook ${users.join(', ')} has this token: its events are set aside without it.`;
  if (!force) throw new Error(`${used} Give the webhook a newer one first (${SYNC}), or say --force.`);
  note(`${used} Give the webhook a newer one: ${SYNC}`);
}

/** Ids of the webhooks with one of the tokens; a text that says what is missing where the environment names no app. */
async function webhooksWith(
  tokens: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string[] | string> {
  const app = appInEnvironment(environment);
  if (!app) return 'set CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID and REALTIMEKIT_APP_ID for that.';
  // Loaded only where it is needed: the package behind it is large.
  const { RealtimekitWebhooks } = await import('./api');
  const webhooks = await new RealtimekitWebhooks(app).list();
  return webhooks.filter(({ url }) => tokens.includes(tokenIn(url) ?? '')).map(({ id }) => id);
}
