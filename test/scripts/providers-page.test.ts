/** docs/providers.md shows the example as it is. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const EXAMPLE = join(ROOT, 'examples', 'provider');
const page = readFileSync(join(ROOT, 'docs', 'providers.md'), 'utf8');
const blocks = [...page.matchAll(/```ts file=(\S+)\n([\s\S]*?)```/g)].map(([, file = '', code = '']) => ({
  file,
  code,
}));

it('shows every source of the example', () => {
  expect(blocks.map(({ file }) => file).sort()).toEqual(globSync(['*.ts', 'acme/*.ts'], { cwd: EXAMPLE }).sort());
});

it.each(blocks)('shows $file as it is', ({ file, code }) => {
  expect(code).toBe(readFileSync(join(EXAMPLE, file), 'utf8'));
});
