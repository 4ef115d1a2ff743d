/** `meetbus doctor`: one look at what commonly goes wrong. */
import { Command } from 'commander';
import { addDeploymentOptions, type Deployment, type DeploymentFlags, findDeployment } from '../deployment';
import { messageOf } from '../errors';
import { type Finding, problem, reportFindings } from '../findings';
import { addJsonOption, footer, type JsonFlags } from '../output';
import { CHECKS } from './doctor/checks';

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('Look at what commonly goes wrong, and say what to do. Ends with 1 where something is wrong.')
    .addHelpText('after', footer(HELP))
    .action(doctor);
  return addJsonOption(addDeploymentOptions(command));
}

const HELP = `
It looks at ${Object.keys(CHECKS).join(', ')}.
It changes nothing. It sends one unsigned request to each route, which counts among the refused ones.
For RealtimeKit's webhook it needs CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID and REALTIMEKIT_APP_ID.

Examples:
  npx meetbus doctor
  npx meetbus doctor --local --json`;

async function doctor(flags: DeploymentFlags & JsonFlags): Promise<void> {
  const deployment = await findDeployment(flags);
  const findings = await Promise.all(Object.keys(CHECKS).map((name) => look(name, deployment, flags)));
  reportFindings(findings.flat(), flags);
}

/** One check. What it could not find out is a finding too, so that the others are still told. */
async function look(name: string, deployment: Deployment, flags: DeploymentFlags): Promise<Finding[]> {
  try {
    return (await CHECKS[name]?.(deployment, flags)) ?? [];
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
