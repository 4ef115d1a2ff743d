/** `meetbus realtimekit webhooks`: which events RealtimeKit sends, and where to. */

import { Argument, Command, Option } from 'commander';
import { colors } from '../../../bin/colors';
import { addDeploymentOptions, type DeploymentFlags, findDeployment } from '../../../bin/deployment';
import { messageOf } from '../../../bin/errors';
import { addJsonOption, footer, type JsonFlags, note, print, printJson, tableOf } from '../../../bin/output';
import { UsageError, withChoices } from '../../../bin/usage';
import { idOf } from '../backfill/app';
import { WEBHOOK_EVENTS } from '../backfill/webhook';
import { realtimekitTypeOf } from '../event-names';
import type { RealtimekitWebhooks, Webhook, WebhookEvent, WebhookSettings } from './api';
import { type AppFlags, addAppOptions, appOf, asArgument } from './app';
import { planJson, planLines, remainingLines, shown, webhookLines, webhookTable } from './print';
import { applyPlan, planSync } from './sync';
import type { UrlTokens } from './url';
import { checkUrl, readUrlTokens, type SettingFlags, wantedByFlags, wantedBySync } from './wanted';

type ApiFlags = AppFlags & JsonFlags;

interface EditFlags extends ApiFlags {
  readonly name?: string;
  readonly url?: string;
  readonly event?: readonly WebhookEvent[];
  readonly enable?: true;
  readonly disable?: true;
}

interface SyncFlags extends SettingFlags, JsonFlags {
  readonly dryRun?: true;
  readonly prune?: true;
}

export function realtimekitCommand(): Command {
  const webhooks = new Command('webhooks')
    .description("The webhooks of a RealtimeKit app: RealtimeKit's own configuration of what it sends, and where to.")
    .addHelpText(
      'after',
      footer(`
The API token comes from CLOUDFLARE_API_TOKEN, never from an option. It needs the permission "Realtime Admin" or "Realtime".

Examples:
  npx meetbus realtimekit webhooks sync --dry-run     what would change
  npx meetbus realtimekit webhooks sync               change it
  npx meetbus realtimekit webhooks list`),
    );
  for (const command of [sync(), list(), get(), create(), replace(), edit(), remove(), events()]) {
    webhooks.addCommand(addJsonOption(command));
  }
  return new Command('realtimekit')
    .description('Webhooks that are registered with Cloudflare RealtimeKit.')
    .addCommand(webhooks);
}

const webhookId = () => new Argument('<id>', 'id of the webhook').argParser(asArgument(idOf));

const eventOption = () =>
  withChoices(new Option('--event <name...>', 'an event to subscribe to; else all'), WEBHOOK_EVENTS);

const addSettingOptions = (command: Command): Command =>
  addDeploymentOptions(addAppOptions(command))
    .option('--name <name>', "name of the webhook; else the deployment's")
    .option('--url <url>', "where RealtimeKit sends events; else the deployment's URL");

/** The API's package is loaded here, because it is large: it holds every product of Cloudflare. */
async function connect(flags: AppFlags): Promise<RealtimekitWebhooks> {
  const app = appOf(flags, process.env);
  const api = await import('./api');
  return new api.RealtimekitWebhooks(app);
}

function sync(): Command {
  return addSettingOptions(new Command('sync'))
    .description(
      'Make RealtimeKit send all events to a deployment, at its URL with the newest token: create its webhook, or update what differs.',
    )
    .option('--dry-run', 'print what would change, and change nothing')
    .option('--prune', 'delete further webhooks with the same URL')
    .action(async (flags: SyncFlags) => {
      const api = await connect(flags);
      const webhooks = await api.list();
      const { settings, tokens } = await wantedBySync(flags, flags.dryRun ?? false);
      const plan = planSync(settings, webhooks);
      const result = flags.dryRun ? undefined : await applyPlan(api, plan, flags.prune ?? false);
      const seen = result?.plan ?? plan;
      const removed = result?.removed ?? [];
      if (result && removed.length < seen.duplicates.length) process.exitCode = 1;
      if (flags.json) return printJson(planJson(seen, tokens, result));
      const pending = !seen.own || seen.differences.length > 0 ? 'would be changed' : 'unchanged';
      const outcome = result ? `${result.action} ${result.webhook.id}` : `dry run: ${pending}`;
      print(`${planLines(seen, tokens)}\n${colors.bold(outcome)}`);
      for (const lines of remainingLines(seen, removed, tokens)) console.log(`\n${lines}`);
    });
}

function list(): Command {
  return addDeploymentOptions(addAppOptions(new Command('list')))
    .description(
      'List the webhooks, and whether their URLs have a token of the deployment: newest, older, unknown or none.',
    )
    .action(async (flags: ApiFlags & DeploymentFlags) => {
      const webhooks = await (await connect(flags)).list();
      const tokens = await tokensIfKnown(flags);
      if (flags.json) return printJson(webhooks.map((webhook) => shown(webhook, tokens)));
      if (webhooks.length === 0) return note('There are none. "npx meetbus realtimekit webhooks sync" creates one.');
      console.log(webhookTable(webhooks, tokens));
    });
}

/** The tokens of the deployment; undefined where it cannot be found, because webhooks can be listed without it. */
async function tokensIfKnown(flags: DeploymentFlags): Promise<UrlTokens | undefined> {
  try {
    return await readUrlTokens(await findDeployment(flags));
  } catch (error) {
    note(`Whether their URLs have a token of the deployment is not known: ${messageOf(error, flags)}`);
    return undefined;
  }
}

function get(): Command {
  return addAppOptions(new Command('get').addArgument(webhookId()))
    .description('Show one webhook.')
    .action(async (id: string, flags: ApiFlags) => printWebhook(await (await connect(flags)).get(id), flags));
}

function create(): Command {
  return addSettingOptions(new Command('create'))
    .description('Create a webhook.')
    .addOption(eventOption())
    .option('--disabled', 'it sends nothing until it is enabled')
    .action(async (flags: SettingFlags & JsonFlags) => {
      const api = await connect(flags);
      printWebhook(await api.create(await wantedByFlags(flags)), flags);
    });
}

function replace(): Command {
  return addSettingOptions(new Command('replace').addArgument(webhookId()))
    .description('Set everything about a webhook afresh: what no option says becomes as create would have it.')
    .addOption(eventOption())
    .option('--disabled', 'it sends nothing until it is enabled')
    .action(async (id: string, flags: SettingFlags & JsonFlags) => {
      const api = await connect(flags);
      printWebhook(await api.replace(id, await wantedByFlags(flags)), flags);
    });
}

function edit(): Command {
  return addAppOptions(new Command('edit').addArgument(webhookId()))
    .description('Change what the options say about a webhook, and nothing else.')
    .option('--name <name>', 'new name')
    .option('--url <url>', 'new URL')
    .addOption(withChoices(new Option('--event <name...>', 'the events, in place of those it had'), WEBHOOK_EVENTS))
    .addOption(new Option('--enable', 'send events').conflicts('disable'))
    .option('--disable', 'send none')
    .action(async (id: string, flags: EditFlags) => {
      const api = await connect(flags);
      printWebhook(await api.edit(id, changesIn(flags)), flags);
    });
}

function remove(): Command {
  return addAppOptions(new Command('delete').addArgument(webhookId()))
    .description('Delete a webhook. RealtimeKit stops sending at once.')
    .action(async (id: string, flags: ApiFlags) => {
      const api = await connect(flags);
      const webhook = await api.get(id);
      await api.delete(id);
      if (!flags.json) console.log(colors.bold('deleted'));
      printWebhook(webhook, flags);
    });
}

function events(): Command {
  return new Command('events')
    .description(
      'List the events that a webhook can subscribe to, and the type of the meeting event that each becomes.',
    )
    .action((flags: JsonFlags) => {
      const rows = WEBHOOK_EVENTS.map((event) => ({ event, type: realtimekitTypeOf(event) ?? 'event.unrecognized' }));
      if (flags.json) return printJson(rows);
      console.log(
        tableOf(
          [
            { title: 'EVENT', value: (row) => row.event },
            { title: 'BECOMES', value: (row) => row.type },
          ],
          rows,
        ),
      );
      note(
        '\nrecording.statusUpdate becomes recording.started, .paused, .uploading, .ready or .failed where its status says so.',
      );
    });
}

function printWebhook(webhook: Webhook, { json }: JsonFlags): void {
  if (json) printJson(shown(webhook));
  else console.log(webhookLines(webhook));
}

function changesIn({ name, url, event, enable, disable, apiUrl }: EditFlags): Partial<WebhookSettings> {
  if (url !== undefined) checkUrl(url, apiUrl);
  const changes = {
    ...(name !== undefined && { name }),
    ...(url !== undefined && { url }),
    ...(event && { events: event }),
    ...((enable || disable) && { enabled: enable ?? false }),
  };
  if (Object.keys(changes).length === 0) {
    throw new UsageError('Say what to change: --name, --url, --event, --enable or --disable.');
  }
  return changes;
}
