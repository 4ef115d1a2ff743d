/** The npm package, used by somebody who has nothing but its tarball. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '@meetbus/events';
import { dependencies, peerDependencies, version } from '../../package.json';
import { CDK_OUT, PROJECT_ROOT } from '../support/synth';
import { EXAMPLE, installPackage, type Stranger } from './stranger';

/** Bytes that a subscriber's function may have for reading typed events. */
const CONTRACT_BUDGET = 60_000;

/** What the tarball may hold. */
const EXPECTED_FILES = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^bin\/meetbus\.cjs$/,
  /^dist\/bin\/meetbus\.js$/,
  /^dist\/THIRD-PARTY-LICENSES\.txt$/,
  /^dist\/lib\/index\.js$/,
  /^dist\/events\/index\.(js|mjs|d\.mts)$/,
  /^dist\/(lib|events|lambdas\/platform)\/.+\.d\.ts$/,
  /^dist\/lambdas\/(verifiers|consumers|scheduled)\/[a-z-]+\/index\.js(\.map)?$/,
];

let stranger: Stranger;
beforeAll(() => {
  stranger = installPackage();
}, 60_000);
afterAll(() => stranger.close());

const readInstalled = (path: string) => readFileSync(join(stranger.installed, path), 'utf8');

/** Hashes of the functions' assets in a template. */
function bundleHashes(cdkOut: string, stack: string): string[] {
  const { Resources } = JSON.parse(readFileSync(join(cdkOut, `${stack}.template.json`), 'utf8'));
  const resources = Object.values(Resources) as { Type: string; Properties: { Code: { S3Key: string } } }[];
  return resources
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties.Code.S3Key.replace('.zip', ''))
    .sort();
}

describe('the tarball', () => {
  it('holds what is needed, and nothing else', () => {
    expect(stranger.files.filter((file) => !EXPECTED_FILES.some((expected) => expected.test(file)))).toEqual([]);
    for (const expected of EXPECTED_FILES) expect(stranger.files).toContainEqual(expect.stringMatching(expected));
    expect(stranger.files.filter((file) => file.endsWith('index.js.map'))).toHaveLength(11);
  });

  it('names no folder of the machine that made it', () => {
    const telling = stranger.files.filter((file) => readInstalled(file).includes(PROJECT_ROOT));
    expect(telling).toEqual([]);
    for (const map of stranger.files.filter((file) => file.endsWith('.map'))) {
      const { sources, sourcesContent } = JSON.parse(readInstalled(map));
      expect(sources).toContainEqual(expect.stringMatching(/^\.\.\/\.\.\/\.\.\/\.\.\/lambdas\/.+\.ts$/));
      expect(
        sources.filter(
          (source: string) => !/^(\.\.\/){4}(lambdas|node_modules|packages\/events|providers)\//.test(source),
        ),
      ).toEqual([]);
      expect(sourcesContent).toBeUndefined();
    }
  });

  it('asks for just the packages that its code requires', () => {
    const code = ['dist/lib/index.js', 'dist/events/index.js'].map(readInstalled).join();
    const required = [...code.matchAll(/require\("(?!node:)((?:@[^/"]+\/)?[^/"]+)/g)].map(([, name]) => name);
    // Only a clone bundles its sources.
    const used = new Set(required.filter((name) => name !== 'esbuild'));
    expect([...used].sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
  });

  it('passes on the licences of what is bundled', () => {
    const licences = readInstalled('dist/THIRD-PARTY-LICENSES.txt');
    for (const name of ['@aws-lambda-powertools/idempotency', '@smithy/core', 'commander', 'zod']) {
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, 'm'));
    }
    expect(licences).toContain('Permission is hereby granted, free of charge');
  });
});

it.each(['README.md', 'examples/subscriber/README.md'])('%s installs what there is to install', (page) => {
  const text = readFileSync(join(PROJECT_ROOT, page), 'utf8');
  const wanted = [...text.matchAll(/^npm install ([^#\n]+)/gm)].flatMap(([, names = '']) => names.trim().split(' '));
  const tarball = `../meetbus/${stranger.tarball}`;
  // The registry has no meetbus, and the newest aws-cdk there is older than the library.
  expect(wanted).toEqual(expect.arrayContaining([tarball, 'aws-cdk@2']));
  expect(wanted).not.toContain('meetbus');
  expect(wanted).not.toContain('aws-cdk');
});

describe('an app with the package', () => {
  it('compiles under strict and nodenext, with the declarations checked, and the worked example with it', () => {
    expect(stranger.run('node_modules/typescript/bin/tsc')).toEqual({ code: 0, stdout: '', stderr: '' });
    const compiled = readdirSync(join(stranger.folder, 'out', 'example'));
    expect(compiled).toEqual(expect.arrayContaining(EXAMPLE.map((file) => file.replace('.ts', '.js'))));
  });

  it('synthesizes, and gets its settings', () => {
    const { code, stdout, stderr } = stranger.run('node', 'out/app.js');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ archiveDays: 90, logDays: 30, recall: { requireSignature: true } });

    const cdkOut = join(stranger.folder, 'cdk.out');
    const hashes = bundleHashes(cdkOut, 'Own');
    expect(hashes).toHaveLength(11);
    for (const hash of hashes) {
      const asset = join(cdkOut, `asset.${hash}`);
      expect(readdirSync(asset).sort()).toEqual(['index.js', 'index.js.map']);
      expect(statSync(join(asset, 'index.js')).size).toBeGreaterThan(100_000);
    }
    expect(existsSync(join(cdkOut, 'functions'))).toBe(false);
    // The package deploys what a clone deploys, byte for byte.
    expect(hashes).toEqual(bundleHashes(CDK_OUT, 'Meetbus'));
  });

  it('is told in one line which setting is wrong', () => {
    const { code, stdout, stderr } = stranger.run('node', 'out/wrong.js');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Wrong settings\. meetbus\.logDays: must be one of 1, 3, 5, .+\n$/);
  });

  it('bundles a subscriber that reads a typed event, within the budget', () => {
    const bundle = join(stranger.folder, 'handler.js');
    const options = ['--bundle', '--minify', '--platform=node', `--outfile=${bundle}`];
    const { code, stderr } = stranger.run('node_modules/esbuild/bin/esbuild', 'handler.mts', ...options);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(statSync(bundle).size).toBeLessThanOrEqual(CONTRACT_BUDGET);

    const { example } = CATALOGUE['recording.ready'];
    const event = JSON.stringify({ 'detail-type': 'recording.ready', detail: example });
    const script = `require(${JSON.stringify(bundle)}).handler(${event}).then(console.log)`;
    expect(stranger.run('node', '-e', script)).toEqual({
      code: 0,
      stdout: `${example.data.recording.id}\n`,
      stderr: '',
    });
  });
});

describe('the declaration of the events', () => {
  it('says above every field of an event what it means', () => {
    const lines = readInstalled('dist/events/catalogue.d.ts').split('\n');
    const fields = lines.flatMap((line, index) =>
      /^ +\w+: z\./.test(line) ? [{ line, comment: lines[index - 1] }] : [],
    );
    expect(fields.length).toBeGreaterThan(1_000);
    expect(fields.filter(({ comment = '' }) => !/^ +\/\*\* .{4,} \*\/$/.test(comment))).toEqual([]);
    const commentOf = (name: string) => fields.find(({ line }) => line.trim().startsWith(`${name}:`))?.comment?.trim();
    expect(commentOf('filesize')).toBe('/** Size of the file in bytes */');
    expect(commentOf('start')).toBe('/** Beginning, in seconds since the recording began */');
  });
});

describe('the declaration of the settings', () => {
  /** Each setting that has a comment, which an editor shows. */
  const documented = () =>
    [...readInstalled('dist/lib/settings.d.ts').matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s+readonly (\w+)\?/g)].map(
      ([, comment = '', name = '']) => ({ name, comment }),
    );
  const defaultIn = (comment: string) => comment.match(/@default (.+)/)?.[1];

  it('says of every setting what it means and what its default is', () => {
    const settings = [...readInstalled('dist/lib/settings.d.ts').matchAll(/readonly (\w+)\?: (?!\w+Settings;)/g)];
    expect(settings.length).toBeGreaterThan(12);
    expect(documented().map(({ name }) => name)).toEqual(expect.arrayContaining(settings.map(([, name]) => name)));
    for (const [, name] of settings) {
      const { comment = '' } = documented().find((setting) => setting.name === name) ?? {};
      expect(`${name}: ${defaultIn(comment)}`).not.toContain('undefined');
    }
  });

  it('names the defaults that hold', () => {
    const script = `const { App, Stack } = require('aws-cdk-lib');
      const { Meetbus } = require('meetbus');
      const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
      console.log(JSON.stringify(new Meetbus(new Stack(app, 'Own'), 'Meetbus').configuration));`;
    const { stdout } = stranger.run('node', '-e', script);
    const { recall, realtimekit, firewall, alarms, ...top } = JSON.parse(stdout);
    const defaults = { ...recall, ...realtimekit, ...firewall, ...alarms, ...top };
    const stated = documented().flatMap(({ name, comment }) => {
      const value = defaultIn(comment);
      return value === undefined || value.startsWith('-') ? [] : [[name, JSON.parse(value)] as const];
    });
    expect(Object.fromEntries(stated)).toEqual(defaults);
  });
});

describe('npx meetbus', () => {
  it('says its version', () => {
    expect(stranger.run('npx', 'meetbus', '--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it('shows its help, and knows its commands', () => {
    const { code, stdout } = stranger.run('node', 'node_modules/.bin/meetbus', '--help');
    expect(code).toBe(0);
    for (const command of ['send', 'secrets', 'tail', 'dlq', 'doctor'])
      expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
    const samples = stranger.run('node', 'node_modules/.bin/meetbus', 'send', 'realtimekit', '--local');
    expect(samples.stdout).toContain('livestreaming.statusUpdate');
  });

  it('runs the sources in a clone', () => {
    const launcher = join(PROJECT_ROOT, 'bin', 'meetbus.cjs');
    expect(stranger.run('node', launcher, '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
