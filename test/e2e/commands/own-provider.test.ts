/** Commands know a provider that a project brings: it runs them from a folder of its own, where no loader is for TypeScript. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../support/cli';
import { PROJECT_ROOT } from '../../support/synth';

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'meetbus-own-'));
  symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(project, 'node_modules'));
  mkdirSync(join(project, 'acme'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ meetbus: { providers: ['./acme'] } }));
  writeFileSync(join(project, 'acme', 'index.ts'), SOURCE);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** One of its kinds has the name that one of another provider has. */
const SOURCE = `
  import * as z from 'zod';
  import { hmacKeyKind, signingSecretKind } from '${join(PROJECT_ROOT, 'providers', 'kit', 'secret-entries')}';
  import { defineProvider } from '${join(PROJECT_ROOT, 'providers', 'provider')}';

  const key = { ...hmacKeyKind('keys'), kind: 'acme-key', title: 'key', description: 'Acme signs with it', prompt: 'Key' };
  const secret = { ...signingSecretKind('secrets'), kind: 'signing-secret', title: "secret", description: "too", prompt: 'S' };

  export const acme = defineProvider('acme', z.strictObject({}), () => ({
    title: 'Acme Rooms',
    runtimeFile: 'runtime',
    runtime: async () => ({ runtime: {} }),
    families: ['bot', 'unrecognized'],
    routes: [],
    secret: { name: 'acme/hooks', entries: [key, secret] },
  }));`;

const run = (...args: readonly string[]) => runCli(args, { cwd: project, input: 'short' });

it('has its secret set up, and asks whose entry it is where several have the kind', async () => {
  const [help, several, unknown, wrong] = await Promise.all([
    run('secrets', '--help'),
    run('secrets', 'add', 'signing-secret'),
    run('secrets', 'add', 'acme-key', 'nobody'),
    run('secrets', 'add', 'acme-key', '--generate'),
  ]);
  expect(help.stdout).toMatch(/^ {2}acme-key +Acme signs with it$/m);
  expect(help.stdout).toContain('npx meetbus secrets set acme');
  expect(several).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Several providers have a signing-secret'),
  });
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Allowed choices are') });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('Acme Rooms makes the keys') });
});
