/** `meetbus realtimekit webhooks`: what RealtimeKit sends, and where to. */
import { Argument, Command, Option } from 'commander';
import { realtimekitTypeOf } from '../../lambdas/providers/realtimekit/event-names';
import { colors } from '../../local/colors';
import { addDeploymentOptions, type Deployment, type DeploymentFlags, findDeployment } from '../deployment';
import { addJsonOption, footer, type JsonFlags, note, printJson, tableOf } from '../output';
import { UsageError, withChoices } from '../usage';
import type { RealtimekitWebhooks, Webhook, WebhookEvent, WebhookSettings } from './realtimekit/api';
import { type AppFlags, addAppOptions, appOf, canReach, idOf, webhookNameOf, webhookUrlOf } from './realtimekit/app';
import { planJson, planLines, remainingLines, shown, webhookLines, webhookTable } from './realtimekit/print';
import { applyPlan, planSync, WEBHOOK_EVENTS } from './realtimekit/sync';

type ApiFlags = AppFlags & JsonFlags;

interface SettingFlags extends ApiFlags, DeploymentFlags {
  readonly name?: string;
  readonly url?: string;
  readonly event?: readonly WebhookEvent[];
  readonly disabled?: true;
}

interface EditFlags extends ApiFlags {
  readonly name?: string;
  readonly url?: string;
  readonly event?: readonly WebhookEvent[];
  readonly enable?: true;
  readonly disable?: true;
}

interface SyncFlags extends SettingFlags {
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
  return new Command('realtimekit').description('Cloudflare RealtimeKit, seen from its side.').addCommand(webhooks);
}

const webhookId = () => new Argument('<id>', 'id of the webhook').argParser(idOf);

const eventOption = () =>
  withChoices(new Option('--event <name...>', 'an event to subscribe to; else all'), WEBHOOK_EVENTS);

const addSettingOptions = (command: Command): Command =>
  addDeploymentOptions(addAppOptions(command))
    .option('--name <name>', "name of the webhook; else the deployment's")
    .option('--url <url>', "where RealtimeKit sends events; else the deployment's URL");

/** The package behind the API is loaded where it is called: it holds every product of Cloudflare. */
async function connect(flags: AppFlags): Promise<RealtimekitWebhooks> {
  const app = appOf(flags, process.env);
  const api = await import('./realtimekit/api');
  return new api.RealtimekitWebhooks(app);
}

function sync(): Command {
  return addSettingOptions(new Command('sync'))
    .description('Make RealtimeKit send all events to a deployment: create its webhook, or update what differs.')
    .option('--dry-run', 'print what would change, and change nothing')
    .option('--prune', 'delete further webhooks with the same URL')
    .action(async (flags: SyncFlags) => {
      const api = await connect(flags);
      const plan = planSync(await wantedSettings(flags), await api.list());
      const result = flags.dryRun ? undefined : await applyPlan(api, plan, flags.prune ?? false);
      const seen = result?.plan ?? plan;
      const removed = result?.removed ?? [];
      if (result && removed.length < seen.duplicates.length) process.exitCode = 1;
      if (flags.json) return printJson(planJson(seen, result));
      const pending = !seen.own || seen.differences.length > 0 ? 'would be changed' : 'unchanged';
      const outcome = result ? `${result.action} ${result.webhook.id}` : `dry run: ${pending}`;
      console.log(`${planLines(seen)}\n${colors.bold(outcome)}`);
      for (const lines of remainingLines(seen, removed)) console.log(`\n${lines}`);
    });
}

function list(): Command {
  return addAppOptions(new Command('list'))
    .description('List the webhooks.')
    .action(async (flags: ApiFlags) => {
      const webhooks = await (await connect(flags)).list();
      if (flags.json) return printJson(webhooks.map(shown));
      if (webhooks.length === 0) return note('There are none. "npx meetbus realtimekit webhooks sync" creates one.');
      console.log(webhookTable(webhooks));
    });
}

function get(): Command {
  return addAppOptions(new Command('get').addArgument(webhookId()))
    .description('Show one webhook.')
    .action(async (id: string, flags: ApiFlags) => print(await (await connect(flags)).get(id), flags));
}

function create(): Command {
  return addSettingOptions(new Command('create'))
    .description('Create a webhook.')
    .addOption(eventOption())
    .option('--disabled', 'it sends nothing until it is enabled')
    .action(async (flags: SettingFlags) => {
      const api = await connect(flags);
      print(await api.create(await wantedSettings(flags)), flags);
    });
}

function replace(): Command {
  return addSettingOptions(new Command('replace').addArgument(webhookId()))
    .description('Set everything about a webhook afresh: what no option says becomes as create would have it.')
    .addOption(eventOption())
    .option('--disabled', 'it sends nothing until it is enabled')
    .action(async (id: string, flags: SettingFlags) => {
      const api = await connect(flags);
      print(await api.replace(id, await wantedSettings(flags)), flags);
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
      print(await api.edit(id, changesIn(flags)), flags);
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
      print(webhook, flags);
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

function print(webhook: Webhook, { json }: JsonFlags): void {
  if (json) printJson(shown(webhook));
  else console.log(webhookLines(webhook));
}

/** The settings that the flags say, and those of the deployment where they say nothing. */
async function wantedSettings(flags: SettingFlags): Promise<WebhookSettings> {
  const deployment = flags.name && flags.url ? undefined : await findDeployment(flags);
  const url = flags.url ?? webhookUrlOf(deployment as Deployment);
  checkUrl(url, flags.apiUrl);
  return {
    name: flags.name ?? webhookNameOf(deployment as Deployment, flags.stack),
    url,
    events: flags.event ?? WEBHOOK_EVENTS,
    enabled: !flags.disabled,
  };
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

function checkUrl(url: string, apiUrl: string): void {
  if (!URL.canParse(url)) throw new UsageError(`${url} is no URL. Give --url an https URL.`);
  if (canReach(apiUrl, url)) return;
  throw new UsageError(
    `RealtimeKit cannot reach ${url}: it sends to public https URLs. ` +
      'Deploy to AWS, or give --url the address of a tunnel to the local cloud.',
  );
}
