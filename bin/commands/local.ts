/** `meetbus local`: runs a synthesized app with Meetbus in it on this machine, until Ctrl-C. `npm start` in a clone is the same. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import { CONSOLE_PORT } from '../console/port';
import { STATE_FOLDER } from '../deployment';
import { didYouMean, sentences } from '../did-you-mean';
import type { ProviderOptions } from '../local/fakes';
import type { LocalFlags } from '../local/run';
import type { Context } from '../local/synth';
import { footer } from '../output';
import { knownProviders } from '../providers';
import { portNumber, positiveInteger } from '../usage';

const jsonFile = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError(`Give a file of JSON (${(error as Error).message}).`);
  }
};

const folder = (path: string): string => resolve(path);
const folders = (path: string, others: readonly string[] = []): readonly string[] => [...others, resolve(path)];

/** Reads `<key>=<value>`, as `cdk` does; the last value of a key counts. */
function context(text: string, others: Context = []): Context {
  const [, key] = /^([^=]+)=/.exec(text) ?? [];
  if (key === undefined) throw new InvalidArgumentError('Give <key>=<value>, such as meetbus=\'{"logDays":7}\'.');
  return [...others.filter((other) => !other.startsWith(`${key}=`)), text];
}

/** Reads `<provider>.<option>=<value>`. An option that is not a string is JSON. */
function option(text: string, others: ProviderOptions = {}): ProviderOptions {
  const [, name = '', key = '', value = ''] = /^([^.=]+)\.([^.=]+)=(.*)$/.exec(text) ?? [];
  const known = knownProviders().find((provider) => provider.name === name)?.options ?? {};
  if (!Object.hasOwn(known, key)) {
    const all = knownProviders().flatMap((provider) =>
      Object.keys(provider.options ?? {}).map((one) => `${provider.name}.${one}`),
    );
    const usage = `Give <provider>.<option>=<value>; the options are ${all.join(', ')}.`;
    throw new InvalidArgumentError(sentences(didYouMean(key ? `${name}.${key}` : text, all), usage));
  }
  return { ...others, [name]: { ...others[name], [key]: typeof known[key] === 'string' ? value : parsed(value) } };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new InvalidArgumentError(`"${value}" is not JSON, such as true or ["a","b"].`);
  }
}

export function localCommand(): Command {
  return new Command('local')
    .description('Run a synthesized app with Meetbus in it on this machine. It listens on 127.0.0.1 only.')
    .option(
      '--app <folder>',
      'cloud assembly that cdk synth has written (default: in a clone Meetbus itself, else cdk.out)',
      folder,
    )
    .addOption(
      new Option('-c, --context <key=value>', 'in a clone: CDK context for the synth; may be repeated')
        .argParser(context)
        .conflicts('app'),
    )
    .option('--stack <name>', 'the one stack of the app to run; all of them without it')
    .option('--with <folder>', "another app's cdk.out: its stacks run in the same account; may be repeated", folders)
    .option('--port <port>', 'port of the HTTP API', portNumber, 3000)
    .option('--aws-port <port>', 'port of the AWS endpoint', portNumber, 4566)
    .option(
      '--console-port <port>',
      `port of the console (default: ${CONSOLE_PORT}, or a free one if that is taken)`,
      portNumber,
    )
    .option(
      '--option <option>',
      '<provider>.<option>=<value>: replaces an option of a provider, and its fake; may be repeated',
      option,
    )
    .addOption(
      new Option('--state <folder>', 'folder of outputs.json and local.json').default(STATE_FOLDER, '.meetbus'),
    )
    .option('--logs <file>', 'append every line that the functions log, metrics too')
    .option('--permissions-report <file>', 'on stop, write there as JSON how often each granted permission was used')
    .option('--faults <file>', 'first fault plan: { "seed": 1, "faults": [ … ] }', jsonFile)
    .option(
      '--account-concurrency <count>',
      "the account's limit of concurrent executions; 1000 without it",
      positiveInteger,
    )
    .option('--data <folder>', 'keep the state there from a stop to the next start; without it, the state is lost')
    .addHelpText('after', footer(HELP))
    .action(runLocal);
}

const HELP = `
In a clone of Meetbus it runs Meetbus itself, and synthesizes it where needed.

Examples:
  npx meetbus local                                    the app in ./cdk.out
  npx meetbus local --app ../my-app/cdk.out --port 0
  npx meetbus local -c meetbus='{"logLevel":"DEBUG"}'  debug logs
  npx meetbus tail --local                             in another terminal`;

async function runLocal(flags: LocalFlags): Promise<void> {
  const { run } = await import('../local/run').catch((error: NodeJS.ErrnoException) => {
    throw missingPackage(error) ?? error;
  });
  await run(flags);
}

/** What to do about a package that is not installed; undefined for any other error. */
function missingPackage({ code, message }: NodeJS.ErrnoException): Error | undefined {
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  const name = /'([^']+)'/.exec(message)?.[1] ?? LOCAL_CLOUD;
  return new Error(
    `Cannot find ${name}. Install ${LOCAL_CLOUD} ${version} and its dependencies beside meetbus; docs/local-cloud.md says how.`,
  );
}

const LOCAL_CLOUD = '@meetbus/local-cloud';
