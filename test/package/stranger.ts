/** Somebody who has only the tarballs of `npm run pack`: projects in empty folders, with packages installed and no network. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PIPED } from '../support/cli';
import { PROJECT_ROOT } from '../support/project';

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One package as npm gets it. */
export interface Tarball {
  /** Name of the file. */
  readonly filename: string;
  /** Paths of the files in it. */
  readonly paths: readonly string[];
}

/** The tarballs of all packages. */
export interface Packed {
  /** Folder that holds the tarballs. */
  readonly folder: string;
  /** @throws Error where there is no such package */
  tarballOf(name: string): Tarball;
  close(): void;
}

/** A project with packages installed. */
export interface Stranger {
  /** Folder of the project. */
  readonly folder: string;
  /** Text of a file of an installed package. */
  readInstalled(name: string, path: string): string;
  run(command: string, ...args: readonly string[]): Ended;
  close(): void;
}

/** Builds and packs the project. */
export function packAll(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'meetbus-packed-'));
  const packed = pack('run', '--silent', 'pack', '--', '--json', '--pack-destination', folder);
  return {
    folder,
    tarballOf(name) {
      const found = packed.find((one) => one.name === name);
      if (!found) throw new Error(`npm packed no ${name}, but ${packed.map((one) => one.name).join(', ')}`);
      return { filename: found.filename, paths: found.files.map(({ path }) => path) };
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

interface PackedPackage {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

function pack(...args: readonly string[]): readonly PackedPackage[] {
  const { stdout } = succeed(runIn(PROJECT_ROOT, 'npm', args));
  return JSON.parse(stdout);
}

/** For the compiler: with several checkers each reads all declarations for itself, which takes half as much again. */
export const ONE_CHECKER = '--singleThreaded';

/** The tools of the app's author, beside what the packages ask for. */
const TOOLS = ['@types', 'esbuild', 'typescript'];

/** The worked example: its sources, which the app compiles too. */
export const EXAMPLE = ['app.ts', 'handler.ts', 'recordings-stack.ts'];

/** An app with the constructs. Their dependencies are links: npm would copy 200 MB. */
export function installConstructs(packed: Packed): Stranger {
  const stranger = projectOf(join(__dirname, 'app'));
  for (const file of EXAMPLE)
    cpSync(join(PROJECT_ROOT, 'examples', 'subscriber', file), join(stranger.folder, 'example', file));
  addConstructs(packed, stranger);
  linkModules(stranger, TOOLS);
  return stranger;
}

/** The app of `examples/provider`, copied, with all that its README installs. */
export function installProvider(packed: Packed): Stranger {
  const stranger = projectOf(join(PROJECT_ROOT, 'examples', 'provider'));
  addConstructs(packed, stranger);
  addLocalCloud(packed, stranger);
  linkModules(stranger, ['@types', 'aws-cdk', 'esbuild', 'tsx', 'typescript'], ['.bin/cdk', '.bin/tsc', '.bin/tsx']);
  return stranger;
}

/** Installs the constructs, with the contract and the command. */
function addConstructs(packed: Packed, stranger: Stranger): void {
  const modules = join(stranger.folder, 'node_modules');
  unpack(packed, '@meetbus/events', stranger);
  const { bin, ...manifest } = unpack(packed, 'meetbus', stranger);
  linkModules(stranger, Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  link(join(modules, 'meetbus', bin.meetbus), join(modules, '.bin', 'meetbus'));
}

/** A project with a CDK app of its own, which has nothing of ours but the local cloud. */
export function installLocalCloud(packed: Packed): Stranger {
  const stranger = projectOf(join(__dirname, 'shop'));
  addLocalCloud(packed, stranger);
  linkModules(stranger, ['aws-cdk-lib', 'constructs', '@types']);
  return stranger;
}

/** Adds the local cloud to a project. Its dependencies are links. */
export function addLocalCloud(packed: Packed, stranger: Stranger): void {
  linkModules(stranger, Object.keys(unpack(packed, '@meetbus/local-cloud', stranger).dependencies));
}

/** Unpacks a tarball as npm does, and returns the manifest. */
function unpack(packed: Packed, name: string, stranger: Stranger) {
  const installed = join(stranger.folder, 'node_modules', name);
  mkdirSync(installed, { recursive: true });
  const tarball = join(packed.folder, packed.tarballOf(name).filename);
  succeed(stranger.run('tar', '-xzf', tarball, '-C', installed, '--strip-components', '1'));
  return JSON.parse(stranger.readInstalled(name, 'package.json'));
}

/** Links modules of this project that are not there yet. */
export function linkModules({ folder }: Stranger, ...names: readonly (readonly string[])[]): void {
  for (const name of names.flat()) {
    const path = join(folder, 'node_modules', name);
    if (!existsSync(path)) link(join(PROJECT_ROOT, 'node_modules', name), path);
  }
}

/** A project with the contract alone, installed by npm. The dependency is packed too, so that npm needs no registry. */
export function installContract(packed: Packed): Stranger {
  const stranger = projectOf(join(__dirname, 'subscriber'));
  const zod = join(PROJECT_ROOT, 'node_modules', 'zod');
  const [dependency] = pack('pack', '--ignore-scripts', '--json', '--pack-destination', packed.folder, zod);
  const tarballs = [packed.tarballOf('@meetbus/events').filename, dependency?.filename ?? ''];
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  succeed(stranger.run('npm', 'install', ...flags, ...tarballs.map((file) => join(packed.folder, file))));
  return stranger;
}

/** A project in a folder of its own, with a copy of the files of another folder. */
function projectOf(files: string): Stranger {
  const folder = mkdtempSync(join(tmpdir(), 'meetbus-stranger-'));
  cpSync(files, folder, { recursive: true });
  return {
    folder,
    readInstalled: (name, path) => readFileSync(join(folder, 'node_modules', name, path), 'utf8'),
    run: (command, ...args) => runIn(folder, command, args),
    close: () => rmSync(folder, { recursive: true }),
  };
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function succeed(ended: Ended): Ended {
  if (ended.code !== 0) throw new Error(`The command failed: ${ended.stderr}`);
  return ended;
}

function runIn(cwd: string, command: string, args: readonly string[]): Ended {
  const env = { ...process.env, ...PIPED };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (error) throw error;
  return { code: status, stdout, stderr };
}
