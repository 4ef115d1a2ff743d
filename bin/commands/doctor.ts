/** `meetbus doctor`: one look at what commonly goes wrong. */
import { Command } from 'commander';
import { addDeploymentOptions, type DeploymentFlags, findDeployment } from '../deployment';
import { type Finding, reportFindings } from '../findings';
import { interruptible } from '../interrupt';
import { addJsonOption, footer, type JsonFlags } from '../output';
import { knownProviders, providersOf } from '../providers';
import { sinceOption } from '../usage';
import type { NamedCheck } from './doctor/checks';
import { checksFor, examine } from './doctor/examine';

type Flags = DeploymentFlags & JsonFlags & { readonly since: number };

export async function doctorCommand(): Promise<Command> {
  const checks = await checksFor(knownProviders());
  const command = new Command('doctor')
    .description(
      'Check everything that commonly goes wrong, and say how to fix it. Exits with 1 if it finds a problem.',
    )
    .addOption(sinceOption('how far to look back, such as 3h', '1h'))
    .addHelpText('after', footer(helpOf(checks)))
    .action(doctor);
  return addJsonOption(addDeploymentOptions(command));
}

const helpOf = (checks: readonly NamedCheck[]): string => `
It looks at ${checks.map(({ name }) => name).join(', ')}.
It looks back an hour: --since 1d looks further. It changes nothing. It sends one unsigned request to each route. These
requests are counted as refused deliveries, but the doctor leaves them out when it looks back. It also sends one probe through
the API to the shared bus, whose events no subscriber sees.
${checks.flatMap(({ needs }) => needs ?? []).join('\n')}

Examples:
  npx meetbus doctor
  npx meetbus doctor --since 1d
  npx meetbus doctor --local --json`;

async function doctor(flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const checks = await checksFor(providersOf(deployment));
  const found = new Map<NamedCheck, readonly Finding[]>();
  await interruptible((signal) =>
    examine({
      ...{ deployment, flags, checks, signal, since: flags.since },
      onFound: (check, findings) => found.set(check, findings),
    }),
  );
  reportFindings(
    checks.flatMap((check) => found.get(check) ?? []),
    flags,
  );
}
