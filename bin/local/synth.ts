/** Synthesizes the app when `cdk.out` is not the whole of this version, or older than what it is made from. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplate } from '@meetbus/local-cloud';

/** What a template is made from. */
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

/** The stack that is run. */
const STACK = 'Meetbus';

/** True where the cloud assembly is whole, of this version, and newer than every source of it. */
export function isSynthesized(projectRoot: string, cdkOut: string): boolean {
  const manifest = join(cdkOut, 'manifest.json');
  if (!existsSync(manifest) || !isWhole(projectRoot, cdkOut)) return false;
  const synthesizedAt = statSync(manifest).mtimeMs;
  return SOURCES.every((source) => newestChange(join(projectRoot, source)) < synthesizedAt);
}

/** A synth that failed, or that was cut off, leaves a folder without the stack, or a stack without its functions. */
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
 * @throws Error with all that it printed, when it fails
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

/** Runs `cdk synth` where the cloud assembly is missing, broken or old, and says so. */
export async function synthesizeIfNeeded(projectRoot: string, cdkOut: string): Promise<void> {
  if (isSynthesized(projectRoot, cdkOut)) return;
  console.log('Synthesizing the template (cdk synth) …');
  await synthesize(projectRoot, cdkOut);
}
