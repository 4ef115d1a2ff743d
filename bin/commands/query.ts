/** `meetbus query`: runs a saved query of CloudWatch Logs Insights. */
import { Argument, Command } from 'commander';
import { ID_PLACEHOLDER, type SavedQuery, savedQueriesOf } from '../../lib/monitoring/queries';
import { addDeploymentOptions, type DeploymentFlags, findDeployment } from '../deployment';
import { Insights, isInterrupted, quoted, type ResultRow, readableRow } from '../insights';
import { interruptible } from '../interrupt';
import { addJsonOption, footer, type JsonFlags, note, print, printJson, tableOf } from '../output';
import { knownProviders } from '../providers';
import { sinceOption, timeMs, UsageError, windowOf, withChoices } from '../usage';
import { presented } from './query/present';

type Flags = DeploymentFlags &
  JsonFlags & { readonly since: number; readonly until?: number; readonly id?: string; readonly list?: true };

const SAVED_QUERIES = savedQueriesOf(knownProviders());

/** CloudWatch returns no more. */
const MOST_ROWS = 10_000;

export function queryCommand(): Command {
  const names = withChoices(
    new Argument('[name]', 'which one; without it, all are listed'),
    SAVED_QUERIES.map(({ name }) => name),
  );
  const command = new Command('query')
    .description('Run a saved query over the logs.')
    .addArgument(names)
    .addOption(sinceOption('since when: 3h, or a time in ISO 8601', '3h'))
    .option('--until <time>', 'until when, such as -1h or a time; now, if left out', timeMs)
    .option('--id <id>', 'the event, delivery or correlation id that one-event is about')
    .option('--list', 'say what each query shows, and ask nothing')
    .addHelpText('after', footer(HELP))
    .action(query);
  return addJsonOption(addDeploymentOptions(command));
}

const HELP = `
The same queries are in the console of CloudWatch Logs Insights, in the folder named after the Meetbus. AWS takes
$0.005 for each GB of logs that it looks through (list price of us-east-1, to be checked); Ctrl-C stops the query.
Lines take some seconds to arrive.

Examples:
  npx meetbus query --list
  npx meetbus query refusals-by-reason --since 1h
  npx meetbus query dead-endpoints --since 1d --json
  npx meetbus query one-event --id ee4aee010182902b23273f2fcfd5bd2f --local`;

async function query(name: string | undefined, flags: Flags): Promise<void> {
  const saved = SAVED_QUERIES.find((one) => one.name === name);
  if (flags.list || !saved) return list(flags);
  const commands = commandsOf(saved, flags.id);
  const window = windowOf(flags);
  const deployment = await findDeployment(flags);
  const insights = new Insights(deployment);
  try {
    const rows = await interruptible((signal) => insights.ask({ of: saved.of, commands }, window, signal));
    report(rows, window.from, flags);
  } catch (error) {
    if (!isInterrupted(error)) throw error;
    note('The query was stopped.');
    process.exitCode = 1;
  } finally {
    insights.close();
  }
}

function list({ json }: Flags): void {
  const queries = SAVED_QUERIES.map(({ name, shows }) => ({ name, shows }));
  if (json) {
    printJson(queries);
    return;
  }
  const columns = [
    { title: 'query', value: ({ name }: (typeof queries)[number]) => name },
    { title: 'shows', value: ({ shows }: (typeof queries)[number]) => shows, narrow: 'wrap' as const },
  ];
  console.log(tableOf(columns, queries));
}

/** @throws UsageError if the query needs an id and there is none, or the other way round */
function commandsOf({ name, commands }: SavedQuery, id: string | undefined): readonly string[] {
  const isAboutId = commands.some((command) => command.includes(ID_PLACEHOLDER));
  if (isAboutId && id === undefined) throw new UsageError(`${name} is about one id. Say which: --id <id>.`);
  if (!isAboutId && id !== undefined) throw new UsageError(`${name} takes no --id. The query one-event does.`);
  return commands.map((command) => command.replace(`"${ID_PLACEHOLDER}"`, () => quoted(id ?? '')));
}

function report(rows: readonly ResultRow[], from: number, { json }: Flags): void {
  if (json) {
    printJson(rows.map(readableRow));
  } else if (rows.length === 0) {
    const since = new Date(from).toISOString();
    print(`Nothing since ${since}. Look further back, such as with --since 1d. Lines take some seconds to arrive.`);
  } else {
    console.log(presented(rows));
  }
  if (rows.length >= MOST_ROWS) note(`These are the first ${MOST_ROWS}: ask for a shorter time.`);
}
