/** What `listen` refuses before it makes anything. */
import type { Command } from 'commander';
import { isLoopback } from '../../../../bin/commands/listen/address';
import { programFor } from '../../../../bin/program';

/** Runs the command line until it throws; what commander says goes into the message. */
async function refusalOf(...args: readonly string[]): Promise<string> {
  const program = await programFor('listen');
  let said = '';
  const quiet = (command: Command): void => {
    command.configureOutput({ writeErr: (text) => (said += text) });
    for (const child of command.commands) quiet(child);
  };
  quiet(program);
  const refusal = await program
    .parseAsync(['listen', ...args], { from: 'user' })
    .catch((error: Error) => error.message);
  return `${said}${refusal}`;
}

const HANDLER = ['--forward-to', 'http://localhost:8080'];

it.each([
  [[], "required option '--forward-to <url>' not specified"],
  [['--forward-to', 'localhost:8080'], 'such as http://localhost:8080/events'],
  [['--forward-to', 'ftp://localhost/'], 'Give an address with http or https'],
  [['--forward-to', 'https://events.example.com/in'], 'events.example.com is not localhost'],
  [['--forward-to', 'http://0.0.0.0:8080'], 'add --allow-remote'],
  [[...HANDLER, '--format', 'cloudevent'], 'Did you mean cloudevents?'],
  [[...HANDLER, '--mode', 'binary', '--format', 'lambda'], '--mode is for --format cloudevents only.'],
  [[...HANDLER, '--type', 'recording.redy'], 'Did you mean recording.ready?'],
  [[...HANDLER, '--retries', '-1'], 'Give a whole number from 0.'],
  [[...HANDLER, '--concurrency', '0'], 'Give a whole number from 1.'],
  [[...HANDLER, '--timeout', '16m'], 'Give a --timeout from 1ms to 15m'],
  [[...HANDLER, '--timeout', '0s'], 'Give a --timeout from 1ms to 15m'],
])('%j', async (args, message) => {
  expect(await refusalOf(...args)).toContain(message);
});

it.each([
  ['http://localhost:8080', true],
  ['http://127.0.0.1', true],
  ['http://127.1:80', true],
  ['https://[::1]:8443', true],
  ['http://LOCALHOST', true],
  ['http://localhost.example.com', false],
  ['http://127.0.0.1.example.com', false],
  ['http://[::2]', false],
  ['http://128.0.0.1', false],
  ['http://169.254.169.254', false],
])('%s is on this machine: %s', (address, expected) => {
  expect(isLoopback(new URL(address))).toBe(expected);
});
