/** Synthesizes the app if `cdk.out` is incomplete, of another version, or older than its sources. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplate } from '@meetbus/local-cloud';

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

/**
 * Runs `cdk synth`.
 *
 * @throws Error with its whole output, if it fails
 */
export async function synthesize(projectRoot: string, cdkOut: string): Promise<void> {
  const cdk = join(projectRoot, 'node_modules', '.bin', 'cdk');
  const child = spawn(cdk, ['synth', '--quiet', '--no-notices', '--output', cdkOut], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`cdk synth failed:\n${Buffer.concat(printed).toString()}`);
}

/** Runs `cdk synth` if the cloud assembly is missing, incomplete or old, and says so. */
export async function synthesizeIfNeeded(projectRoot: string, cdkOut: string): Promise<void> {
  if (isSynthesized(projectRoot, cdkOut)) return;
  console.log('Synthesizing the template (cdk synth) …');
  await synthesize(projectRoot, cdkOut);
}
