/** What is installed and run from elsewhere is held by a digest, so that nobody can change it under us. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface LockEntry {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  /** It comes inside the archive of the package that has it, whose digest covers it. */
  readonly inBundle?: true;
}

describe('package-lock.json', () => {
  const { '': root, ...entries } = (JSON.parse(read('package-lock.json')) as { packages: Record<string, LockEntry> })
    .packages;

  it('describes the project', () => expect(root).toBeDefined());

  it('holds every package by its digest', () => {
    const loose = Object.entries(entries).filter(([, { integrity, inBundle }]) => !inBundle && integrity === undefined);
    // What stands in this repository has none.
    expect(loose.filter(([path, { resolved = path }]) => !resolved.startsWith('packages/'))).toEqual([]);
    for (const { integrity } of Object.values(entries)) {
      if (integrity !== undefined) expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
    }
  });
});

describe('workflows', () => {
  const workflows = readdirSync(join(ROOT, '.github/workflows')).map((file) => read(`.github/workflows/${file}`));
  const text = workflows.join('\n');

  it('hold every action by its commit, and say which version that is', () => {
    const uses = text.split('\n').filter((line) => /^\s*- ?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('keep no credentials, and may only read', () => {
    const checkouts = text.split('actions/checkout@').length - 1;
    expect(text.match(/persist-credentials: false/g)).toHaveLength(checkouts);
    for (const workflow of workflows) expect(workflow).toMatch(/^permissions:\n {2}contents: read$/m);
  });

  it('run every version of Node.js that is promised, and that of Lambda', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
    expect(engines.node).toBe('>=20');
    expect(text).toContain('node: [20, 22, 24]');
    expect(read('.nvmrc').trim()).toBe('24');
  });
});
