/** How functions load the runtimes that are beside their code. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProvider, readRuntimes } from '../../../lambdas/platform/bundled-providers';

const GOOD = 'exports.runtime = { rememberSeconds: 1 };';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The folder of a function with these files of providers. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'meetbus-function-'));
  folders.push(folder);
  mkdirSync(join(folder, 'providers'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'providers', name), content);
  return folder;
}

it.each([
  ['throws', 'throw new Error("no such module");'],
  ['is not JavaScript', '<html>'],
  ['exports nothing', ''],
])('a consumer loads the other runtimes where one %s', (_, broken) => {
  const folder = folderWith({ 'acme.js': broken, 'bell.js': GOOD });
  const failed: string[] = [];
  expect([...readRuntimes(folder, (provider) => failed.push(provider)).keys()]).toEqual(['bell']);
  expect(failed).toEqual(['acme']);
});

it.each([
  ['throws', 'throw new Error("no such module");', 'no such module'],
  ['exports nothing', '', 'acme exports no object "runtime"'],
])('a verifier says what is wrong where its runtime %s', (_, broken, hint) => {
  const folder = folderWith({ 'acme.js': broken, 'acme.json': '{"options":{}}' });
  expect(() => readProvider(folder)).toThrow(hint);
});

it('a verifier takes the options of its deployment', () => {
  const folder = folderWith({ 'acme.js': GOOD, 'acme.json': '{"options":{"a":1},"secretName":"meetbus/acme"}' });
  expect(readProvider(folder)).toMatchObject({ name: 'acme', options: { a: 1 }, secretName: 'meetbus/acme' });
});
