/** Runs `npx meetbus` as a person does, and keeps what it prints. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_LINE } from './command-line';
import { PROJECT_ROOT } from './project';

/** How a command ended, and what it printed. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The environment of what tests start. Jest on a terminal forces colours on it; a pipe has none, in CI neither. The cache
 * spares each start the compiling of the same modules.
 */
export const PIPED = {
  FORCE_COLOR: undefined,
  NO_COLOR: undefined,
  CI: 'true',
  // A test sends nothing to anyone, and cdk reports its own runs.
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  NODE_COMPILE_CACHE: join(tmpdir(), 'meetbus-compile-cache'),
};

interface RunOptions {
  /** What is piped in. */
  readonly input?: string;
  /** Variables besides; undefined unsets one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Descriptor of an open file that gets stdout; nothing of it is kept then. */
  readonly stdout?: number;
  /** The folder to run in. @default the project's root */
  readonly cwd?: string;
  /** The file that Node.js runs. @default the bundled command line */
  readonly program?: string;
}

/** Starts a command. Node runs it itself, so that signals reach it. */
export function startCli(
  args: readonly string[],
  { input = '', env = {}, stdout, cwd = PROJECT_ROOT, program = COMMAND_LINE }: RunOptions = {},
) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...process.env, ...PIPED, ...env },
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
  }) as ChildProcessWithoutNullStreams;
  child.stdin.end(input);
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      printed[name] += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]): Ran => ({ code, ...printed }));
  return { child, printed, ended };
}

/** On a busy machine a command takes some ten seconds to start. */
const LONGEST_RUN_MS = 60_000;

/**
 * Runs a command to its end.
 *
 * @throws Error with all that it printed, when it does not end
 */
export async function runCli(args: readonly string[], options?: RunOptions): Promise<Ran> {
  const { child, ended } = startCli(args, options);
  let isOverdue = false;
  const timer = setTimeout(() => {
    isOverdue = true;
    child.kill('SIGKILL');
  }, LONGEST_RUN_MS);
  const ran = await ended;
  clearTimeout(timer);
  if (isOverdue) throw new Error(`meetbus ${args.join(' ')} did not end. It printed:\n${ran.stdout}${ran.stderr}`);
  return ran;
}

/** Runs commands on the local cloud with this state folder. */
export const cliOf =
  ({ state }: { readonly state: string }) =>
  (...args: readonly string[]): Promise<Ran> =>
    runCli([...args, '--local', '--state', state]);
