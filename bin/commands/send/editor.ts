/** `--edit`: the body in the editor of the person. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExactly } from '../../../providers/kit/body';
import { note } from '../../output';
import { UsageError } from '../../usage';

/**
 * Opens a body in the editor, as indented JSON. What is not JSON is opened again, until it is, or is left as it was.
 *
 * @returns the JSON as it was saved, without the indents. Numbers keep their digits
 * @throws UsageError if there is no editor, or the body is not JSON
 * @throws Error if the editor fails, or the file is empty or is left without being JSON
 */
export async function edited(body: Buffer): Promise<Buffer> {
  const json = readExactly(body);
  if (json === undefined) throw new UsageError('The body is not JSON, so --edit cannot open it.');
  let text = `${JSON.stringify(json, null, 2)}\n`;
  while (true) {
    const saved = await inEditor(text);
    if (saved.trim() === '') throw new Error('The file is empty: nothing was sent.');
    const bytes = Buffer.from(saved);
    const now = readExactly(bytes);
    if (now !== undefined) return Buffer.from(JSON.stringify(now));
    const why = `That is not JSON: ${faultOf(saved)}.`;
    if (saved === text) throw new Error(`${why} Nothing was sent. With --file anything can be sent.`);
    note(`${why} The editor opens again; leave the file as it is to send nothing.`);
    text = saved;
  }
}

/** What the parser says, without the text that it quotes: that may hold a token. */
function faultOf(text: string): string {
  try {
    JSON.parse(text);
    return 'it is nested too deep';
  } catch (error) {
    const [, position, place = ''] = /at position (\d+)( \(.*\))?/.exec((error as Error).message) ?? [];
    return position === undefined ? 'it ends too early, or is no value' : `it is wrong at position ${position}${place}`;
  }
}

/** Has the editor change a text, in a file that nobody else can read and that is gone afterwards. */
async function inEditor(text: string): Promise<string> {
  const editor = process.env.VISUAL || process.env.EDITOR;
  if (!editor) throw new UsageError('No editor is known. Name one: EDITOR=nano npx meetbus send … --edit');
  const folder = await mkdtemp(join(tmpdir(), 'meetbus-'));
  try {
    const file = join(folder, 'body.json');
    await writeFile(file, text, { mode: 0o600 });
    await run(editor, file);
    // An editor may have deleted it.
    return await readFile(file, 'utf8').catch(() => '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the editor as a shell does, because it may have arguments: `code --wait`. */
async function run(editor: string, file: string): Promise<void> {
  const child = spawn('sh', ['-c', `${editor} "$@"`, editor, file], { stdio: 'inherit' });
  // Ctrl-C belongs to the editor: in many it ends nothing. What ends the command ends the editor, and the file goes.
  const ignore = () => {};
  const end = () => child.kill();
  process.on('SIGINT', ignore).on('SIGTERM', end).on('SIGHUP', end);
  try {
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`The editor ${editor} ended with ${code ?? 'a signal'}: nothing was sent.`);
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', end).off('SIGHUP', end);
  }
}
