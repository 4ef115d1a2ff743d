/** The demo of the README, run and read as a person does. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { readSandboxes } from '../../../bin/providers';
import { BUILT_IN } from '../../../providers';
import { PIPED } from '../../support/cli';
import { PROJECT_ROOT } from '../../support/project';
import { SYNTH_TIMEOUT_MS } from '../../support/synth';

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a TypeScript file of the project. */
const run = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const tsx = join(PROJECT_ROOT, 'node_modules', '.bin', 'tsx');
    execFile(tsx, args, { cwd: PROJECT_ROOT, env: { ...process.env, ...PIPED } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });

it(
  'npm run demo plays a meeting of every built-in provider, shows every event once, and ends with 0',
  async () => {
    const { code, output } = await run('bin/local/demo.ts');
    expect(code).toBe(0);
    expect(output).not.toContain('Warning');
    const titles = Object.values(BUILT_IN).map((factory) => factory().title);
    expect(output).toContain(`Playing a meeting of ${new Intl.ListFormat('en').format(titles)}: `);
    for (const title of titles) expect(output).toMatch(new RegExp(`^ ${RegExp.escape(title)} *$`, 'm'));
    const options = { seed: 'any', start: new Date() };
    const meetings = (await readSandboxes()).map(({ sandbox }) => sandbox.meeting(options));
    const names = meetings.flat().map(({ route, event }) => `${route} ${event}`);
    for (const name of new Set(names)) {
      const lines = output.split('\n').filter((line) => line.trimStart().startsWith(`${name} `));
      expect(lines).toHaveLength(names.filter((other) => other === name).length);
      for (const line of lines) expect(line).toMatch(/ 200 accepted +\w+\.\w+ /);
    }
    expect(output).toContain(`✓ ${names.length} deliveries, ${names.length} of them on the shared bus exactly once.`);
  },
  SYNTH_TIMEOUT_MS,
);

it.each([
  ['--help', 0, 'Usage: npm run demo'],
  ['--prot', 1, "unknown option '--prot'"],
])('npm run demo -- %s ends with %i, and plays nothing', async (option, code, said) => {
  const ended = await run('bin/local/demo.ts', option);
  expect(ended).toEqual({ code, output: expect.stringContaining(said) });
  expect(ended.output).not.toContain('Playing');
});
