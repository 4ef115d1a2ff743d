/** `meetbus doctor`: one look at what commonly goes wrong. */
import { Command } from 'commander';
import type { Provider } from '../../providers/provider';
import { addDeploymentOptions, type Deployment, type DeploymentFlags, findDeployment } from '../deployment';
import { messageOf } from '../errors';
import { type Finding, problem, reportFindings } from '../findings';
import { Insights } from '../insights';
import { interruptible } from '../interrupt';
import { addJsonOption, footer, type JsonFlags } from '../output';
import { knownProviders, providersOf, readClis } from '../providers';
import { sinceOption } from '../usage';
import { checksOf, type NamedCheck } from './doctor/checks';
import { LookBack } from './doctor/look-back';
import { secretChecksOf } from './doctor/secret';

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

async function checksFor(providers: readonly Provider[]): Promise<readonly NamedCheck[]> {
  const clis = await readClis(providers);
  return checksOf(clis.values(), secretChecksOf(providers, clis));
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

/** This check runs last: its own requests must not be among those that the others look back on. */
const LAST = 'api';

async function doctor(flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const checks = await checksFor(providersOf(deployment));
  const insights = new Insights(deployment);
  try {
    await interruptible(async (signal) => {
      const now = Date.now();
      const back = new LookBack(insights, flags.since, now, wordsFor(now - flags.since), signal);
      const lookAt = async (check: NamedCheck) => [check, await look(check, deployment, flags, back)] as const;
      const [last, others] = [checks.filter(isLast), checks.filter((check) => !isLast(check))];
      const found = await Promise.all(others.map(lookAt));
      const findings = new Map([...found, ...(await Promise.all(last.map(lookAt)))]);
      reportFindings(
        checks.flatMap((check) => findings.get(check) ?? []),
        flags,
      );
    });
  } finally {
    insights.close();
  }
}

const isLast = ({ name }: NamedCheck): boolean => name === LAST;

const HOUR_MS = 3_600_000;

/** The time of the look-back, in words. */
function wordsFor(ms: number): string {
  const hours = ms / HOUR_MS;
  if (Math.abs(hours - 1) < 0.01) return 'in the last hour';
  return hours > 1 ? `in the last ${Math.round(hours)} hours` : `in the last ${Math.ceil(ms / 60_000)} minutes`;
}

/** Runs one check. A check that fails is a finding too, so that the findings of the others are still printed. */
async function look(
  { name, look: check }: NamedCheck,
  deployment: Deployment,
  flags: Flags,
  back: LookBack,
): Promise<Finding[]> {
  try {
    return await check(deployment, flags, back);
  } catch (error) {
    const remedy = 'Look at the message, and at what you may read.';
    return [problem(name, `It could not be looked at: ${messageOf(error, flags)}`, remedy)];
  }
}
