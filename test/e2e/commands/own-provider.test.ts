/** Commands know a provider that a project brings: it runs them from a folder of its own, where no loader is for TypeScript. */
import { runCli } from '../../support/cli';
import { SOURCES } from '../../support/command-line';
import { OwnProject } from '../../support/own-project';

let project: OwnProject;
beforeAll(() => {
  project = new OwnProject(ENTRIES);
});
afterAll(() => project.remove());

/** One of its kinds has the name that one of another provider has. */
const ENTRIES = `[
  { ...kinds.hmacKeyKind('keys'), kind: 'acme-key', title: 'key', description: 'Acme signs with it', prompt: 'Key' },
  { ...kinds.signingSecretKind('secrets'), kind: 'signing-secret', title: 'secret', description: 'too', prompt: 'S' },
]`;

const run = (...args: readonly string[]) => runCli(args, { program: SOURCES, cwd: project.folder, input: 'short' });

it('has its secret set up, and asks whose entry it is where several have the kind', async () => {
  const [help, several, unknown, wrong] = await Promise.all([
    run('secrets', '--help'),
    run('secrets', 'add', 'signing-secret'),
    run('secrets', 'add', 'acme-key', 'nobody'),
    run('secrets', 'add', 'acme-key', '--generate'),
  ]);
  expect(help.stdout).toMatch(/^ {2}acme\n {4}acme-key +Acme signs with it$/m);
  expect(help.stdout).toContain('npx meetbus secrets set acme');
  expect(several).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Several providers have the kind signing-secret: recall, acme'),
  });
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Allowed choices are') });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('Acme Rooms makes the keys') });
});
