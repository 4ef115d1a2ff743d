/** General code names no built-in provider: `providers/index.ts` is the one list. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN } from '../../providers';
import { PROJECT_ROOT } from '../support/project';

/** Folders of general code. */
const FOLDERS = ['bin', 'lambdas', 'lib', 'packages/events', 'packages/local-cloud', 'scripts'];

/** Names and titles of the built-in providers: `acme-rooms`, and `Acme Rooms` in any spelling. */
const words = Object.values(BUILT_IN)
  .map((factory) => factory())
  .flatMap(({ name, title }) => [name, title, title.replaceAll(/\W/g, '')])
  .map((word) => word.toLowerCase());

const sourcesIn = (folder: string): string[] =>
  readdirSync(join(PROJECT_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/node_modules|^dist/.test(file))
    .map((file) => join(folder, file));

/** Lines that name a provider, such as `lib/ingress.ts:12`. */
function namesIn(file: string): string[] {
  const lines = readFileSync(join(PROJECT_ROOT, file), 'utf8').toLowerCase().split('\n');
  return lines.flatMap((line, index) => (words.some((word) => line.includes(word)) ? [`${file}:${index + 1}`] : []));
}

it('finds the names where they are', () => {
  const found = namesIn('providers/index.ts');
  expect(found.length).toBeGreaterThanOrEqual(2 * Object.keys(BUILT_IN).length);
});

it.each(FOLDERS)('%s names no provider', (folder) => {
  const sources = sourcesIn(folder);
  expect(sources.length).toBeGreaterThan(10);
  expect(sources.flatMap(namesIn)).toEqual([]);
});
