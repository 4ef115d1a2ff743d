/** A new provider compiles, refuses everything, and its checks say what to write; with that written, it passes them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeRuntime } from '../../../lib/bundles';
import { BUILT_IN } from '../../../providers';
import { type Check, conformance } from '../../../providers/conformance';
import { refused } from '../../../providers/runtime';
import { runCli } from '../../support/cli';
import { compiled } from '../../support/compiled';
import { PROJECT_ROOT } from '../../support/project';

/** Bytes that a runtime with a signature and one schema may have. */
const RUNTIME_BUDGET = 60_000;

/** In the project, so that `meetbus/provider` is found. */
const parent = mkdtempSync(join(PROJECT_ROOT, '.scaffold-'));
afterAll(() => rmSync(parent, { recursive: true }));

const [builtIn = ''] = Object.keys(BUILT_IN);
const NAMES = ['acme', 'acme-rooms'];
const folderOf = (name: string) => join(parent, name);
const read = (name: string, file: string) => readFileSync(join(folderOf(name), file), 'utf8');

/** The provider as it stands in its files now. */
async function load(name: string) {
  const factory = Object.values(await import(folderOf(name)))[0] as () => Parameters<typeof compiled>[0];
  return compiled(factory());
}

async function failuresOf(checks: readonly Check[]): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  for (const { name, run } of checks) await run().catch(({ message }: Error) => failures.set(name, message));
  return failures;
}

beforeAll(async () => {
  for (const name of NAMES) {
    const { code, stdout } = await runCli(['provider', 'new', name, '--in', parent]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/Wrote .+ Read its README\.md/) });
  }
});

it('compiles', () => {
  const tsconfig = join(parent, 'tsconfig.json');
  writeFileSync(
    tsconfig,
    JSON.stringify({ extends: join(PROJECT_ROOT, 'tsconfig.json'), include: ['acme*/**/*.ts'], exclude: [] }),
  );
  const tsc = join(PROJECT_ROOT, 'node_modules', '.bin', 'tsc');
  const { status, stdout } = spawnSync(tsc, ['--project', tsconfig], { cwd: PROJECT_ROOT, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

describe.each(NAMES)('%s', (name) => {
  it('refuses everything until it is written, and its checks say so', async () => {
    const provider = await load(name);
    const { runtime } = await provider.runtime();
    const verify = runtime.routes[`${name}/webhooks`]!({} as never);
    expect(await verify({} as never)).toEqual(refused('not_configured'));

    const failures = await failuresOf(conformance(provider));
    expect(failures.get('every genuine sample is verified')).toBe(
      `A genuine meeting.began on ${name}/webhooks is refused with not_configured (503).`,
    );
    const passed = conformance(provider)
      .map((check) => check.name)
      .filter((check) => !failures.has(check));
    expect(passed).toEqual(
      expect.arrayContaining(['its definition is complete, and fits its runtime', 'nothing secret is logged']),
    );
  });
});

it('passes every check once it is written as its comments say', async () => {
  const runtime = read('acme', 'runtime.ts');
  const [, hint = ''] = /For a plain HMAC:\n \*\n([\s\S]+?)\n \*\//.exec(runtime) ?? [];
  const code = hint.replace(/^ \* ?/gm, '  ');
  const written = runtime
    .replace(/const webhooks = .+;/, `const webhooks = (context: RuntimeContext): Verify => {\n${code}\n};`)
    .replace('import type * as', "import { SIGNING_KEY } from './secret';\nimport type * as")
    .replace('refused, textAt', 'type RuntimeContext, readSecret, textAt, verifyHmac, verifyWithFreshKeys');
  const sandbox = read('acme', 'sandbox.ts')
    .replace('import { randomBytes }', 'import { createHmac, randomBytes }')
    .replace(
      'sign: () => ({ headers: {} })',
      "sign: ({ body }, { entry }) => ({ headers: { 'acme-signature': createHmac('sha256', entry('signingKeys')).update(body).digest('hex') } })",
    );
  writeFileSync(join(folderOf('acme'), 'runtime.ts'), written);
  writeFileSync(join(folderOf('acme'), 'sandbox.ts'), sandbox);
  jest.resetModules();
  expect(await failuresOf(conformance(await load('acme')))).toEqual(new Map());
});

it('brings little into a function', () => {
  const file = join(parent, 'runtime.js');
  const { outputs } = writeRuntime(join(folderOf('acme'), 'runtime'), file);
  const kept = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  expect(statSync(file).size).toBeLessThanOrEqual(RUNTIME_BUDGET);
  const unwanted = /aws-cdk|@aws-sdk|conformance|zod\/v4\/(classic|locales)/;
  expect(kept.filter(([input, { bytesInOutput }]) => bytesInOutput > 100 && unwanted.test(input))).toEqual([]);
});

it.each([
  ['Acme', 'cannot be named "Acme"'],
  [builtIn, `brings a provider named ${builtIn} already`],
  ['acme', 'is there already'],
])('says why it cannot make %s', async (name, why) => {
  const { code, stderr } = await runCli(['provider', 'new', name, '--in', parent]);
  expect(code).toBe(1);
  expect(stderr).toContain(why);
});
