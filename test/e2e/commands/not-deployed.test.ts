/** What commands say about a provider that they know, and that is not deployed: one line, which says how to deploy it. */
import { BUILT_IN, DEFAULT_PROVIDERS } from '../../../providers';
import type { Provider } from '../../../providers/provider';
import { cliOf, type Ran } from '../../support/cli';
import { type Meetbus, startMeetbus } from '../../support/meetbus';

const DEPLOYED = DEFAULT_PROVIDERS.map(({ provider }) => provider);
const OTHERS: readonly Provider[] = Object.values(BUILT_IN)
  .map((factory) => factory())
  .filter(({ name }) => !DEPLOYED.includes(name));

let meetbus: Meetbus;
let cli: (...args: readonly string[]) => Promise<Ran>;
beforeAll(async () => {
  meetbus = await startMeetbus();
  cli = cliOf(meetbus);
});
afterAll(() => meetbus.stop());

it.each(OTHERS)('$name: says how to start the local cloud with it', async ({ name, title, secret, sandbox }) => {
  const [event = ''] = (await sandbox?.())?.sandbox.events ?? [];
  const [kind] = secret?.entries ?? [];
  const ran = await Promise.all([
    cli('send', name, event),
    cli('secrets', 'set', name),
    cli('secrets', 'add', kind?.kind ?? '', name),
  ]);
  const providers = JSON.stringify([...DEPLOYED, name]);
  const line = `The local cloud runs without ${title}. Start it with -c meetbus='{"providers":${providers}}', or add ${name} to your app.\n`;
  for (const one of ran) expect(one).toEqual({ code: 1, stdout: '', stderr: line });
});

it('the doctor and "secrets show" are silent about them', async () => {
  const [doctor, secrets] = await Promise.all([cli('doctor', '--json'), cli('secrets', 'show', '--json')]);
  for (const { code, stdout } of [doctor, secrets]) {
    expect(code).toBe(0);
    for (const { name, title } of OTHERS) {
      expect(stdout).toContain(DEPLOYED[0]);
      expect(stdout).not.toContain(name);
      expect(stdout).not.toContain(title);
    }
  }
});
