/** Runs Meetbus in the local cloud until a signal comes. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS_PATH, FolderLock } from '@meetbus/local-cloud';
import { colors } from '../colors';
import { type Console, startConsole } from '../console/server';
import { interruptible } from '../interrupt';
import { note } from '../output';
import { readSandboxes, titleOf } from '../providers';
import { UsageError } from '../usage';
import { localClientConfig } from './client-config';
import { type MeetbusCloud, startMeetbusCloud } from './cloud';
import type { LocalProviders, ProviderOptions } from './fakes';
import { lineOf } from './journal';
import { removeStateFiles, STATE_LOCK_FILE, writeStateFiles } from './state-files';
import { type Context, synthesized } from './synth';

/** Options of the command. */
export interface LocalFlags {
  readonly app?: string;
  readonly context?: Context;
  readonly stack?: string;
  readonly with?: readonly string[];
  readonly port: number;
  readonly awsPort: number;
  readonly consolePort?: number;
  readonly option?: ProviderOptions;
  readonly state: string;
  readonly logs?: string;
  readonly permissionsReport?: string;
  readonly faults?: unknown;
  readonly data?: string;
  readonly accountConcurrency?: number;
}

/** The root of a clone. The npm package has no app there. */
const PROJECT_ROOT = join(__dirname, '..', '..');

/** Starts the local cloud, and stops it cleanly at a signal; a second signal ends the process at once. */
export async function run(flags: LocalFlags): Promise<void> {
  try {
    await interruptible((signal) => runUntil(flags, signal));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // The local cloud's error says what to do; its cause would only repeat it.
    note((error as Error).message);
    process.exitCode = 1;
  }
}

async function runUntil(flags: LocalFlags, signal: AbortSignal): Promise<void> {
  const lock = new FolderLock(join(flags.state, STATE_LOCK_FILE), '--state');
  process.once('exit', () => lock.release());
  removeStateFiles(flags.state);
  const app = await appOf(flags);
  const cloud = await startMeetbusCloud({
    ...flags,
    ...app,
    options: flags.option,
    onStep: (step) => {
      if (step.kind === 'log' && flags.logs !== undefined) keepLine(flags.logs, `${step.functionName} ${step.line}`);
      const line = lineOf(step);
      if (line !== undefined) console.log(line);
    },
  });
  const page = await consoleOf(cloud, flags);
  console.log(await banner(cloud, flags, page));
  // Last, because the files signal that everything is ready and printed.
  writeStateFiles(flags.state, cloud);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await page?.close();
  await stop(cloud, flags);
}

/** The app to run: that in the flags, or Meetbus itself in a clone, or else `cdk.out` in the current folder. */
async function appOf({
  app,
  context,
  stack,
}: LocalFlags): Promise<{ readonly cdkOut: string; readonly stackName?: string }> {
  const named = stack === undefined ? {} : { stackName: stack };
  if (app !== undefined) return { cdkOut: app, ...named };
  const isClone = existsSync(join(PROJECT_ROOT, 'bin', 'app.ts'));
  if (isClone) return { cdkOut: await synthesized(PROJECT_ROOT, context), ...named };
  if (context === undefined) return { cdkOut: join(process.cwd(), 'cdk.out'), ...named };
  throw new UsageError('--context is for a clone of Meetbus. Pass it to cdk synth in your app, then start without it.');
}

/** The console of the stack with Meetbus. That it cannot start must not end the local cloud. */
async function consoleOf(cloud: MeetbusCloud, { consolePort, state }: LocalFlags): Promise<Console | undefined> {
  const { apiUrl, awsUrl, providers } = cloud;
  const [stack = 'Meetbus', outputs = {}] =
    Object.entries(cloud.outputs).find(([, { ApiUrl }]) => ApiUrl !== undefined) ?? [];
  const deployment = {
    local: { apiUrl, awsUrl, providers },
    outputs: outputs as Readonly<Record<string, string>>,
    clientConfig: localClientConfig(awsUrl),
  };
  try {
    return await startConsole({ deployment, flags: { local: true, state, stack }, port: consolePort });
  } catch (error) {
    note((error as Error).message.replace('--port', '--console-port'));
    return undefined;
  }
}

/** A full log file must not end the local cloud. */
function keepLine(file: string, line: string): void {
  try {
    appendFileSync(file, `${line}\n`);
  } catch (error) {
    console.error(`A function's line is missing in ${file}: ${(error as Error).message}`);
  }
}

async function stop(cloud: MeetbusCloud, { state, permissionsReport }: LocalFlags): Promise<void> {
  console.log('Stopping …');
  removeStateFiles(state);
  await cloud.close().catch((error: Error) => {
    note(`The stop was not clean. ${error.message}`);
    process.exitCode = 1;
  });
  if (permissionsReport !== undefined) {
    writeFileSync(permissionsReport, `${JSON.stringify(cloud.grants(), null, 2)}\n`);
  }
}

async function banner(
  cloud: MeetbusCloud,
  { data, with: others }: LocalFlags,
  page: Console | undefined,
): Promise<string> {
  const { apiUrl, awsUrl, providers, passedOver } = cloud;
  const { faults, seed } = cloud.faults();
  const secretNames = Object.values(providers).flatMap(({ secretName }) => secretName ?? []);
  return [
    '',
    ...(page ? [`${colors.bold('Meetbus is up.')} See it: ${colors.cyan(page.url)}`] : [colors.bold('Meetbus is up.')]),
    `  HTTP API       ${apiUrl}`,
    `  AWS endpoint   ${awsUrl}   (any credentials; region us-east-1)`,
    `  Secrets        ${secretNames.join(', ')}   (made up)`,
    ...Object.entries(providers).flatMap(([name, { options = {} }]) =>
      Object.entries(options).map(([option, value]) => `  ${titleOf(name).padEnd(13)}  ${value}   (${option})`),
    ),
    `  Not run here   ${passedOver.join(', ')}`,
    ...(data === undefined ? [] : [`  Data           ${data}   (kept from a stop to the next start)`]),
    ...(others === undefined ? [] : [`  With           ${others.join(', ')}`]),
    ...(faults.length === 0
      ? []
      : [colors.yellow(`  Faults         on, with seed ${seed}   (${awsUrl}${FAULTS_PATH})`)]),
    '',
    'Try, in another terminal each:',
    `  ${colors.cyan('npx meetbus tail --local')}`,
    `  ${colors.cyan(`npx meetbus send ${await exampleOf(providers)} --local`)}`,
    '',
    'Ctrl-C ends it. A line for each step of each event follows.',
    '',
  ].join('\n');
}

/** A provider of the app, and an event that it sends. */
async function exampleOf(providers: LocalProviders): Promise<string> {
  const found = (await readSandboxes()).find(({ provider }) => provider.name in providers);
  return found ? `${found.provider.name} ${found.sandbox.events[0]}` : '<provider>';
}
