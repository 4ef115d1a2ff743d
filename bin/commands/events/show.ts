/** `meetbus events show`: what came, what was made of it, and who gets it. */

import type { Command } from 'commander';
import { colors } from '../../colors';
import { type DeploymentFlags, findDeployment } from '../../deployment';
import { interruptible } from '../../interrupt';
import { printed } from '../../masked';
import { footer, type JsonFlags, note, print, printJson } from '../../output';
import { subcommand } from '../../subcommand';
import { sinceOption, windowOf } from '../../usage';
import { type Archived, hasBody, partsOf, readArchived } from './archived';
import { findEvent, type LoggedEvent } from './logged';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly since: number;
  /** False with --no-body. */
  readonly body: boolean;
}

export function showCommand(): Command {
  return subcommand('show', 'Show one event: what came, what was made of it, and who gets it.')
    .argument('<id>', 'event id, delivery id or correlation id')
    .addOption(sinceOption('how far back to look: 3h, or a time', '7d'))
    .option('--no-body', 'only what the logs say, which is quick')
    .addHelpText('after', footer(HELP))
    .action(show);
}

const HELP = `
What came is the provider's body, and it may hold personal data. Credentials and links are masked. It is read from the
archive of the intake bus, which takes two minutes at least on AWS, and ten more for an event that came just now:
--no-body leaves it out. Who gets it are the rules that it matches today.

Examples:
  npx meetbus events show ee4aee010182902b23273f2fcfd5bd2f
  npx meetbus events show ee4aee010182902b23273f2fcfd5bd2f --no-body`;

async function show(id: string, flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const event = await findEvent(deployment, id, windowOf(flags));
  if (!flags.json) print(headOf(event));
  if (flags.body && !deployment.local) note('Reading the archive, which takes two minutes at least …');
  const archived = flags.body ? await interruptible((signal) => readArchived(deployment, event, signal)) : undefined;
  if (flags.json) printJson({ ...event, ...(archived && asJson(archived)) });
  else if (archived) printArchived(archived);
  if (flags.body && !archived) {
    note('The archive does not have it, or not yet: on AWS an event may take ten minutes to get there.');
    process.exitCode = 1;
  }
  if (!flags.json) print(colors.dim(`Its way, with times: npx meetbus trace ${event.eventId}`));
}

function headOf({ eventId, time, type, provider, providerEvent, reason, problems }: LoggedEvent): string {
  const lines = [
    ['event', eventId],
    ['published', time],
    ['came as', [provider, providerEvent].filter(Boolean).join(' ')],
    ['became', type],
    ['because', [reason, problems].filter(Boolean).join(': ')],
  ];
  return lines.flatMap(([name = '', value]) => (value ? [`${colors.dim(name.padEnd(11))}${value}`] : [])).join('\n');
}

const asJson = ({ envelope, bus, receivers }: Archived): object => ({ ...partsOf(envelope), bus, receivers });

function printArchived({ envelope, bus, receivers }: Archived): void {
  const { came, became } = partsOf(envelope);
  console.log(
    `\n${colors.bold('What came')}\n${hasBody(envelope) ? printed(came) : 'It was not kept, because it may hold a credential.'}`,
  );
  console.log(`\n${colors.bold('What was made of it')}\n${printed(became)}`);
  console.log(`\n${colors.bold(`Who gets it on the ${bus} bus`)}`);
  if (receivers.length === 0) console.log('Nobody: no rule matches it.');
  for (const { rule, isEnabled, targets } of receivers) {
    console.log(`${rule}${isEnabled ? '' : ' (disabled)'}`);
    for (const target of targets) console.log(`  ${target}`);
  }
  console.log();
}
