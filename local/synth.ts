/** Synthesizes the app when `cdk.out` is missing or older than what it is made from. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a template is made from. */
const SOURCES = ['bin', 'events', 'lambdas', 'lib', 'cdk.json', 'package.json', 'package-lock.json'];

/** True where the cloud assembly is there, and newer than every source of it. */
export function isSynthesized(projectRoot: string, cdkOut: string): boolean {
  const manifest = join(cdkOut, 'manifest.json');
  if (!existsSync(manifest)) return false;
  const synthesizedAt = statSync(manifest).mtimeMs;
  return SOURCES.every((source) => newestChange(join(projectRoot, source)) < synthesizedAt);
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

/** Runs `cdk synth` where the cloud assembly is missing or old, and says so. */
export async function synthesizeIfNeeded(projectRoot: string, cdkOut: string): Promise<void> {
  if (isSynthesized(projectRoot, cdkOut)) return;
  console.log('Synthesizing the template (cdk synth) …');
  await synthesize(projectRoot, cdkOut);
}
