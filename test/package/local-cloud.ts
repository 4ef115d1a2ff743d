/** Tests of `@meetbus/local-cloud`: in a project without Meetbus, and under `npx meetbus local` in one with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dependencies } from '../../packages/local-cloud/package.json';
import { DEFAULT_PROVIDERS } from '../../providers';
import { PIPED } from '../support/cli';
import { PROJECT_ROOT } from '../support/project';
import { until } from '../support/until';
import { addLocalCloud, ONE_CHECKER, type Packed, type Stranger } from './stranger';

/** What the tarball may hold. */
const FILES = [/^(package\.json|README\.md|LICENSE)$/, /^index\.js$/, /^bootstrap\.cjs$/, /^[a-z0-9/-]+\.d\.ts$/];

const NAME = '@meetbus/local-cloud';
const MEETBUS = 'node_modules/.bin/meetbus';

/** The tests, which `package.test.ts` runs: the packages are built once for all of them. */
export function localCloudTests(
  installed: () => { readonly packed: Packed; readonly shop: Stranger; readonly stranger: Stranger },
): void {
  describe('in a project without Meetbus', () => projectTests(() => installed()));
  describe('under npx meetbus local', () => commandTests(() => installed()));
}

function projectTests(installed: () => { readonly packed: Packed; readonly shop: Stranger }): void {
  const shop = () => installed().shop;

  it('has what is needed in the tarball, and nothing else', () => {
    const { paths } = installed().packed.tarballOf(NAME);
    expect(paths.filter((path) => !FILES.some((expected) => expected.test(path)))).toEqual([]);
    for (const expected of FILES) expect(paths).toContainEqual(expect.stringMatching(expected));
    expect(paths.filter((path) => shop().readInstalled(NAME, path).includes(PROJECT_ROOT))).toEqual([]);
  });

  it('asks for just the packages that its code requires', () => {
    const code = shop().readInstalled(NAME, 'index.js');
    const required = [...code.matchAll(/(?:require|import)\("(?!node:)((?:@[^/"]+\/)?[^/"]+)/g)].map(
      ([, name]) => name,
    );
    expect([...new Set(required)].sort()).toEqual(Object.keys(dependencies).sort());
  });

  it('compiles the app and the examples of the README, with the declarations checked', () => {
    const readme = shop().readInstalled(NAME, 'README.md');
    const examples = [...readme.matchAll(/```ts\n([\s\S]+?)```/g)].map(([, example = '']) => example);
    expect(examples).toHaveLength(2);
    for (const [index, example] of examples.entries()) {
      writeFileSync(join(shop().folder, `readme-${index}.mts`), example);
    }
    const tsc = join(PROJECT_ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    expect(shop().run('node', tsc, ONE_CHECKER)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('runs the synthesized app', () => {
    expect(shop().run('node', 'out/app.js')).toMatchObject({ code: 0 });
    const { stdout, stderr } = shop().run('node', 'out/run.mjs');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ answer: '200 tea: 42', asked: ['tea'], steps: ['request'] });
  });
}

function commandTests(installed: () => { readonly packed: Packed; readonly stranger: Stranger }): void {
  const FREE_PORTS = ['--port', '0', '--aws-port', '0'];
  const stranger = () => installed().stranger;

  it('says what to install', () => {
    expect(stranger().run('node', MEETBUS, 'local', ...FREE_PORTS)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Cannot find @meetbus\/local-cloud\. Install .+ beside meetbus/),
    });
  });

  it('synthesizes nothing, so it takes no context', () => {
    addLocalCloud(installed().packed, stranger());
    expect(stranger().run('node', MEETBUS, 'local', '--context', 'a=1', ...FREE_PORTS)).toEqual({
      code: 2,
      stdout: '',
      stderr: '--context is for a clone of Meetbus. Pass it to cdk synth in your app, then start without it.\n',
    });
  });

  it('runs an app with Meetbus in it, and takes deliveries', async () => {
    addLocalCloud(installed().packed, stranger());
    const { folder } = stranger();
    if (!existsSync(join(folder, 'cdk.out'))) {
      stranger().run('node_modules/typescript/bin/tsc', ONE_CHECKER);
      stranger().run('node', 'out/app.js');
    }
    const child = spawn('node', [MEETBUS, 'local', ...FREE_PORTS], {
      cwd: folder,
      env: { ...process.env, ...PIPED },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
    const ended = once(child, 'close');
    try {
      await until(() => existsSync(join(folder, '.meetbus', 'outputs.json')) || child.exitCode !== null, 'the start');
      expect(printed).toContain('Meetbus is up.');
      for (const { provider: name } of DEFAULT_PROVIDERS) {
        const [event = ''] = stranger().run('node', MEETBUS, 'send', name).stdout.split('\n');
        const sent = stranger().run('node', MEETBUS, 'send', name, event, '--local', '--stack', 'Own');
        expect(sent).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('200 accepted') });
      }
    } finally {
      child.kill('SIGINT');
    }
    expect(await ended).toEqual([0, null]);
    expect(readdirSync(join(folder, '.meetbus'))).toEqual([]);
  });
}
