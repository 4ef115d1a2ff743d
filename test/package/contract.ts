/** Tests of `@meetbus/events`: a subscriber's project that has nothing else. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '@meetbus/events';
import { PROJECT_ROOT } from '../support/project';
import { type Ended, ONE_CHECKER, type Packed, type Stranger } from './stranger';

/** Bytes that the project may install. */
const INSTALL_BUDGET = 10_000_000;

/** What the tarball may hold. */
const CONTRACT_FILES = [/^(package\.json|README\.md|LICENSE)$/, /^index\.(js|mjs|d\.mts)$/, /^[a-z-/]+\.d\.ts$/];

/** Runs a handler's compiled file, which answers the recording's id, or else the type of the event. */
export function expectAnswers(project: Stranger, file: string): void {
  const recording = CATALOGUE['recording.ready'].example.data.recording.id;
  expect(answerOf(project, file, 'recording.ready')).toEqual({ code: 0, stdout: `${recording}\n`, stderr: '' });
  expect(answerOf(project, file, 'bot.status_changed')).toMatchObject({ stdout: 'bot.status_changed\n' });
}

function answerOf(project: Stranger, file: string, type: 'recording.ready' | 'bot.status_changed'): Ended {
  const event = JSON.stringify({ 'detail-type': type, detail: CATALOGUE[type].example });
  const script = `import(${JSON.stringify(join(project.folder, file))}).then(({ handler }) => handler(${event})).then(console.log)`;
  return project.run('node', '-e', script);
}

/** The tests, which `package.test.ts` runs: the packages are built once for all of them. */
export function contractTests(installed: () => { readonly packed: Packed; readonly subscriber: Stranger }): void {
  const subscriber = () => installed().subscriber;

  const installedBytes = () => {
    const modules = join(subscriber().folder, 'node_modules');
    const entries = readdirSync(modules, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return entries.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  };

  it('has installed zod beside it and nothing else, within the budget', () => {
    const modules = readdirSync(join(subscriber().folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(modules).toEqual(['@meetbus', 'zod']);
    expect(readdirSync(join(subscriber().folder, 'node_modules', '@meetbus'))).toEqual(['events']);
    expect(installedBytes()).toBeLessThan(INSTALL_BUDGET);
  });

  it('has what is needed in the tarball, and nothing else', () => {
    const { paths } = installed().packed.tarballOf('@meetbus/events');
    expect(paths.filter((path) => !CONTRACT_FILES.some((expected) => expected.test(path)))).toEqual([]);
    for (const expected of CONTRACT_FILES) expect(paths).toContainEqual(expect.stringMatching(expected));
    expect(paths.filter((path) => subscriber().readInstalled('@meetbus/events', path).includes(PROJECT_ROOT))).toEqual(
      [],
    );
  });

  it('compiles typed handlers and the example of the README, with the declarations checked', () => {
    const readme = subscriber().readInstalled('@meetbus/events', 'README.md');
    const [, example = ''] = readme.match(/```ts\n([\s\S]+?)```/) ?? [];
    expect(example).toContain("from '@meetbus/events'");
    writeFileSync(join(subscriber().folder, 'readme.mts'), example);
    const tsc = join(PROJECT_ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(subscriber().run('node', tsc, ONE_CHECKER)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it.each(['out/handler.mjs', 'out/handler.cjs'])('runs %s', (file) => {
    expectAnswers(subscriber(), file);
  });

  it('says above every field of a declared event what it means', () => {
    const lines = subscriber().readInstalled('@meetbus/events', 'catalogue.d.ts').split('\n');
    const fields = lines.flatMap((line, index) =>
      /^ +\w+: z\./.test(line) ? [{ line, comment: lines[index - 1] }] : [],
    );
    expect(fields.length).toBeGreaterThan(1_000);
    expect(fields.filter(({ comment = '' }) => !/^ +\/\*\* .{4,} \*\/$/.test(comment))).toEqual([]);
    const commentOf = (name: string) => fields.find(({ line }) => line.trim().startsWith(`${name}:`))?.comment?.trim();
    expect(commentOf('filesize')).toBe('/** Size of the file in bytes */');
    expect(commentOf('start')).toBe('/** Beginning, in seconds since the recording began */');
  });
}
