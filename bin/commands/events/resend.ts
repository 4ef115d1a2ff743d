/** `meetbus events resend`: sends one event to one rule again. */
import { type Command, Option } from 'commander';
import { type DeploymentFlags, findDeployment } from '../../deployment';
import { footer, type JsonFlags } from '../../output';
import { subcommand } from '../../subcommand';
import { sinceOption, UsageError, windowOf, withChoices } from '../../usage';
import { replay } from '../replay';
import { archivedAround, findEvent } from './logged';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly rule: string;
  readonly bus: 'shared' | 'intake';
  readonly since: number;
  readonly dryRun?: true;
}

export function resendCommand(): Command {
  return subcommand('resend', 'Bring one event to one rule again.')
    .argument('<id>', 'event id, delivery id or correlation id')
    .requiredOption('--rule <name>', 'the rule whose targets get it; npx meetbus replay lists them')
    .addOption(withChoices(new Option('--bus <bus>', 'bus of the rule'), ['shared', 'intake']).default('shared'))
    .addOption(sinceOption('how far back to look: 3h, or a time', '7d'))
    .option('--dry-run', 'say what would be done, and do nothing')
    .addHelpText('after', footer(HELP))
    .action(resend);
}

const HELP = `
It is a replay of this event alone: it comes under the id that it had, and its envelope has "replay-name". The rule's own
pattern must match it: npx meetbus events show <id> tells which do. For the time of the replay there is a rule
<rule>-replay-<id>, which the policy of each target must allow. On AWS it takes two minutes at least.

Example:
  npx meetbus events resend ee4aee010182902b23273f2fcfd5bd2f --rule recordings`;

async function resend(id: string, flags: Flags): Promise<void> {
  const { bus } = flags;
  const event = await findEvent(await findDeployment(flags), id, windowOf(flags));
  if (event.type === 'event.unrecognized' && bus === 'shared') {
    throw new UsageError(
      'An unrecognized event is on the intake bus alone: --bus intake. Is it understood today? npx meetbus events reprocess',
    );
  }
  const pattern = { 'detail-type': [event.type], detail: { id: [event.eventId] } };
  await replay({ ...flags, pattern, ...archivedAround(event) });
}
