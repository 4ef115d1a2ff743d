/** Commands know the providers that the project in the current folder names in its package.json. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { providersOfProject } from '../../bin/project-providers';

const ROOT = join(__dirname, '..', '..');

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'meetbus-project-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** Writes the files of the project. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = join(project, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const naming = (...providers: readonly unknown[]): string => JSON.stringify({ meetbus: { providers } });

/** A provider in TypeScript, as a project defines it. */
const source = (name: string): string => `
  import * as z from 'zod';
  import { defineProvider } from '${join(ROOT, 'providers', 'provider')}';
  import { TITLE } from './title';

  export const mine = defineProvider('${name}', z.strictObject({}), () => ({
    title: TITLE,
    runtimeFile: \`\${import.meta.dirname}/runtime\`,
    runtime: () => import('./runtime'),
    families: ['bot', 'unrecognized'],
    routes: [],
  }));
  export default mine;`;

/** The same without a loader and without what Meetbus exports. */
const commonJs = (name: string): string => `
  const make = () => ({ name: '${name}', title: 'Plain', runtimeFile: __dirname + '/runtime', families: [], routes: [] });
  exports.plain = Object.assign(make, { provider: '${name}', settings: {}, from: make });`;

const installed = () => symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));

it('loads a folder in TypeScript, with its runtime, from a folder below the project', async () => {
  installed();
  write({
    'package.json': naming('./providers/mine'),
    'providers/mine/index.ts': source('mine'),
    'providers/mine/title.ts': `export const TITLE: string = 'Mine';`,
    'providers/mine/runtime.ts': `export const runtime = { rememberSeconds: 60 as number };`,
  });
  const [mine, ...others] = providersOfProject(join(project, 'providers'));
  expect(others).toEqual([]);
  expect(mine).toMatchObject({ name: 'mine', title: 'Mine', runtimeFile: join(project, 'providers/mine/runtime') });
  expect(await mine?.runtime()).toMatchObject({ runtime: { rememberSeconds: 60 } });
});

it('loads JavaScript as it stands, from a file and from a package', () => {
  write({
    'package.json': naming('./plain.cjs', 'acme-provider'),
    'plain.cjs': commonJs('plain'),
    'node_modules/acme-provider/package.json': '{ "name": "acme-provider", "main": "main.js" }',
    'node_modules/acme-provider/main.js': commonJs('acme'),
  });
  expect(providersOfProject(project).map(({ name }) => name)).toEqual(['plain', 'acme']);
});

it.each([
  ['no project', {}],
  ['a project that names none', { 'package.json': '{ "name": "app" }' }],
  ['a project with other settings', { 'package.json': '{ "meetbus": {} }' }],
])('knows none of %s', (_, files) => {
  write(files);
  expect(providersOfProject(project)).toEqual([]);
});

it.each<[string, Record<string, string>, string]>([
  ['a manifest that is no JSON', { 'package.json': '{' }, 'package.json cannot be read'],
  ['no list', { 'package.json': '{"meetbus":{"providers":"./a"}}' }, 'meetbus.providers must be a list of modules'],
  ['no module', { 'package.json': naming('providers/gone') }, 'A file or folder of the project begins with "./"'],
  ['no esbuild', { 'package.json': naming('./a'), 'a.ts': '' }, 'npm install --save-dev esbuild'],
  ['no provider', { 'package.json': naming('./a'), 'a.js': 'exports.a = 1;' }, './a exports no provider'],
  ['a module that fails', { 'package.json': naming('./a'), 'a.js': `throw new Error('at load');` }, 'at load'],
  [
    'one name twice',
    { 'package.json': naming('./a', './b'), 'a.js': commonJs('x'), 'b.js': commonJs('x') },
    'called x',
  ],
  [
    'a setting without a default',
    {
      'package.json': naming('./a'),
      'a.js': `const f = () => { throw new Error('meetbus.x.url'); }; exports.f = Object.assign(f, { provider: 'x', settings: {}, from: f });`,
    },
    'The provider x cannot be made: meetbus.x.url. Commands make it without settings',
  ],
])('says what to do about %s', (_, files, message) => {
  write(files);
  expect(() => providersOfProject(project)).toThrow(message);
});

it('says where TypeScript does not compile', () => {
  installed();
  write({ 'package.json': naming('./a'), 'a.ts': 'export const = 1;' });
  expect(() => providersOfProject(project)).toThrow(/a\.ts:1:13: ERROR/);
});
