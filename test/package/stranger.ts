/** Somebody who has only the tarball of `npm pack`: an app in an empty folder, with the package installed and no network. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PIPED } from '../support/cli';
import { PROJECT_ROOT } from '../support/synth';

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An app with the package installed. */
export interface Stranger {
  /** Folder of the app. */
  readonly folder: string;
  /** Folder of the installed package. */
  readonly installed: string;
  /** Name of the tarball's file. */
  readonly tarball: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
  run(command: string, ...args: readonly string[]): Ended;
  close(): void;
}

/** The tools of the app's author, beside what the package asks for. */
const TOOLS = ['@types', 'esbuild', 'typescript'];

/** The worked example: its sources, which the app compiles too. */
export const EXAMPLE = ['app.ts', 'handler.ts', 'recordings-stack.ts'];

/** Builds and packs the project, and installs the tarball as npm does. */
export function installPackage(): Stranger {
  const folder = mkdtempSync(join(tmpdir(), 'meetbus-stranger-'));
  const run = (command: string, ...args: readonly string[]) => runIn(folder, command, args);
  cpSync(join(__dirname, 'app'), folder, { recursive: true });
  for (const file of EXAMPLE) cpSync(join(PROJECT_ROOT, 'examples', 'subscriber', file), join(folder, 'example', file));

  const packed = runIn(PROJECT_ROOT, 'npm', ['pack', '--json', '--pack-destination', folder]);
  if (packed.code !== 0) throw new Error(`npm pack failed: ${packed.stderr}`);
  const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];

  const installed = join(folder, 'node_modules', 'meetbus');
  mkdirSync(installed, { recursive: true });
  run('tar', '-xzf', filename, '-C', installed, '--strip-components', '1');
  const { dependencies, peerDependencies, bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), ...TOOLS]) {
    link(join(PROJECT_ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  link(join(installed, bin.meetbus), join(folder, 'node_modules', '.bin', 'meetbus'));
  const close = () => rmSync(folder, { recursive: true });
  return { folder, installed, tarball: filename, files: files.map(({ path }) => path), run, close };
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function runIn(cwd: string, command: string, args: readonly string[]): Ended {
  const env = { ...process.env, ...PIPED };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (error) throw error;
  return { code: status, stdout, stderr };
}
