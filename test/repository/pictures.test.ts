/** The pictures that pages show are there, and light enough for a page. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { PROJECT_ROOT } from '../support/project';

const IMAGES = join(PROJECT_ROOT, 'docs', 'images');
const LARGEST_BYTES = 300_000;
const LARGEST_SUM_BYTES = 1_500_000;

const pictures = readdirSync(IMAGES).map((name) => join(IMAGES, name));

/** The files that a page shows from the repository: `![…](file)`, `src="file"` and `srcset="file"`. */
function shownBy(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)|\bsrc(?:set)?="([^"]+)"/g)]
    .map(([, markdown, html]) => markdown ?? html ?? '')
    .filter((target) => !target.startsWith('http'))
    .map((target) => resolve(dirname(page), target));
}

const shown = ['.', 'docs', 'packages', 'providers', 'examples']
  .flatMap((folder) =>
    readdirSync(join(PROJECT_ROOT, folder), { recursive: folder !== '.', encoding: 'utf8' }).map((file) =>
      join(PROJECT_ROOT, folder, file),
    ),
  )
  .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
  .flatMap(shownBy);

const named = (files: readonly string[]) => [...new Set(files.map((file) => relative(PROJECT_ROOT, file)))].sort();

it('every picture in docs/images is shown on a page, and every shown one is there', () => {
  expect(shown.length).toBeGreaterThan(0);
  expect(named(shown)).toEqual(named(pictures));
});

it('no picture is too large', () => {
  const sizes = pictures.map((file) => statSync(file).size);
  expect(Math.max(...sizes)).toBeLessThan(LARGEST_BYTES);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(LARGEST_SUM_BYTES);
});

it('a drawing has no script, asks for nothing, and knows no folder of the machine that made it', () => {
  for (const file of pictures.filter((name) => name.endsWith('.svg'))) {
    const text = readFileSync(file, 'utf8').replace('xmlns="http://www.w3.org/2000/svg"', '');
    expect(text).not.toMatch(/<script|<image|<foreignObject|@import|@font-face|href=|url\((?!#)/);
    expect(text).not.toMatch(/\/(?:home|root|tmp|Users|work)\//);
  }
});
