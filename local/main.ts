/** `npm start`: synthesizes the app if needed, runs it in the local cloud, and stays up until Ctrl-C. */
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { type LocalCloud, startLocalCloud } from './cloud';
import { lineOf } from './journal';
import { removeStateFiles, writeStateFiles } from './state-files';
import { isSynthesized, synthesize } from './synth';

const PROJECT_ROOT = join(__dirname, '..');

interface Flags {
  readonly port: number;
  readonly awsPort: number;
  readonly realtimekitKeyUrl?: string;
  readonly state: string;
}

const port = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError('Give a port from 0 to 65535; 0 takes a free one.');
};

const program = new Command('npm start --')
  .description('Runs Meetbus on this machine, from its synthesized template. It listens on 127.0.0.1 only.')
  .option('--port <port>', 'port of the HTTP API', port, 3000)
  .option('--aws-port <port>', 'port of the AWS endpoint', port, 4566)
  .option('--realtimekit-key-url <url>', "where RealtimeKit's public key is; without it, a key pair is made and served")
  .option('--state <folder>', 'where outputs.json and local.json are written', join(PROJECT_ROOT, '.meetbus'));

async function main(flags: Flags): Promise<void> {
  const cdkOut = join(PROJECT_ROOT, 'cdk.out');
  removeStateFiles(flags.state);
  if (!isSynthesized(PROJECT_ROOT, cdkOut)) {
    console.log('Synthesizing the template (cdk synth) …');
    await synthesize(PROJECT_ROOT, cdkOut);
  }
  const cloud = await startLocalCloud({
    ...flags,
    cdkOut,
    stackName: 'Meetbus',
    onStep: (step) => {
      const line = lineOf(step);
      if (line !== undefined) console.log(line);
    },
  });
  writeStateFiles(flags.state, cloud);
  console.log(banner(cloud));
  stopOnSignal(cloud, flags.state);
}

/** The first signal ends everything in order; a second one ends at once. */
function stopOnSignal(cloud: LocalCloud, stateFolder: string): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      console.log('Stopping …');
      removeStateFiles(stateFolder);
      await cloud.close();
      process.exit(0);
    });
  }
}

function banner({ apiUrl, awsUrl, secretNames, realtimekitKeyUrl }: LocalCloud): string {
  return [
    '',
    pc.bold('Meetbus is up.'),
    `  HTTP API       ${apiUrl}`,
    `  AWS endpoint   ${awsUrl}   (any credentials; region us-east-1)`,
    `  Secrets        ${secretNames.join(', ')}   (in Secrets Manager, with made-up values)`,
    `  RealtimeKit    ${realtimekitKeyUrl}   (public key)`,
    '',
    'Try, in another terminal:',
    `  ${pc.cyan('npx meetbus send recall bot.in_call_recording --local')}`,
    `  ${pc.cyan(`aws --endpoint-url ${awsUrl} secretsmanager get-secret-value --secret-id ${secretNames[0]}`)}`,
    '',
    'Ctrl-C ends it. A line for each step of each event follows.',
    '',
  ].join('\n');
}

main(program.parse().opts<Flags>()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
