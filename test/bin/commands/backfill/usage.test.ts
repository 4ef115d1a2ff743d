/** What `meetbus backfill` refuses before it looks for a deployment or calls an API. */
import { programFor } from '../../../../bin/program';

const ENVIRONMENT = ['RECALL_API_KEY', 'RECALL_REGION', 'RECALL_BASE_URL'];
const kept = Object.fromEntries(ENVIRONMENT.map((name) => [name, process.env[name]]));
beforeEach(() => {
  for (const name of ENVIRONMENT) delete process.env[name];
});
afterAll(() => {
  for (const [name, value] of Object.entries(kept)) if (value !== undefined) process.env[name] = value;
});

it.each<[string, string[], RegExp]>([
  ['a provider whose API is not read', ['zoom'], /^There is no backfill for Zoom: Meetbus does not read its API\.$/],
  ['a provider that there is not', ['nobody'], /nobody/],
  ['no key', ['recall'], /^Set RECALL_REGION/],
  [
    'a time too long ago',
    ['recall', '--since', '31d'],
    /^Meetbus remembers for 35 days what it has published: --since 30d at most\.$/,
  ],
  ['a subject of another kind', ['recall', '--subject', 'meeting/1'], /^--subject takes bot\/<id>\.$/],
  ['a subject that leaves its path', ['recall', '--subject', 'bot/../x'], /^--subject takes bot\/<id>\.$/],
  ['an end before the start', ['recall', '--since', '1h', '--until', '-2h'], /^--until must be later/],
  ['a start that may not have come yet', ['recall', '--since', '1m'], /^--until must be later/],
])('%s', async (_, args, message) => {
  const program = await programFor('backfill');
  program.commands[0]?.configureOutput({ writeErr: () => {} });
  await expect(program.parseAsync(['backfill', ...args], { from: 'user' })).rejects.toThrow(message);
});
