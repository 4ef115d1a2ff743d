/** On a terminal of 80 columns no line of a command is longer, so that nothing breaks amid a word. */

import type { Command } from 'commander';
import { programFor } from '../../../bin/program';
import { widthOf } from '../../../bin/terminal';
import { type Ran, runCli } from '../../support/cli';
import { putAside } from '../../support/dead-letters';
import { type Meetbus, startMeetbus } from '../../support/meetbus';
import { until } from '../../support/until';

const COLUMNS = 80;

let meetbus: Meetbus;
beforeAll(async () => {
  meetbus = await startMeetbus();
});
afterAll(() => meetbus.stop());

/** Runs a command of the local cloud as on a terminal of so many columns. */
const run = (...args: readonly string[]): Promise<Ran> =>
  runCli([...args, '--local', '--state', meetbus.state], { env: { COLUMNS: String(COLUMNS), FORCE_COLOR: '1' } });

/** Lines that are too long. The state folder of a test has a longer name than a person's: it counts for nothing. */
const tooLong = (text: string): string[] =>
  text.split('\n').filter((line) => widthOf(line.replaceAll(`--state ${meetbus?.state}`, '')) > COLUMNS);

it('prints helps and their footers so', async () => {
  const helps: string[] = [];
  const visit = (command: Command): void => {
    command.configureOutput({ writeOut: (text) => helps.push(text) }).outputHelp();
    for (const child of command.commands) visit(child);
  };
  visit(await programFor(undefined));
  expect(helps.length).toBeGreaterThan(30);
  expect(tooLong(helps.join('\n'))).toEqual([]);
});

it('prints what was found so', async () => {
  const shown = runCli(['tail', '--limit', '2', '--timeout', '60s', '--local', '--state', meetbus.state], {
    env: { COLUMNS: String(COLUMNS) },
  });
  let id = '';
  await until(async () => {
    await run('send', 'recall', 'participant_events.screenshare_off');
    const { stdout } = await run('query', 'slowest-deliveries', '--json');
    id = JSON.parse(stdout)[0]?.eventId ?? '';
    return id !== '';
  }, 'a delivery in the logs');
  await run('send', 'recall', 'recording.done');
  const { BotDeadLetterQueueUrl = '' } = meetbus.outputs as unknown as Record<string, string>;
  await putAside(meetbus.clients.sqs, BotDeadLetterQueueUrl, ['{"poison":true']);
  const ran = [
    await shown,
    ...(await Promise.all([
      run('doctor'),
      run('trace', id),
      run('dlq', 'list'),
      run('dlq', 'peek', 'bot', '--body'),
      run('dlq', 'redrive', 'bot', '--dry-run'),
      run('dlq', 'delete', '00000000-0000', '--yes'),
    ])),
    ...(await Promise.all([
      run('secrets', 'show'),
      run('replay'),
      run('send', 'recall'),
      run('send', 'recall', 'participant_events.screenshare_off'),
      run('send', 'recall', 'bot.don'),
      run('tail', '--type', 'recording.redy'),
      run('query', '--list'),
      run('query', 'slowest-deliveries'),
      run('events', 'reprocess', '--dry-run'),
    ])),
  ];
  for (const { stdout, stderr } of ran) {
    expect(`${stdout}${stderr}`).not.toBe('');
    expect(tooLong(`${stdout}\n${stderr}`)).toEqual([]);
  }
  const listed = (await run('events', 'list')).stdout;
  expect(tooLong(listed)).toEqual([]);
  // Whole, so that it can be given to the command that the list names.
  expect(listed).toContain(id);
}, 180_000);
