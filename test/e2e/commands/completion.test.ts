/** Completion, as bash does it: it sources the script, and calls the function at each Tab. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PIPED, runCli } from '../../support/cli';
import { COMMAND_LINE } from '../../support/command-line';

/** AWS, which nobody may ask. */
let aws: Server;
let requests = 0;
beforeAll(async () => {
  aws = createServer((_, response) => {
    requests++;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(aws, 'listening');
});
afterAll(() => aws.close());

/** Defines the command, sources its script, as ~/.bashrc may be sourced again, and completes each line: a line of candidates for each. */
const SCRIPT = `
meetbus() { '${process.execPath}' '${COMMAND_LINE}' "$@"; }
script=$(meetbus completion bash)
eval "$script"
eval "$script"
complete -p meetbus
tab() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  __meetbus_complete 2> /dev/null
  echo "\${COMPREPLY[*]}"
}
`;

/** What bash offers for lines, each given as the words that bash makes of it. */
async function offered(...lines: readonly (readonly string[])[]): Promise<string[]> {
  const tabs = lines.map((words) => `tab ${words.map((word) => `'${word}'`).join(' ')}`);
  const { port } = aws.address() as AddressInfo;
  const env = { ...process.env, ...PIPED, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'us-east-1' };
  const ran = await promisify(execFile)('bash', ['--norc', '-c', [SCRIPT, ...tabs].join('\n')], { env });
  expect(ran.stderr).toBe('');
  return ran.stdout.trimEnd().split('\n');
}

it('completes commands, options and values in bash, and asks AWS nothing', async () => {
  const [registered, ...found] = await offered(
    ['meetbus', 's'],
    ['meetbus', 'dlq', 'pe'],
    ['meetbus', 'send', 're'],
    ['meetbus', 'send', 'recall', 'bot.in_call_'],
    ['meetbus', 'send', 'recall', 'bot.done', '--wrong'],
    ['meetbus', 'tail', '--local', '--type', 'recording.p'],
    ['meetbus', 'tail', '--type', '=', 'recording.p'],
    ['meetbus', 'query', ''],
    ['meetbus', 'nope', ''],
  );
  expect(registered).toBe('complete -o default -F __meetbus_complete meetbus');
  expect(found.slice(0, 7)).toEqual([
    'secrets send',
    'peek',
    'recall realtimekit',
    'bot.in_call_not_recording bot.in_call_recording',
    '--wrong-signature',
    'recording.paused',
    'recording.paused',
  ]);
  expect(found[7]?.split(' ')).toEqual(expect.arrayContaining(['refusals-by-reason', 'one-event']));
  expect(found[8] ?? '').toBe('');
  expect(requests).toBe(0);
});

it('runs nothing of the line at a Tab, and writes no file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'completion-'));
  const file = join(folder, 'file');
  try {
    const found = await offered(
      ['meetbus', 'send', `$(touch ${file})`, '--wrong'],
      ['meetbus', 'tail', '>', file, '--wid'],
      ['meetbus', 'tail', `"\ntouch ${file}\n"`, '--wid'],
      ['meetbus', 'listen', '--format', '='],
    );
    const formats = 'cloudevents eventbridge lambda';
    expect(found.slice(1)).toEqual(['--wrong-signature', '--wide', '--wide', formats]);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.each([
  ['zsh', '#compdef meetbus\n'],
  ['fish', '# fish completion for meetbus'],
])('prints the script of %s, which calls the same command', async (shell, beginning) => {
  const { code, stdout } = await runCli(['completion', shell]);
  expect({ code, beginning: stdout.slice(0, beginning.length) }).toEqual({ code: 0, beginning });
  expect(stdout).toContain('meetbus complete -- ');
});
