/** The bundles that are deployed stay small, and the lint rule that keeps them so works. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAMILIES } from '@meetbus/events';
import { DEFAULT_PROVIDERS } from '../../providers';
import { probe } from '../../providers/probe';
import { bundleOf, synthesizedResources } from '../support/assembly';
import { PROJECT_ROOT } from '../support/project';

/** Bytes that a bundle may have: what it weighs is what every cold start loads. */
const BUDGETS = { verifier: 600_000, consumer: 800_000, scheduled: 600_000 };

const providers = [...DEFAULT_PROVIDERS.map((factory) => factory()), probe({ secretName: 'meetbus/Meetbus/probe' })];

const kindOf = (id: string): keyof typeof BUDGETS =>
  id.startsWith('Ingress') ? 'verifier' : /^(Fallback|Probe)/.test(id) ? 'scheduled' : 'consumer';

const functions = synthesizedResources('AWS::Lambda::Function').map(([id, resource]) => ({
  id,
  kind: kindOf(id),
  folder: bundleOf(resource),
}));

it('are those of the routes, of the families, and two that run by a schedule', () => {
  const routes = providers.flatMap((provider) => provider.routes);
  expect(functions.map(({ kind }) => kind).sort()).toEqual([
    ...FAMILIES.map(() => 'consumer'),
    'scheduled',
    'scheduled',
    ...routes.map(() => 'verifier'),
  ]);
});

it.each(functions)('keeps $id within the budget of a $kind', ({ kind, folder }) => {
  const bytes = statSync(join(folder, 'index.js')).size;
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(BUDGETS[kind]);
  expect(existsSync(join(folder, 'index.js.map'))).toBe(true);
});

describe('beside the code', () => {
  const runtimesOf = (folder: string) => readdirSync(join(folder, 'providers')).sort();

  it.each(providers.flatMap((provider) => provider.routes.map((route) => [route.path, provider, route] as const)))(
    'the verifier of %s has the runtime of its provider, and its settings',
    (_path, provider, { id }) => {
      const { name, options, secret } = provider;
      const { folder } = functions.find((one) => one.id.startsWith(`Ingress${id}`))!;
      expect(runtimesOf(folder)).toEqual([`${name}.js`, `${name}.js.map`, `${name}.json`]);
      const deployment = JSON.parse(readFileSync(join(folder, 'providers', `${name}.json`), 'utf8'));
      expect(deployment).toEqual({ options: options ?? {}, secretName: secret?.name });
    },
  );

  it('all consumers, which share one asset, have the runtime of every provider', () => {
    const [folder, ...others] = new Set(functions.filter(({ kind }) => kind === 'consumer').map((one) => one.folder));
    expect(others).toEqual([]);
    const names = runtimesOf(folder!).filter((file) => file.endsWith('.js'));
    expect(names).toEqual(providers.map(({ name }) => `${name}.js`).sort());
  });
});

describe('the linter', () => {
  const ROOMS = ['bin', 'lambdas/publish', 'lib', 'packages/events/src', 'packages/local-cloud/src', 'providers/acme'];
  const folder = mkdtempSync(join(tmpdir(), 'meetbus-test-'));

  beforeAll(() => {
    copyFileSync(join(PROJECT_ROOT, 'biome.json'), join(folder, 'biome.json'));
    copyFileSync(join(PROJECT_ROOT, '.gitignore'), join(folder, '.gitignore'));
    for (const room of ROOMS) mkdirSync(join(folder, room), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What it says of a line in a file of a room, by the project's own rules. */
  function lint(room: string, line: string): { code: number | null; output: string } {
    const file = join(room, 'example.ts');
    writeFileSync(join(folder, file), `${line}\nexport const schema = z.string();\n`);
    const biome = join(PROJECT_ROOT, 'node_modules', '.bin', 'biome');
    const { status, stdout, stderr } = spawnSync(biome, ['lint', file], { cwd: folder, encoding: 'utf8' });
    return { code: status, output: stdout + stderr };
  }

  it.each(ROOMS)('in %s refuses the import of zod that costs 370 KB, and lets the other pass', (room) => {
    for (const line of ["import { z } from 'zod';", "import z from 'zod';"]) {
      const { code, output } = lint(room, line);
      expect(code).toBe(1);
      expect(output).toContain("Write `import * as z from 'zod'`");
    }
    expect(lint(room, "import * as z from 'zod';")).toMatchObject({ code: 0 });
    expect(lint(room, "import * as z from 'zod/mini';")).toMatchObject({ code: 0 });
  });
});
