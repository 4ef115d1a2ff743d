/** `meetbus events reprocess`: sends unrecognized events to subscribers, once they are understood or their sender is known. */
import { type Command, Option } from 'commander';
import { type DeploymentFlags, findDeployment } from '../../deployment';
import { interruptible } from '../../interrupt';
import { footer, type JsonFlags, note } from '../../output';
import { subcommand } from '../../subcommand';
import { repeated, sinceMs, sinceOption, windowOf, withChoices } from '../../usage';
import { type Item, reportItems } from './report';
import { REPROCESSED_REASONS, type ReprocessOptions, reprocessEvents } from './reprocessing';

type Flags = DeploymentFlags & JsonFlags & ReprocessOptions;

/** AWS says that an event may take ten minutes to reach the archive. */
const ARCHIVING_MS = 10 * 60_000;

export function reprocessCommand(): Command {
  return subcommand('reprocess', 'Bring unrecognized events to subscribers, now that they are understood.')
    .addOption(withChoices(new Option('--reason <name...>', 'only those set aside for this'), REPROCESSED_REASONS))
    .option('--organization <id>', 'an organization of yours, by its id at the provider; may be repeated', repeated)
    .addOption(sinceOption('published since, such as 3h, 30d or 2026-01-31T09:30:00Z', '24h'))
    .option('--until <time>', 'published before; now, if left out', sinceMs)
    .option('--dry-run', 'show what would be done, and do nothing')
    .addHelpText('after', footer(HELP))
    .action(reprocess);
}

const HELP = `
It reads the archive of the intake bus, and sends what this version understands
to the queues again. Consumers publish it under the id that it had. What is
still not understood is not published again, and nothing is published twice,
however often the command runs.

Some providers sign for all their customers with one key. A delivery whose
sender was not proved (sender_not_proved) is sent only if the settings trust
its organization, or if it is named here: --organization <id>. '*' is every
sender, also one that names no organization.

It writes in the operator's role, so it needs sts:AssumeRole on the output
OperatorRoleArn.

On AWS it takes two minutes at least. Ctrl-C ends it; what it has sent by then
stays sent.

Examples:
  npx meetbus events reprocess --since 3d --dry-run
  npx meetbus events reprocess --since 30d --reason unknown_event_name
  npx meetbus events reprocess --organization <id> --reason sender_not_proved`;

async function reprocess(flags: Flags): Promise<void> {
  windowOf(flags);
  const deployment = await findDeployment(flags);
  if (!deployment.local) {
    if (Date.now() - (flags.until ?? Date.now()) < ARCHIVING_MS) {
      note('Events of the last ten minutes may not be in the archive yet.');
    }
    note('Reading the archive, which takes two minutes at least …');
  }
  const items: Item[] = [];
  const ending = { isWhole: false, isDryRun: flags.dryRun === true };
  try {
    ending.isWhole = await interruptible((signal) =>
      reprocessEvents(deployment, flags, { signal, onItem: (item) => items.push(item) }),
    );
  } catch (error) {
    if (items.length > 0) reportItems(items, ending, flags);
    throw error;
  }
  reportItems(items, ending, flags);
}
