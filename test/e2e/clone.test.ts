/** The sources of a clone run as they are: `npx meetbus` compiles them as it starts. The other tests start them bundled. */
import { type Ran, runCli } from '../support/cli';
import { SOURCES as program } from '../support/command-line';
import { type Meetbus, startMeetbus } from '../support/meetbus';

let meetbus: Meetbus;
beforeAll(async () => {
  meetbus = await startMeetbus([], { program });
});
afterAll(() => meetbus.stop());

const npxMeetbus = (...args: readonly string[]): Promise<Ran> => runCli(args, { program });
const local = (...args: readonly string[]): Promise<Ran> => npxMeetbus(...args, '--local', '--state', meetbus.state);

it('loads every command for the help', async () => {
  const bundled = await runCli(['--help']);
  expect(await npxMeetbus('--help')).toEqual({ code: 0, stdout: bundled.stdout, stderr: '' });
});

it('sends a delivery to its local cloud, where it arrives', async () => {
  const shared = await meetbus.subscribeToAll('shared');
  expect(await local('send', 'recall', 'bot.in_call_recording')).toMatchObject({ code: 0, stderr: '' });
  const [received] = await shared.collect(1);
  expect(received?.type).toBe('bot.status_changed');
});

it('finds nothing wrong with its local cloud', async () => {
  expect(await local('doctor')).toMatchObject({ code: 0, stderr: '' });
});
