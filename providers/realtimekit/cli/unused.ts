/** Whether webhooks still have a token in their URL that is to go. */
import { messageOf } from '../../../bin/errors';
import { note } from '../../../bin/output';
import { appInEnvironment } from './app';
import { tokenIn } from './url';

const SYNC = 'npx meetbus realtimekit webhooks sync';

/**
 * Looks whether a webhook of the app in the environment has one of these tokens. What cannot be looked at is said, and
 * stands in nobody's way: a token that has leaked must go.
 *
 * @param force says so, and goes on
 * @throws Error that says what to do, where one has it
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

/** Ids of webhooks; a text that says what is missing where there is no app to look at. */
async function webhooksWith(
  tokens: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string[] | string> {
  const app = appInEnvironment(environment);
  if (!app) return 'set CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID and REALTIMEKIT_APP_ID for that.';
  // Loaded only where there is an app to look at: the package behind it is large.
  const { RealtimekitWebhooks } = await import('./api');
  const webhooks = await new RealtimekitWebhooks(app).list();
  return webhooks.filter(({ url }) => tokens.includes(tokenIn(url) ?? '')).map(({ id }) => id);
}
