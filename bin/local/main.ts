/** `npm start`: synthesizes the app if needed, runs it in the local cloud, and stays up until Ctrl-C. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FAULTS_PATH } from '@meetbus/local-cloud/faults/control';
import { FolderLock } from '@meetbus/local-cloud/folder-lock';
import { Command, InvalidArgumentError } from 'commander';
import { colors } from '../colors';
import { type MeetbusCloud, startMeetbusCloud } from './cloud';
import { lineOf } from './journal';
import { removeStateFiles, STATE_LOCK_FILE, writeStateFiles } from './state-files';
import { synthesizeIfNeeded } from './synth';

const PROJECT_ROOT = join(__dirname, '..', '..');

interface Flags {
  readonly port: number;
  readonly awsPort: number;
  readonly realtimekitKeyUrl?: string;
  readonly state: string;
  readonly logs?: string;
  readonly permissionsReport?: string;
  readonly faults?: unknown;
  readonly data?: string;
  readonly accountConcurrency?: number;
  readonly with?: readonly string[];
}

const port = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError('Give a port from 0 to 65535; 0 takes a free one.');
};

const positive = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1.');
};

const jsonFile = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError(`Give a file of JSON (${(error as Error).message}).`);
  }
};

const folders = (folder: string, others: readonly string[] = []): readonly string[] => [...others, resolve(folder)];

const program = new Command('npm start --')
  .description('Runs Meetbus on this machine, from its synthesized template. It listens on 127.0.0.1 only.')
  .option('--port <port>', 'port of the HTTP API', port, 3000)
  .option('--aws-port <port>', 'port of the AWS endpoint', port, 4566)
  .option('--realtimekit-key-url <url>', "where RealtimeKit's public key is; without it, a key pair is made and served")
  .option('--state <folder>', 'where outputs.json and local.json are written', join(PROJECT_ROOT, '.meetbus'))
  .option('--logs <file>', 'append every line that the functions log, metrics too')
  .option('--permissions-report <file>', 'on stop, write there as JSON how often each granted permission was used')
  .option('--faults <file>', 'fault plan to begin with: { "seed": 1, "faults": [ … ] }', jsonFile)
  .option('--account-concurrency <count>', "what Lambda says of the account's limit; 1000 unless told", positive)
  .option('--data <folder>', 'where the state is kept from a stop to the next start; without it, all is gone')
  .option('--with <folder>', "another app's cdk.out: its stacks run beside Meetbus; may be repeated", folders);

async function main(flags: Flags): Promise<void> {
  const cdkOut = join(PROJECT_ROOT, 'cdk.out');
  const lock = new FolderLock(join(flags.state, STATE_LOCK_FILE), '--state');
  process.once('exit', () => lock.release());
  removeStateFiles(flags.state);
  await synthesizeIfNeeded(PROJECT_ROOT, cdkOut);
  const cloud = await startMeetbusCloud({
    ...flags,
    cdkOut,
    stackName: 'Meetbus',
    onStep: (step) => {
      if (step.kind === 'log' && flags.logs !== undefined) keepLine(flags.logs, `${step.functionName} ${step.line}`);
      const line = lineOf(step);
      if (line !== undefined) console.log(line);
    },
  });
  console.log(banner(cloud, flags));
  // Last, because whoever waits for them takes them for the sign that all is ready and said.
  writeStateFiles(flags.state, cloud);
  stopOnSignal(cloud, flags);
}

/** A file that takes no more lines must not end what writes them. */
function keepLine(file: string, line: string): void {
  try {
    appendFileSync(file, `${line}\n`);
  } catch (error) {
    console.error(`A line of a function is not in ${file}: ${(error as Error).message}`);
  }
}

/** The first signal ends everything in order; a second one ends at once. */
function stopOnSignal(cloud: MeetbusCloud, { state, permissionsReport }: Flags): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      console.log('Stopping …');
      removeStateFiles(state);
      const code = await cloud.close().then(
        () => 0,
        (error: Error) => {
          console.error(`The stop was not clean. ${error.message}`);
          return 1;
        },
      );
      if (permissionsReport !== undefined) {
        writeFileSync(permissionsReport, `${JSON.stringify(cloud.grants(), null, 2)}\n`);
      }
      process.exit(code);
    });
  }
}

function banner(cloud: MeetbusCloud, { data, with: others }: Flags): string {
  const { apiUrl, awsUrl, secretNames, realtimekitKeyUrl, passedOver } = cloud;
  const { faults, seed } = cloud.faults();
  return [
    '',
    colors.bold('Meetbus is up.'),
    `  HTTP API       ${apiUrl}`,
    `  AWS endpoint   ${awsUrl}   (any credentials; region us-east-1)`,
    `  Secrets        ${Object.values(secretNames).join(', ')}   (made up)`,
    `  RealtimeKit    ${realtimekitKeyUrl}   (public key)`,
    `  Not run here   ${passedOver.join(', ')}`,
    ...(data === undefined ? [] : [`  Data           ${data}   (kept from a stop to the next start)`]),
    ...(others === undefined ? [] : [`  With           ${others.join(', ')}`]),
    ...(faults.length === 0
      ? []
      : [colors.yellow(`  Faults         on, with seed ${seed}   (${awsUrl}${FAULTS_PATH})`)]),
    '',
    'Try, in another terminal each:',
    `  ${colors.cyan('npx meetbus tail --local')}`,
    `  ${colors.cyan('npx meetbus send recall bot.in_call_recording --local')}`,
    '',
    'Ctrl-C ends it. A line for each step of each event follows.',
    '',
  ].join('\n');
}

main(program.parse().opts<Flags>()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
