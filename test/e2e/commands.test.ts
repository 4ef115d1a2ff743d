/** The commands of the README, run and read as a person does. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realtimekitMeeting, recallMeeting } from '../../samples/meeting';
import { type Meetbus, startMeetbus } from '../support/meetbus';
import { PROJECT_ROOT } from '../support/synth';

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a TypeScript file of the project; what it printed comes without colours. */
const run = (...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const tsx = join(PROJECT_ROOT, 'node_modules', '.bin', 'tsx');
    execFile(tsx, args, { cwd: PROJECT_ROOT, env: { ...process.env, NO_COLOR: '1' } }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    );
  });

it('npm run demo plays both meetings, shows every event once, and ends with 0', async () => {
  const { code, output } = await run('local/demo.ts');
  expect(code).toBe(0);
  const options = { seed: 'any', start: new Date() };
  const names = [...recallMeeting(options), ...realtimekitMeeting(options)].map(
    ({ route, event }) => `${route} ${event}`,
  );
  for (const name of new Set(names)) {
    const lines = output.split('\n').filter((line) => line.trimStart().startsWith(`${name} `));
    expect(lines).toHaveLength(names.filter((other) => other === name).length);
    for (const line of lines) expect(line).toMatch(/ 200 accepted +\w+\.\w+ /);
  }
  expect(output).toContain(`✓ ${names.length} deliveries, ${names.length} of them on the shared bus exactly once.`);
}, 60_000);

describe('meetbus send', () => {
  let meetbus: Meetbus;
  beforeAll(async () => {
    meetbus = await startMeetbus();
  });
  afterAll(() => meetbus.stop());
  const send = (...args: readonly string[]) => run('bin/meetbus.ts', 'send', ...args, '--state', meetbus.state);

  it.each([
    ['recall', 'bot.in_call_recording', 'bot.status_changed'],
    ['recall', 'participant_events.join', 'participant.joined'],
    ['realtimekit', 'meeting.started', 'meeting.started'],
  ])('sends %s %s, which arrives as %s', async (provider, event, type) => {
    const shared = await meetbus.subscribeToAll('shared');
    const { code, output } = await send(provider, event, '--local');
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`${event}: 200 accepted  correlationid \\S+`));
    const [received] = await shared.collect(1);
    expect(received).toMatchObject({ type, detail: { providerevent: event } });
    expect(output).toContain(String(received?.detail.correlationid));
  });

  it.each([
    [['recall', 'bot.done'], "required option '--local'"],
    [['zoom', 'bot.done', '--local'], 'Allowed choices are recall, realtimekit'],
    [['recall', 'bot.flew', '--local'], 'There is no sample of bot.flew'],
  ])('refuses %j, and says why', async (args, message) => {
    const { code, output } = await send(...args);
    expect(code).toBe(1);
    expect(output).toContain(message);
  });

  it('lists the names where none is given', async () => {
    const { output } = await send('realtimekit', '--local');
    expect(output.trim().split('\n')).toContain('livestreaming.statusUpdate');
  });

  it('says how to start a local cloud where none runs', async () => {
    const nowhere = mkdtempSync(join(tmpdir(), 'meetbus-none-'));
    const { code, output } = await run('bin/meetbus.ts', 'send', 'recall', 'bot.done', '--local', '--state', nowhere);
    expect(code).toBe(1);
    expect(output.trim()).toBe('No local cloud is running. Start one in another terminal: npm start');
  });
});
