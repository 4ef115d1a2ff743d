/** `meetbus recall`: real-time endpoints for Recall.ai's Create Bot. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { isGood, isUsable, valuesOf } from '../../../bin/commands/secrets/entries';
import { readNewest } from '../../../bin/commands/secrets/newest';
import { ownerNamed } from '../../../bin/commands/secrets/owners';
import { readSecretJson } from '../../../bin/commands/secrets/store';
import { addDeploymentOptions, type DeploymentFlags, findDeployment, outputOf } from '../../../bin/deployment';
import { reportFindings } from '../../../bin/findings';
import { footer, type JsonFlags, note, printJson } from '../../../bin/output';
import { subcommand } from '../../../bin/subcommand';
import { UsageError, withChoices } from '../../../bin/usage';
import { REALTIME_TOKEN, SIGNING_SECRET } from '../secrets';
import { checkBot, endpointFor, REAL_TIME_EVENTS, USUAL_EVENTS } from './endpoints';

export function recallCommand(): Command {
  return new Command('recall')
    .description("Real-time endpoints for Recall.ai's Create Bot.")
    .addCommand(
      addDeploymentOptions(new Command('endpoint'))
        .description('Print recording_config.realtime_endpoints, with a URL that holds a token: a secret.')
        .addOption(
          withChoices(new Option('--events <name...>', 'what to ask for'), REAL_TIME_EVENTS).default(
            USUAL_EVENTS,
            'all but transcript.partial_data and transcript.provider_data',
          ),
        )
        .action(endpoint),
    )
    .addCommand(
      subcommand('check', 'Compare a Create Bot body with the deployment: URL, token, events. Prints no token.')
        .argument('<file>', 'JSON file with the body, or - for stdin')
        .action(check),
    )
    .addHelpText('after', footer(HELP));
}

const HELP = `
Examples:
  npx meetbus recall endpoint --events transcript.data participant_events.join
  npx meetbus recall endpoint |
    jq '{meeting_url: "https://…", recording_config: .}' > bot.json
  npx meetbus recall check bot.json`;

async function endpoint({ events, ...flags }: DeploymentFlags & { readonly events: readonly string[] }): Promise<void> {
  const deployment = await findDeployment(flags);
  const newest = await readNewest(deployment, ownerNamed('recall'));
  // While a token is being replaced, new bots get the newer one.
  const token = newest(REALTIME_TOKEN, (value) => isGood(REALTIME_TOKEN, value));
  note('The URL holds a token. Treat it as a password.');
  printJson({ realtime_endpoints: [endpointFor(outputOf(deployment, 'ApiUrl'), token, events)] });
}

async function check(file: string, flags: DeploymentFlags & JsonFlags): Promise<void> {
  const bot = await readJson(file);
  const deployment = await findDeployment(flags);
  const json = await readSecretJson(deployment, ownerNamed('recall'));
  const findings = checkBot(bot, {
    apiUrl: outputOf(deployment, 'ApiUrl'),
    tokens: valuesOf(json, REALTIME_TOKEN),
    hasSigningSecret: valuesOf(json, SIGNING_SECRET).some((value) => isUsable(SIGNING_SECRET, value)),
  });
  reportFindings(findings, flags);
}

async function readJson(file: string): Promise<unknown> {
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8').catch(unreadable);
  try {
    return JSON.parse(content);
  } catch {
    // The parser's own message would quote the content.
    throw new UsageError(`${file === '-' ? 'What came on stdin' : file} is not JSON.`);
  }
}

function unreadable(error: Error): never {
  throw new UsageError(`The file cannot be read: ${error.message}`);
}
