/** `meetbus backfill`: brings back events whose deliveries never came, from what the provider's API still says. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Argument, type Command } from 'commander';
import { NOTE_DAYS } from '../../lambdas/publish/occurrences';
import { Notes } from '../../lambdas/reconcile/notes';
import type { ApiAccess, ProviderBackfill } from '../../providers/backfill';
import { isNotConfigured } from '../../providers/kit/stale-if-error-cache';
import type { Provider } from '../../providers/provider';
import { type DeploymentFlags, findDeployment, outputOf } from '../deployment';
import { interruptible } from '../interrupt';
import { addWideOption, footer, type JsonFlags, note, type WideFlags } from '../output';
import { checkDeployed, knownProviders } from '../providers';
import { subcommand } from '../subcommand';
import { perSecond, sinceOption, timeMs, UsageError, withChoices } from '../usage';
import { reportBackfill } from './backfill/report';
import { runBackfill } from './backfill/run';

interface Flags extends DeploymentFlags, JsonFlags, WideFlags {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until?: number;
  readonly subject?: string;
  /** Requests per second. */
  readonly rate?: number;
  readonly includeUnnoted?: true;
  readonly dryRun?: true;
}

const DAY_MS = 24 * 3_600_000;

/** Notes must outlive this, and the time in which their events may have waited. */
const MOST_DAYS = NOTE_DAYS - 5;

/** What happened later may still come by itself. */
const SETTLED_MS = 2 * 60_000;

export function backfillCommand(): Command {
  const providers = knownProviders().map(({ name }) => name);
  const command = subcommand(
    'backfill',
    'Bring back events that never came, from what the API of a provider still says.',
  )
    .addArgument(withChoices(new Argument('<provider>', 'whose API is read'), providers))
    .addOption(sinceOption('happened since, such as 2h, 7d or 2026-01-31T09:30:00Z', '24h'))
    .option('--until <time>', 'happened before; two minutes ago, if left out', timeMs)
    .option('--subject <subject>', 'only about this, such as bot/<id> or meeting/<id>')
    .option('--rate <count>', 'requests a second; else what the provider allows with some to spare', perSecond)
    .option('--include-unnoted', 'also what happened before Meetbus noted what it publishes; it may come twice')
    .option('--dry-run', 'show what would be sent, and send nothing')
    .addHelpText('after', footer(HELP))
    .action(backfill);
  return addWideOption(command);
}

const HELP = `
It reads the API of the provider, compares what that says with what Meetbus has
published, and sends what is missing to the queues. Consumers publish it with
"proof": "reconciled". Running it again sends nothing twice, and a webhook that
comes late for what was brought back is no second event.

It looks back ${MOST_DAYS} days at most. What the API does not report is listed below
the table.
Keys come from the environment, never from options:
docs/operations.md#bring-back-what-never-came.

It writes in the operator's role, so it needs sts:AssumeRole on the output
OperatorRoleArn. Ctrl-C ends it; what it has sent by then stays sent.

Examples:
  npx meetbus backfill <provider> --since 2h --dry-run
  npx meetbus backfill <provider> --since 2026-01-31T09:30:00Z
  npx meetbus backfill <provider> --subject bot/<id> --since 7d`;

async function backfill(name: string, flags: Flags): Promise<void> {
  const provider = knownProviders().find((one) => one.name === name) as Provider;
  const source = await backfillOf(provider);
  const asked = windowOf(flags);
  checkSubject(source, flags.subject);
  const access = accessOf(source);
  const deployment = await findDeployment(flags);
  checkDeployed(deployment, provider);
  const client = new DynamoDBClient({ ...deployment.clientConfig, maxAttempts: 10 });
  const notes = new Notes(client, outputOf(deployment, 'TableName'));
  try {
    const subjects = flags.subject === undefined ? undefined : [flags.subject];
    const window = { ...comparable(asked, await notes.since(name), provider, flags), subjects };
    const result = await interruptible((signal) =>
      runBackfill({
        ...{ provider, source, access, deployment, notes, window, signal },
        perSecond: flags.rate ?? source.perSecond,
        isDryRun: flags.dryRun === true,
      }),
    );
    reportBackfill(result, { provider, source, window, isDryRun: flags.dryRun === true }, flags);
  } finally {
    client.destroy();
  }
}

/** @throws UsageError if the provider's API is not read */
async function backfillOf(provider: Provider): Promise<ProviderBackfill> {
  const source = await provider.backfill?.();
  if (source) return source.backfill;
  throw new UsageError(`There is no backfill for ${provider.title}: Meetbus does not read its API.`);
}

/** @throws UsageError that names what the environment lacks */
function accessOf(source: ProviderBackfill): ApiAccess {
  try {
    return source.access(process.env);
  } catch (error) {
    throw isNotConfigured(error) ? new UsageError((error as Error).message) : error;
  }
}

interface Asked {
  readonly from: number;
  readonly to: number;
}

function windowOf({ since: from, until: to = Date.now() - SETTLED_MS }: Flags): Asked {
  if (from >= to) throw new UsageError('--until must be later than --since, and is two minutes ago if left out.');
  if (from < Date.now() - MOST_DAYS * DAY_MS) {
    throw new UsageError(
      `Meetbus remembers for ${NOTE_DAYS} days what it has published: --since ${MOST_DAYS}d at most.`,
    );
  }
  return { from, to };
}

function checkSubject({ subjects }: ProviderBackfill, subject: string | undefined): void {
  const isOne = (form: string) => new RegExp(`^${form.replace('<id>', '[\\w-]+')}$`).test(subject ?? '');
  if (subject === undefined || subjects.some(isOne)) return;
  throw new UsageError(`--subject takes ${subjects.join(' or ')}.`);
}

/** The part of the window in which it is known what was published. */
function comparable(asked: Asked, notedSince: number | undefined, { title }: Provider, flags: Flags): Asked {
  if (flags.includeUnnoted) return asked;
  if (notedSince === undefined || notedSince >= asked.to) {
    const since = notedSince === undefined ? 'yet' : `before ${new Date(notedSince).toISOString()}`;
    throw new UsageError(
      `Meetbus has noted nothing of ${title} ${since}: an older version ran, or nothing came. So it is not known what is ` +
        'missing. To send all that the API says: --include-unnoted. What was published before then comes twice.',
    );
  }
  if (notedSince <= asked.from) return asked;
  note(
    `Meetbus notes what it publishes of ${title} since ${new Date(notedSince).toISOString()}. What happened before is left out; ` +
      '--include-unnoted sends it too.',
  );
  return { ...asked, from: notedSince };
}
