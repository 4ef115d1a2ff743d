/** `meetbus console`: a page in the browser that shows deliveries and events as they come. */
import { Command, Option } from 'commander';
import { CONSOLE_PORT } from '../console/port';
import { addDeploymentOptions, type DeploymentFlags, findDeployment } from '../deployment';
import { interruptible } from '../interrupt';
import { footer, note } from '../output';
import { portNumber } from '../usage';

type Flags = DeploymentFlags & { readonly port?: number; readonly allowChanges?: true };

export function consoleCommand(): Command {
  const command = new Command('console')
    .description('Open a page in the browser: deliveries and events as they come, dead letters, health, the catalogue.')
    .option('--port <port>', `port on 127.0.0.1 (default: ${CONSOLE_PORT}, or a free one if that is taken)`, portNumber)
    .addOption(
      new Option('--allow-changes', 'on AWS: allow redrives, deletions and resends, which the page otherwise hides'),
    )
    .addHelpText('after', footer(HELP))
    .action(run);
  return addDeploymentOptions(command);
}

const HELP = `
It prints the address of the page, whose random key lets only you in. The page reads AWS with your credentials, and nothing
of it leaves this machine. npm start and npx meetbus local serve the same page for the local cloud.

Examples:
  npx meetbus console --local
  npx meetbus console --stack Meetbus --region eu-central-1
  npx meetbus console --allow-changes`;

async function run(flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const { startConsole } = await import('../console/server');
  await interruptible(async (signal) => {
    const running = await startConsole({
      deployment,
      flags,
      port: flags.port,
      ...(flags.allowChanges && { allowChanges: true }),
    });
    console.log(running.url);
    note('Open this address in a browser. Ctrl-C ends the console.');
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await running.close();
  });
}
