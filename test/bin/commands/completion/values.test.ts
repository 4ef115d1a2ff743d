/** What the shell is offered for arguments and options. */
import { MEETING_EVENT_TYPES } from '@meetbus/events';
import type { Command } from 'commander';
import { isPath, offered } from '../../../../bin/commands/completion/values';
import { programFor, programOfNames } from '../../../../bin/program';
import { sandbox as realtimekit } from '../../../../providers/realtimekit/sandbox';
import { sandbox as recall } from '../../../../providers/recall/sandbox';

/** A command of a line, its subcommand where the line has one. */
const commandOf = async (line: string): Promise<Command> => {
  const [name = '', sub] = line.split(' ');
  const [command] = (await programFor(name)).commands;
  return command?.commands.find((one) => one.name() === sub) ?? (command as Command);
};

const ofOption = async (line: string, long: string): Promise<readonly string[]> =>
  offered((await commandOf(line)).options.find((option) => option.long === long)!, line.split(' '));

it('names every command, and loads none', async () => {
  const names = (await programOfNames()).commands.map((command) => command.name());
  const all = (await programFor()).commands.map((command) => command.name());
  expect(names.toSorted()).toEqual(all.toSorted());
});

it('offers the events of the provider that is named, else of all', async () => {
  const [, event] = (await commandOf('send')).registeredArguments;
  expect(await offered(event!, ['send', 'realtimekit', ''])).toEqual(realtimekit.events);
  expect(await ofOption('dlq redrive --event ', '--event')).toEqual(
    expect.arrayContaining([...recall.events, ...realtimekit.events]),
  );
});

it('offers types, choices, and nothing for what is free or not asked for', async () => {
  expect(await ofOption('tail --type ', '--type')).toEqual(MEETING_EVENT_TYPES);
  expect(await ofOption('tail --type=re', '--type')).toEqual(MEETING_EVENT_TYPES);
  expect(await ofOption('tail --subject ', '--type')).toEqual([]);
  expect(await ofOption('tail --subject ', '--subject')).toEqual([]);
  expect(await ofOption('events list --reason ', '--reason')).toContain('schema_mismatch');
});

it.each([
  ['send recall --file ', true],
  ['send recall --file bo', true],
  ['local --data ', true],
  ['dlq export all --to ', true],
  ['recall check ', true],
  ['recall check --', false],
  ['dlq redrive all --to ', false],
  ['send recall ', false],
  ['send recall --local ', false],
])('takes the last word of %j for a path: %s', async (line, expected) => {
  const words = line.split(' ');
  expect(isPath(await programFor(words[0]), words)).toBe(expected);
});
