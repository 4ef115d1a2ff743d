/**
 * The cloud assemblies of a clone that the local cloud runs: one for each context, in folders to which only this file writes. So
 * what somebody synthesizes into `cdk.out`, with whatever context, is never taken for one of them.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderInUseError, FolderLock, loadTemplate } from '@meetbus/local-cloud';
import { PROVIDERS } from '../../providers/names';

/** CDK context as on the command line of `cdk`: `<key>=<value>`, each key once. */
export type Context = readonly string[];

/** The context of an app with every built-in provider. */
export const EVERY_PROVIDER: Context = [`meetbus=${JSON.stringify({ providers: PROVIDERS })}`];

/** The sources of a template. */
const SOURCES = [
  'bin',
  'lambdas',
  'lib',
  'packages/events',
  'providers',
  'cdk.json',
  'package.json',
  'package-lock.json',
];

/** The stack to run. */
const STACK = 'Meetbus';

const LOOK_AGAIN_MS = 200;

/** Folder of the cloud assembly of a context. The order of the keys makes no difference. */
export function assemblyFolder(projectRoot: string, context: Context = []): string {
  const hash = createHash('sha256').update(JSON.stringify(context.toSorted())).digest('hex').slice(0, 12);
  return join(projectRoot, '.meetbus', 'cdk.out', context.length === 0 ? 'default' : hash);
}

/** True if the cloud assembly is complete, of this version, and newer than all its sources. */
export function isSynthesized(projectRoot: string, cdkOut: string): boolean {
  const manifest = join(cdkOut, 'manifest.json');
  if (!existsSync(manifest) || !isWhole(projectRoot, cdkOut)) return false;
  const synthesizedAt = statSync(manifest).mtimeMs;
  return SOURCES.every((source) => newestChange(join(projectRoot, source)) < synthesizedAt);
}

/** A synth that failed or was interrupted leaves a folder without the stack, or a stack without its functions. */
function isWhole(projectRoot: string, cdkOut: string): boolean {
  try {
    const { template, assets } = loadTemplate(cdkOut, STACK);
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    return template.Outputs?.Version?.Value === version && assets.size > 0 && [...assets.values()].every(existsSync);
  } catch {
    return false;
  }
}

function newestChange(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/** Runs `cdk synth`. */
async function synthesize(projectRoot: string, cdkOut: string, context: Context): Promise<void> {
  const cdk = join(projectRoot, 'node_modules', '.bin', 'cdk');
  const contextOptions = context.flatMap((assignment) => ['--context', assignment]);
  const child = spawn(cdk, ['synth', '--quiet', '--no-notices', '--output', cdkOut, ...contextOptions], {
    cwd: projectRoot,
    // A laptop's run sends nothing to anyone, and cdk reports each of its own runs unless told not to.
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`cdk synth failed:\n${Buffer.concat(printed).toString()}`);
}

/**
 * Runs `cdk synth` if the cloud assembly is missing, incomplete or old. Processes that ask at the same time wait for the one that
 * runs it.
 *
 * @param onSynth called before it runs
 * @throws Error with the whole output of `cdk synth`, if it fails
 */
export async function synthesizeIfNeeded(
  projectRoot: string,
  cdkOut: string,
  context: Context = [],
  onSynth = () => {},
): Promise<void> {
  const lock = await lockOf(cdkOut);
  try {
    if (isSynthesized(projectRoot, cdkOut)) return;
    onSynth();
    await synthesize(projectRoot, cdkOut, context);
  } finally {
    lock.release();
  }
}

/** The lock of a cloud assembly, once no other process has it. It is beside the folder, because `cdk` owns what is inside. */
async function lockOf(cdkOut: string): Promise<FolderLock> {
  while (true) {
    try {
      return new FolderLock(`${cdkOut}.lock`, '--app');
    } catch (error) {
      if (!(error instanceof FolderInUseError)) throw error;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/**
 * The cloud assembly of Meetbus in a clone with that context. It is synthesized if needed, and the terminal says so.
 *
 * @returns its folder
 */
export async function synthesized(projectRoot: string, context: Context = []): Promise<string> {
  const cdkOut = assemblyFolder(projectRoot, context);
  const say = () => console.log('Synthesizing the template (cdk synth) …');
  await synthesizeIfNeeded(projectRoot, cdkOut, context, say);
  return cdkOut;
}
