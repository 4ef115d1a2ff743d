/** `send --edit`, with shell scripts as editors. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { edited } from '../../../../bin/commands/send/editor';

const folder = mkdtempSync(join(tmpdir(), 'meetbus-editor-'));
/** Names the file that the editor got. */
const path = join(folder, 'path.txt');
/** A copy of it. */
const seen = join(folder, 'seen.txt');
const before = { ...process.env };
const notes: string[] = [];

beforeEach(() => {
  rmSync(seen, { force: true });
  notes.length = 0;
  jest.spyOn(console, 'error').mockImplementation((text) => notes.push(text));
});
afterEach(() => {
  process.env = { ...before };
  jest.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Edits a body with a script that finds the file in `$1`. No file is left. */
async function edit(body: string, script: string): Promise<string> {
  const editor = join(folder, 'editor.sh');
  writeFileSync(editor, `printf %s "$1" > '${path}'\n${script}`);
  Object.assign(process.env, { VISUAL: '', EDITOR: `sh '${editor}'` });
  try {
    return String(await edited(Buffer.from(body)));
  } finally {
    const file = readFileSync(path, 'utf8');
    expect(file).toMatch(/body\.json$/);
    expect([file, dirname(file)].filter(existsSync)).toEqual([]);
  }
}

it('opens the body as indented JSON that nobody else can read, and gives back what was saved', async () => {
  const script = `cp -p "$1" '${seen}'; printf '{ "n": 1.10,\\n "m": 2 }' > "$1"`;
  expect(await edit('{"n":12345678901234567890}', script)).toBe('{"n":1.10,"m":2}');
  expect(readFileSync(seen, 'utf8')).toBe('{\n  "n": 12345678901234567890\n}\n');
  expect(statSync(seen).mode & 0o777).toBe(0o600);
});

it('gives back a body that was left as it was', async () => {
  expect(await edit('{ "n": 1 }', ':')).toBe('{"n":1}');
});

it('prefers VISUAL', async () => {
  process.env.VISUAL = 'false';
  await expect(edited(Buffer.from('{}'))).rejects.toThrow('The editor false ended with 1: nothing was sent.');
});

it.each([
  ['is empty', 'printf " \\n" > "$1"', 'The file is empty: nothing was sent.'],
  ['is gone', 'rm "$1"', 'The file is empty: nothing was sent.'],
  ['belongs to an editor that fails', 'exit 3', /ended with 3: nothing was sent/],
])('sends nothing if the file %s', async (_, script, message) => {
  await expect(edit('{"n":1}', script)).rejects.toThrow(message);
});

it('opens again what is not JSON, until it is', async () => {
  const script = `if [ -e '${seen}' ]; then echo '{"n":2}' > "$1"; else cp "$1" '${seen}'; echo '{"token":"abc",}' > "$1"; fi`;
  expect(await edit('{"n":1}', script)).toBe('{"n":2}');
  expect(notes.join('\n')).toContain('That is not JSON: it is wrong at position 15');
  expect(notes.join('\n')).not.toContain('abc');
});

it('gives up what stays wrong', async () => {
  await expect(edit('{"n":1}', 'printf "{" > "$1"')).rejects.toThrow(/That is not JSON: .+ Nothing was sent\./);
});

it.each([
  ['there is no editor', '', '{}', 'No editor is known. Name one: EDITOR=nano'],
  ['the body is not JSON', 'true', 'x', 'The body is not JSON, so --edit cannot open it.'],
])('says so if %s', async (_, editor, body, message) => {
  Object.assign(process.env, { VISUAL: '', EDITOR: editor });
  await expect(edited(Buffer.from(body))).rejects.toThrow(message);
});
