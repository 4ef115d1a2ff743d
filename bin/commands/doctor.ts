/** `meetbus doctor`: one look at what commonly goes wrong. */
import { Command } from 'commander';
import { addDeploymentOptions, type Deployment, type DeploymentFlags, findDeployment } from '../deployment';
import { messageOf } from '../errors';
import { type Finding, problem, reportFindings } from '../findings';
import { Insights } from '../insights';
import { interruptible } from '../interrupt';
import { addJsonOption, footer, type JsonFlags } from '../output';
import { sinceOption } from '../usage';
import { CHECKS } from './doctor/checks';
import { LookBack } from './doctor/look-back';

type Flags = DeploymentFlags & JsonFlags & { readonly since: number };

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('Look at what commonly goes wrong, and say what to do. Ends with 1 where something is wrong.')
    .addOption(sinceOption('how far to look back, such as 3h', '1h'))
    .addHelpText('after', footer(HELP))
    .action(doctor);
  return addJsonOption(addDeploymentOptions(command));
}

const HELP = `
It looks at ${Object.keys(CHECKS).join(', ')}.
It looks back an hour: --since 1d looks further. It changes nothing. It sends one unsigned request to each route, which
counts among the refused ones, but not when it looks back itself.
For RealtimeKit's webhook it needs CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID and REALTIMEKIT_APP_ID.

Examples:
  npx meetbus doctor
  npx meetbus doctor --since 1d
  npx meetbus doctor --local --json`;

/** Its own requests are not to be among those that the others look back on. */
const LAST = 'api';

async function doctor(flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const insights = new Insights(deployment);
  try {
    await interruptible(async (signal) => {
      const now = Date.now();
      const back = new LookBack(insights, flags.since, now, wordsFor(now - flags.since), signal);
      const lookAt = async (name: string) => [name, await look(name, deployment, flags, back)] as const;
      const others = Object.keys(CHECKS).filter((name) => name !== LAST);
      const findings = new Map([...(await Promise.all(others.map(lookAt))), await lookAt(LAST)]);
      reportFindings(
        Object.keys(CHECKS).flatMap((name) => findings.get(name) ?? []),
        flags,
      );
    });
  } finally {
    insights.close();
  }
}

const HOUR_MS = 3_600_000;

/** How the time that is looked back on is called. */
function wordsFor(ms: number): string {
  const hours = ms / HOUR_MS;
  if (Math.abs(hours - 1) < 0.01) return 'in the last hour';
  return hours > 1 ? `in the last ${Math.round(hours)} hours` : `in the last ${Math.ceil(ms / 60_000)} minutes`;
}

/** One check. What it could not find out is a finding too, so that the others are still told. */
async function look(name: string, deployment: Deployment, flags: Flags, back: LookBack): Promise<Finding[]> {
  try {
    return (await CHECKS[name]?.(deployment, flags, back)) ?? [];
  } catch (error) {
    return [
      problem(
        name,
        `It could not be looked at: ${messageOf(error, flags)}`,
        'Look at the message, and at what you may read.',
      ),
    ];
  }
}
