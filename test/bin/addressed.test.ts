/** A command that is printed can be run as it stands. */
import type { Command } from 'commander';
import { addressed, addressTo, FOR_DEPLOYMENT } from '../../bin/addressed';
import { programFor } from '../../bin/program';
import { readClis } from '../../bin/providers';

afterEach(() => addressTo({}));

it.each([
  [{ local: true as const, state: '/s' }, 'npx meetbus doctor --local --state /s'],
  [{ stack: 'Meetbus' }, 'npx meetbus doctor'],
  [
    { stack: 'Two', region: 'eu-west-1', profile: 'p$&' },
    'npx meetbus doctor --stack Two --region eu-west-1 --profile p$&',
  ],
])('%j', (flags, command) => {
  addressTo(flags);
  expect(addressed('npx meetbus doctor')).toBe(command);
});

it.each([
  [
    'npx meetbus dlq peek bot; mend it; npx meetbus dlq redrive bot',
    'npx meetbus dlq peek bot X; mend it; npx meetbus dlq redrive bot X',
  ],
  ['Add it (npx meetbus secrets add token), or', 'Add it (npx meetbus secrets add token X), or'],
  ['"npx meetbus acme hooks".', '"npx meetbus acme hooks X".'],
  ['npx meetbus acme check <file> --prune', 'npx meetbus acme check <file> X --prune'],
  ['npx meetbus acme get <id>', 'npx meetbus acme get <id>'],
  ['npx meetbus secrets set acme', 'npx meetbus secrets set acme X'],
  ['npx meetbus secrets add key acme --generate', 'npx meetbus secrets add key acme X --generate'],
  ['npx meetbus query refusals-by-reason. Then', 'npx meetbus query refusals-by-reason X. Then'],
  ['npx meetbus dlq delete <message id>', 'npx meetbus dlq delete <message id> X'],
  ['npx meetbus secrets set (what', 'npx meetbus secrets set X (what'],
  ['npx meetbus needs Node.js', 'npx meetbus needs Node.js'],
])('%s', (text, command) => {
  addressTo({ region: 'X' }, { names: ['acme'], commands: ['acme hooks', 'acme check <file>'] });
  expect(addressed(text)).toBe(command.replaceAll(' X', ' --region X'));
});

/** The words of the commands that take the options of a deployment. The local cloud runs one, and is for none. */
function forDeployment(command: Command, words: readonly string[] = []): string[] {
  const own = command.commands.length === 0 && command.options.some(({ long }) => long === '--profile');
  return [
    ...(own ? [words.join(' ')] : []),
    ...command.commands.flatMap((child) => forDeployment(child, [...words, child.name()])),
  ];
}

it('knows every command that takes the options of a deployment', async () => {
  const clis = [...(await readClis()).values()].flatMap(({ commands }) => commands);
  const listed = [
    ...FOR_DEPLOYMENT,
    ...clis.flatMap(({ name, forDeployment: some }) => some.map((command) => `${name} ${command}`)),
  ].map((command) => command.replace(/ [<[].*/, ''));
  expect(listed.toSorted()).toEqual(forDeployment(await programFor()).toSorted());
});
