/** `meetbus events list`: the events that were published. */

import { MEETING_EVENT_TYPES } from '@meetbus/events';
import { type Command, Option } from 'commander';
import { colors } from '../../colors';
import { type DeploymentFlags, findDeployment } from '../../deployment';
import { didYouMean, sentences } from '../../did-you-mean';
import { quoted } from '../../insights';
import {
  addWideOption,
  columnsFor,
  footer,
  type JsonFlags,
  print,
  printJson,
  tableOf,
  type WideFlags,
} from '../../output';
import { knownProviders } from '../../providers';
import { subcommand } from '../../subcommand';
import { positiveInteger, sinceOption, timeMs, UsageError, windowOf, withChoices } from '../../usage';
import { type LoggedEvent, loggedEvents } from './logged';
import { EVERY_REASON } from './reasons';

interface Flags extends DeploymentFlags, JsonFlags, WideFlags {
  readonly unrecognized?: true;
  readonly type?: string;
  readonly provider?: string;
  readonly reason?: string;
  readonly since: number;
  readonly until?: number;
  readonly limit: number;
}

export function listCommand(): Command {
  const command = subcommand('list', 'List events that were published, the newest first.')
    .option('--unrecognized', 'only events that were not recognized')
    .option('--type <type>', "only this type, such as bot.status_changed or 'recording.*'")
    .addOption(
      withChoices(
        new Option('--provider <name>', 'only events of this provider'),
        knownProviders().map(({ name }) => name),
      ),
    )
    .addOption(
      withChoices(
        new Option('--reason <reason>', 'only events that were not recognized for this reason'),
        EVERY_REASON,
      ),
    )
    .addOption(sinceOption('since when: 3h, or a time', '24h'))
    .option('--until <time>', 'until when, such as -1h or a time; now, if left out', timeMs)
    .option('--limit <count>', 'most events to list', positiveInteger, 50)
    .addHelpText('after', footer(HELP))
    .action(list);
  return addWideOption(command);
}

const HELP = `
It reads what consumers have logged, which takes some seconds to arrive; AWS takes $0.005 for each GB of logs (list price
of us-east-1, to be checked). With the setting logLevel WARN there are no such lines.

Examples:
  npx meetbus events list --unrecognized
  npx meetbus events list --type 'recording.*' --since 3d --json`;

async function list(flags: Flags): Promise<void> {
  const conditions = conditionsOf(flags);
  const window = windowOf(flags);
  const deployment = await findDeployment(flags);
  const events = await loggedEvents(deployment, window, conditions, flags.limit);
  if (flags.json) {
    printJson(events);
  } else if (events.length > 0) {
    const width = columnsFor(flags);
    console.log(`${tableOf(width !== undefined && width < WIDE ? NARROW_COLUMNS : COLUMNS, events, width)}\n`);
    print(NEXT);
  } else {
    print(`Nothing since ${new Date(window.from).toISOString()}. Look further back, such as with --since 7d.`);
  }
}

const NEXT = colors.dim('One of them whole: npx meetbus events show <id>');

const PUBLISHED = { title: 'published', value: ({ time }: LoggedEvent) => time.replace(/\.\d+Z$/, 'Z') };

const COLUMNS = [
  PUBLISHED,
  { title: 'event', value: describe, narrow: 'wrap' as const },
  { title: 'id', value: ({ eventId }: LoggedEvent) => eventId },
];

/** Terminal width from which an event and its id fit into one line. */
const WIDE = 120;

/** The id on a line below the event: the next command needs it whole. */
const NARROW_COLUMNS = [
  PUBLISHED,
  {
    title: 'event, and its id below',
    value: (event: LoggedEvent) => `${describe(event)}\n${event.eventId}`,
    narrow: 'wrap' as const,
  },
];

/** The type and the provider's event name, or the reason why it was not recognized. */
function describe({ type, providerEvent, reason, problems }: LoggedEvent): string {
  if (type !== 'event.unrecognized') return `${type} (${providerEvent})`;
  return [`${providerEvent || 'no name'}: ${reason ?? 'not understood'}`, ...(problems ? [problems] : [])].join(', ');
}

/** The filters of the flags, in the language of Logs Insights. */
function conditionsOf({ unrecognized, type, provider, reason }: Flags): string[] {
  if (unrecognized && type !== undefined) throw new UsageError('--unrecognized and --type exclude each other.');
  return [
    ...(unrecognized ? ['type = "event.unrecognized"'] : []),
    ...(type === undefined ? [] : [typeCondition(type)]),
    ...(provider === undefined ? [] : [`provider = ${quoted(provider)}`]),
    ...(reason === undefined ? [] : [`reason = ${quoted(reason)}`]),
  ];
}

/** Refuses a type that does not exist: the query would find nothing. */
function typeCondition(wanted: string): string {
  const pattern = `^${wanted.replace(/[.+?^${}()|[\]\\/]/g, '\\$&').replaceAll('*', '.*')}$`;
  if (MEETING_EVENT_TYPES.some((type) => new RegExp(pattern).test(type))) return `type like /${pattern}/`;
  throw new UsageError(sentences(`There is no event type ${wanted}.`, didYouMean(wanted, MEETING_EVENT_TYPES)));
}
