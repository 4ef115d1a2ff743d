/** The npm packages, used by somebody who has nothing but their tarballs. */
import { hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as contract from '@meetbus/events';
import { dependencies, peerDependencies, version } from '../../package.json';
import { BUILT_IN } from '../../providers';
import { PROVIDERS } from '../../providers/names';
import { PROJECT_ROOT } from '../support/project';
import { CDK_OUT } from '../support/synth';
import { contractTests, expectAnswers } from './contract';
import { localCloudTests } from './local-cloud';
import { ownProviderTests } from './own-provider';
import {
  EXAMPLE,
  installConstructs,
  installContract,
  installLocalCloud,
  ONE_CHECKER,
  type Packed,
  packAll,
  type Stranger,
  type Tarball,
} from './stranger';

const { MEETING_EVENT_TYPES } = contract;

/** Bytes that a subscriber's function may have for reading typed events. */
const CONTRACT_BUDGET = 60_000;

/** What the tarball of the constructs may hold. */
const EXPECTED_FILES = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^bin\/meetbus\.cjs$/,
  /^dist\/bin\/meetbus\.js$/,
  /^dist\/console\/(page\.(js|css)|runbook\.md)$/,
  /^dist\/THIRD-PARTY-LICENSES\.txt$/,
  /^dist\/lib\/index\.js$/,
  /^dist\/lib\/(events|provider\/(index|kit|normalize))\.(js|mjs|d\.mts)$/,
  /^dist\/(lib|lambdas|providers)\/.+\.d\.ts$/,
  /^dist\/lambdas\/(verifier|consumer|fallback|prober|repair)\/index\.js(\.map)?$/,
  /^dist\/providers\/[a-z-]+\/(index\.js|compiled\/[a-z-]+\.js(\.map)?)$/,
];

let packed: Packed;
let tarball: Tarball;
let stranger: Stranger;
let subscriber: Stranger;
let shop: Stranger;
beforeAll(() => {
  packed = packAll();
  tarball = packed.tarballOf('meetbus');
  stranger = installConstructs(packed);
  subscriber = installContract(packed);
  shop = installLocalCloud(packed);
}, 120_000);
afterAll(() => {
  for (const one of [packed, stranger, subscriber, shop]) one?.close();
});

const readInstalled = (path: string) => stranger.readInstalled('meetbus', path);

/** SHA-256 of every file of code that the functions of a template have. What is set beside the code may differ. */
function codeIn(cdkOut: string, stack: string): Record<string, string[]> {
  const { Resources } = JSON.parse(readFileSync(join(cdkOut, `${stack}.template.json`), 'utf8'));
  const resources = Object.values(Resources) as { Type: string; Properties: { Code: { S3Key: string } } }[];
  const found: Record<string, string[]> = {};
  for (const { Type, Properties } of resources) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const folder = join(cdkOut, `asset.${Properties.Code.S3Key.replace('.zip', '')}`);
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.js(\.map)?$/.test(name),
    )) {
      const digest = hash('sha256', readFileSync(join(folder, file)));
      found[file] = [...(found[file] ?? []), digest];
    }
  }
  for (const digests of Object.values(found)) digests.sort();
  return found;
}

describe('the tarball', () => {
  it('holds what is needed, and nothing else', () => {
    expect(tarball.paths.filter((file) => !EXPECTED_FILES.some((expected) => expected.test(file)))).toEqual([]);
    for (const expected of EXPECTED_FILES) expect(tarball.paths).toContainEqual(expect.stringMatching(expected));
  });

  it('names no folder of the machine that made it', () => {
    const telling = tarball.paths.filter((file) => readInstalled(file).includes(PROJECT_ROOT));
    expect(telling).toEqual([]);
    for (const map of tarball.paths.filter((file) => file.endsWith('.map'))) {
      const { sources, sourcesContent } = JSON.parse(readInstalled(map));
      expect(sources).toContainEqual(expect.stringMatching(/^(\.\.\/)+(lambdas|providers)\/.+\.ts$/));
      expect(
        sources.filter(
          (source: string) => !/^(\.\.\/)+(lambdas|node_modules|packages\/events|providers)\//.test(source),
        ),
      ).toEqual([]);
      expect(sourcesContent).toBeUndefined();
    }
  });

  it('asks for just the packages that its code requires', () => {
    const code = tarball.paths
      .filter((file) => /^dist\/(lib(\/provider)?|providers\/[a-z-]+)\/[a-z]+\.js$/.test(file))
      .map(readInstalled)
      .join();
    const required = [...code.matchAll(/require\("(?!node:)((?:@[^/"]+\/)?[^/"]+)/g)].map(([, name]) => name);
    // Only a clone bundles its sources, and a file of the package is no package.
    const used = new Set(required.filter((name) => name !== 'esbuild' && !name?.startsWith('.')));
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

describe.each([
  'README.md',
  'examples/subscriber/README.md',
  'examples/provider/README.md',
  'packages/events/README.md',
  'docs/subscribing.md',
])('%s', (page) => {
  it('installs what there is to install', () => {
    const text = readFileSync(join(PROJECT_ROOT, page), 'utf8');
    const wanted = [...text.matchAll(/^npm install (?:--save-dev )?([^#\n]+)/gm)].map(([, names = '']) =>
      names.trim().split(' '),
    );
    expect(wanted.length).toBeGreaterThan(0);
    const fileOf = (name: string) => `../meetbus/${packed.tarballOf(name).filename}`;
    for (const names of wanted) {
      // The registry has none of the packages, so the constructs need the contract's tarball beside theirs.
      expect(names.filter((name) => /^@?meetbus/.test(name))).toEqual([]);
      if (names.includes(fileOf('meetbus'))) expect(names).toContain(fileOf('@meetbus/events'));
      // The newest aws-cdk there is older than the library.
      expect(names).not.toContain('aws-cdk');
    }
    expect(wanted.flat()).toContain(fileOf('@meetbus/events'));
  });
});

describe('an app with the package', () => {
  it('compiles under strict and nodenext, with the declarations checked, and the worked example with it', () => {
    expect(stranger.run('node_modules/typescript/bin/tsc', ONE_CHECKER)).toEqual({ code: 0, stdout: '', stderr: '' });
    const compiled = readdirSync(join(stranger.folder, 'out', 'example'));
    expect(compiled).toEqual(expect.arrayContaining(EXAMPLE.map((file) => file.replace('.ts', '.js'))));
  });

  it('synthesizes, and gets its settings', () => {
    const { code, stdout, stderr } = stranger.run('node', 'out/app.js');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ archiveDays: 90, logDays: 30, recall: { requireSignature: true } });

    const cdkOut = join(stranger.folder, 'cdk.out');
    const files = codeIn(cdkOut, 'Own');
    expect(Object.keys(files).length).toBeGreaterThan(0);
    // The package deploys what a clone deploys, byte for byte.
    expect(files).toEqual(codeIn(CDK_OUT, 'Meetbus'));
  });

  it('is told in one line which setting is wrong', () => {
    const { code, stdout, stderr } = stranger.run('node', 'out/wrong.js');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Wrong settings\. meetbus\.logDays: must be one of 1, 3, 5, .+\n$/);
  });

  it.each(['events.cjs', 'events.mjs'])(
    'finds in meetbus/events all that @meetbus/events has, and the providers (%s)',
    (file) => {
      const { code, stdout, stderr } = stranger.run('node', `out/${file}`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { known, types, names } = JSON.parse(stdout);
      expect(known).toEqual(PROVIDERS);
      expect(types).toBe(MEETING_EVENT_TYPES.length);
      expect(names).toEqual(expect.arrayContaining([...Object.keys(contract), 'PROVIDERS']));
    },
  );
});

describe('a project with @meetbus/events alone', () => contractTests(() => ({ packed, subscriber })));

describe('an app with a provider of its own', () => ownProviderTests(() => packed));

describe('@meetbus/local-cloud', () => localCloudTests(() => ({ packed, shop, stranger })));

describe('a function that reads a typed event', () => {
  it.each([
    ['meetbus/events', () => stranger],
    ['@meetbus/events', () => subscriber],
  ])('is bundled within the budget, from %s', (_name, projectOf) => {
    const project = projectOf();
    const options = ['--bundle', '--minify', '--platform=node', '--outfile=bundle.js'];
    const esbuild = join(PROJECT_ROOT, 'node_modules', 'esbuild', 'bin', 'esbuild');
    expect(project.run(esbuild, 'handler.mts', ...options)).toMatchObject({ code: 0 });
    expect(statSync(join(project.folder, 'bundle.js')).size).toBeLessThanOrEqual(CONTRACT_BUDGET);
    expectAnswers(project, 'bundle.js');
  });
});

describe('the declaration of the settings', () => {
  /** Where settings are declared: those of a provider stand in its folder. */
  const declared = () =>
    ['dist/lib/settings.d.ts', ...Object.keys(BUILT_IN).map((name) => `dist/providers/${name}/index.d.ts`)]
      .map(readInstalled)
      .join('\n');
  /** Each setting that has a comment, which an editor shows. */
  const documented = () =>
    [...declared().matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s+readonly (\w+)\?/g)].map(
      ([, comment = '', name = '']) => ({ name, comment }),
    );
  const defaultIn = (comment: string) => comment.match(/@default (.+)/)?.[1];

  it('says of every setting what it means and what its default is', () => {
    const settings = [...declared().matchAll(/readonly (\w+)\?: (?!\w+Settings;)/g)];
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
    const { providers: _, firewall, alarms, probe, repair, ...rest } = JSON.parse(stdout);
    const ofProviders = Object.keys(BUILT_IN).map((name) => rest[name]);
    const top = Object.entries(rest).filter(([name]) => !(name in BUILT_IN));
    const grouped = [...ofProviders, firewall, alarms, probe, repair].flatMap((group) => Object.entries(group ?? {}));
    const stated = documented().flatMap(({ name, comment }) => {
      const value = defaultIn(comment);
      return value === undefined || value.startsWith('-') ? [] : [[name, JSON.parse(value)] as const];
    });
    // Two groups may have a setting of the same name.
    const lines = (entries: readonly (readonly [string, unknown])[]) =>
      entries.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).sort();
    expect(lines(stated)).toEqual(lines([...grouped, ...top]));
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
