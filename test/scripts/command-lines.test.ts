/** Every command line in the documentation is one that `npx meetbus` takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { programFor } from '../../bin/program';

const PROJECT = join(__dirname, '..', '..');
const pagesIn = (folder: string): string[] =>
  readdirSync(join(PROJECT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const folders = readdirSync(join(PROJECT, 'providers'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const pages = ['README.md', ...pagesIn('docs'), ...folders.flatMap(({ name }) => pagesIn(join('providers', name)))];

/** What stands in a line for what only its reader knows. */
const FILLED_IN: Readonly<Record<string, string>> = {
  family: 'bot',
  duration: '3h',
  kind: 'signing-key',
  name: 'dead-endpoints',
  provider: 'acme',
  time: '2026-01-31T09:30:00Z',
};

/** The command lines of a page: between backticks, in any order, or a line of a block. What follows `#` is a comment. */
function linesOf(page: string): string[] {
  const text = readFileSync(join(PROJECT, page), 'utf8');
  const inline = [...text.matchAll(/`(npx meetbus [^`]+)`/g)].map(([, line = '']) => line.replace(/\s+/g, ' '));
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.split('\n'));
  const whole = blocks
    .map((line) => line.replace(/\s#\s.*$/, '').trim())
    .filter((line) => line.startsWith('npx meetbus'));
  return [...new Set([...inline, ...whole])];
}

/** The words of a line, as a shell parts them. Where the output goes is for the shell alone. */
const wordsOf = (line: string): string[] =>
  (
    line
      .replace(/ > \S+$/, '')
      .replace(/<([^>]+)>/g, (_, name) => FILLED_IN[name] ?? 'x')
      .match(/'[^']*'|\S+/g) ?? []
  )
    .slice(2)
    .map((word) => word.replace(/^'|'$/g, ''));

/** Has no command do anything: what is wrong with a line is told before. */
function disarm(command: Command): void {
  if (command.commands.length === 0) command.action(() => {});
  command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
  for (const child of command.commands) disarm(child);
}

/** The app of `docs/providers.md`: its commands know one provider more. */
beforeAll(() => process.chdir(join(PROJECT, 'examples', 'provider')));
afterAll(() => process.chdir(PROJECT));

/** Those that are about RealtimeKit take these from the environment, as the documentation says. */
beforeAll(() => {
  process.env.CLOUDFLARE_ACCOUNT_ID = 'account';
  process.env.REALTIMEKIT_APP_ID = 'app';
});

it.each(pages.flatMap((page) => linesOf(page).map((line) => [page, line] as const)))('%s: %s', async (page, line) => {
  const words = wordsOf(line);
  const program = await programFor(words[0]);
  disarm(program);
  // A page may speak of a command, such as `npx meetbus secrets`. A step of the runbook is to be run.
  const isOnlyNamed = words.length === 1 && page !== 'docs/runbook.md';
  if (isOnlyNamed) expect(program.commands.map((command) => command.name())).toEqual(words);
  else await program.parseAsync(words, { from: 'user' });
});

it('the runbook has some, and every page that has some is looked at', () => {
  expect(linesOf('docs/runbook.md').length).toBeGreaterThan(30);
  expect(pages.filter((page) => linesOf(page).length > 0)).toEqual(
    expect.arrayContaining(['README.md', 'docs/operations.md', 'docs/local-cloud.md', 'docs/runbook.md']),
  );
});
