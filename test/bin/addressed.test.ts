/** A command that is printed can be run as it stands. */
import { addressed, addressTo } from '../../bin/addressed';

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
  ['"npx meetbus recall endpoint".', '"npx meetbus recall endpoint X".'],
  ['npx meetbus realtimekit webhooks sync --prune', 'npx meetbus realtimekit webhooks sync X --prune'],
  ['npx meetbus query refusals-by-reason. Then', 'npx meetbus query refusals-by-reason X. Then'],
  ['npx meetbus dlq delete <message id>', 'npx meetbus dlq delete <message id> X'],
  ['npx meetbus secrets set (what', 'npx meetbus secrets set X (what'],
  ['npx meetbus realtimekit webhooks get <id>', 'npx meetbus realtimekit webhooks get <id>'],
  ['npx meetbus needs Node.js', 'npx meetbus needs Node.js'],
])('%s', (text, command) => {
  addressTo({ region: 'X' });
  expect(addressed(text)).toBe(command.replaceAll(' X', ' --region X'));
});
