/** When the local cloud synthesizes before it starts: whenever what lies in the folder is not the whole app. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemblyFolder, isSynthesized, synthesizeIfNeeded } from '../../bin/local/synth';
import { synthesizedTemplate } from '../support/assembly';
import { PROJECT_ROOT } from '../support/project';
import { CDK_OUT } from '../support/synth';
import { defaultTemplate } from '../support/template';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meetbus-synth-'));
  cpSync(CDK_OUT, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const empty = () => rmSync(folder, { recursive: true });
const remove = (file: string) => rmSync(join(folder, file), { recursive: true });
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

/** Changes a JSON file of the copy. */
function change(file: string, edit: (json: Record<string, never>) => void): void {
  const path = join(folder, file);
  const json = JSON.parse(readFileSync(path, 'utf8'));
  edit(json);
  writeFileSync(path, JSON.stringify(json));
}

/** What an app writes that was refused its settings, before it made anything. */
function leaveHalf(): void {
  change('Meetbus.template.json', (template) => {
    for (const part of Object.keys(template)) if (part !== 'Parameters') delete template[part];
  });
}

it('writes the template that unit tests look at, but for the code of functions and what cdk-nag leaves', () => {
  const withoutCode = (template: object) => {
    const text = JSON.stringify(template, (key, value) => (/^(S3Key|Metadata)$/.test(key) ? undefined : value));
    // A deployment of the API has a hash in its id, of the code too.
    return JSON.parse(text.replaceAll(/(ApiDeployment[0-9A-F]{8})[0-9a-f]{32}/g, '$1'));
  };
  const { Description, ...written } = withoutCode(synthesizedTemplate());
  expect(Description).toMatch(/^Meetbus: /);
  expect(withoutCode(defaultTemplate().toJSON())).toEqual(written);
});

it('takes what was synthesized', () => {
  expect(isSynthesized(PROJECT_ROOT, folder)).toBe(true);
});

it.each<[string, () => void]>([
  ['an empty folder', () => readdirSync(folder).forEach(remove)],
  ['no folder', empty],
  ['a half template', leaveHalf],
  ['a broken manifest', () => write('manifest.json', '{"version":')],
  ['a manifest that is no object', () => write('manifest.json', 'null')],
  ['a manifest without the stack', () => change('manifest.json', (json) => delete json.artifacts)],
  ['a broken template', () => write('Meetbus.template.json', '{"Resources":')],
  ['no template', () => remove('Meetbus.template.json')],
  ['no list of assets', () => remove('Meetbus.assets.json')],
  [
    'the template of another version',
    () => change('Meetbus.template.json', (json) => Object.assign(json, { Outputs: { Version: { Value: '0.0.1' } } })),
  ],
  [
    'an asset that is gone',
    () => {
      const { files } = JSON.parse(readFileSync(join(folder, 'Meetbus.assets.json'), 'utf8'));
      const paths = Object.values<{ source: { path: string } }>(files).map(({ source }) => source.path);
      remove(paths.find((path) => path.startsWith('asset.')) as string);
    },
  ],
])('does not take %s', (_, prepare) => {
  prepare();
  expect(isSynthesized(PROJECT_ROOT, folder)).toBe(false);
});

it('synthesizes over what a failed synth has left, once for all who ask, and then takes it', async () => {
  leaveHalf();
  let synths = 0;
  const ask = () => synthesizeIfNeeded(PROJECT_ROOT, folder, [], () => synths++);
  await Promise.all([ask(), ask(), ask()]);
  expect(synths).toBe(1);
  expect(isSynthesized(PROJECT_ROOT, folder)).toBe(true);
}, 120_000);

it('has a folder for each context, and none of them is cdk.out', () => {
  const contexts = [[], ['a=1'], ['a=2'], ['a=1', 'b=2'], ['a=1,b=2']];
  const folders = contexts.map((context) => assemblyFolder(PROJECT_ROOT, context));
  expect(new Set(folders).size).toBe(contexts.length);
  expect(folders).not.toContain(join(PROJECT_ROOT, 'cdk.out'));
  expect(assemblyFolder(PROJECT_ROOT, ['b=2', 'a=1'])).toBe(assemblyFolder(PROJECT_ROOT, ['a=1', 'b=2']));
});

it('writes where git does not look', () => {
  const folders = [assemblyFolder(PROJECT_ROOT), assemblyFolder(PROJECT_ROOT, ['a=1'])];
  const ignored = execFileSync('git', ['check-ignore', ...folders], { cwd: PROJECT_ROOT, encoding: 'utf8' });
  expect(ignored.trim().split('\n')).toEqual(folders);
});

it('leaves no template behind that lacks everything, where the settings are wrong', () => {
  empty();
  const app = [join(PROJECT_ROOT, 'node_modules/.bin/tsx'), join(PROJECT_ROOT, 'bin/app.ts')];
  const env = { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: '{"meetbus":{"archiveDays":"x"}}' };
  expect(() => execFileSync(app[0] as string, app.slice(1), { env, stdio: 'pipe' })).toThrow(/archiveDays/);
  expect(existsSync(join(folder, 'manifest.json'))).toBe(false);
}, 60_000);

it('lets cdk send nothing to anyone', async () => {
  const project = mkdtempSync(join(tmpdir(), 'meetbus-project-'));
  try {
    mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true });
    const cdk = join(project, 'node_modules', '.bin', 'cdk');
    writeFileSync(cdk, '#!/bin/sh\necho "$@, telemetry off: $CDK_DISABLE_CLI_TELEMETRY"\nexit 1\n', { mode: 0o755 });
    await expect(synthesizeIfNeeded(project, join(project, 'out'))).rejects.toThrow(
      /--no-notices .*, telemetry off: true/,
    );
  } finally {
    rmSync(project, { recursive: true });
  }
});
