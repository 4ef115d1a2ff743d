/** Tests of `examples/provider`: an app of its own that installs Meetbus, and brings a provider that Meetbus does not know. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PIPED } from '../support/cli';
import { PROJECT_ROOT } from '../support/project';
import { until } from '../support/until';
import { type Ended, installProvider, linkModules, type Packed, type Stranger } from './stranger';

/** What the page tells people to run. */
const COMMANDS = {
  test: 'npm test',
  synth: 'npx cdk synth --quiet',
  local: 'npx meetbus local',
  send: 'npx meetbus send acme whiteboard.exported --local',
  tail: 'npx meetbus tail --local',
  secrets: 'npx meetbus secrets show --local',
  doctor: 'npx meetbus doctor --local',
} as const;

const MEETBUS = 'node_modules/.bin/meetbus';

/** The tests, which `package.test.ts` runs: the packages are built once for all of them. */
export function ownProviderTests(installed: () => Packed): void {
  let app: Stranger;
  beforeAll(() => {
    app = installProvider(installed());
  });
  afterAll(() => app?.close());

  const shell = (command: string) => app.run('sh', '-c', command);

  it.each(['docs/providers.md', 'examples/provider/README.md'])('runs all that %s tells people to run', (page) => {
    const text = readFileSync(join(PROJECT_ROOT, page), 'utf8');
    const lines = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, code = '']) => code.trim().split('\n'));
    const own = lines.filter((line) => !line.startsWith('npm install '));
    expect(own.length).toBeGreaterThan(0);
    expect(Object.values(COMMANDS)).toEqual(expect.arrayContaining(own));
  });

  it('says what to install where the runtime cannot be compiled', () => {
    const esbuild = join(app.folder, 'node_modules', 'esbuild');
    rmSync(esbuild);
    const { code, stderr } = shell(COMMANDS.synth);
    linkModules(app, ['esbuild']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /acme\/runtime must be bundled, which needs esbuild\. Install it: npm install --save-dev esbuild/,
    );
  });

  it('compiles under strict, with the declarations checked', () => {
    expect(shell('npx tsc')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('passes the conformance suite under the test runner of Node.js', () => {
    const { code, stdout } = shell(COMMANDS.test);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S+ pass [1-9]\d*$/m) });
  });

  it('synthesizes, with the runtime beside the code of its functions', () => {
    expect(shell(COMMANDS.synth)).toMatchObject({ code: 0 });
    const template = readFileSync(join(app.folder, 'cdk.out', 'Meetbus.template.json'), 'utf8');
    expect(template).toContain('AcmeWebhooks');
  });

  describe('in the local cloud', () => localTests(() => app));
}

/** Tests of the app in the local cloud. */
function localTests(app: () => Stranger): void {
  let local: Started;
  beforeAll(async () => {
    if (!existsSync(join(app().folder, 'cdk.out', 'manifest.json'))) app().run('sh', '-c', COMMANDS.synth);
    local = start(app(), `${COMMANDS.local} --port 0 --aws-port 0`);
    const outputs = join(app().folder, '.meetbus', 'outputs.json');
    await until(() => existsSync(outputs) || local.child.exitCode !== null, 'the local cloud');
    if (local.child.exitCode !== null) throw new Error(`It has ended:\n${local.printed.stdout}${local.printed.stderr}`);
  });
  afterAll(async () => {
    local?.child.kill('SIGINT');
    await local?.ended;
  });

  it('publishes its events on the shared bus, each once, and refuses what is tampered with', async () => {
    const tail = start(app(), `${COMMANDS.tail} --json --limit 3 --timeout 1m`);
    await until(() => tail.printed.stderr.includes('Waiting'), 'the tail');
    expect(run(app(), COMMANDS.send)).toMatchObject({ code: 0, stdout: expect.stringContaining('200 accepted') });

    const post = await senderTo(app());
    const opened = roomOpened('evt_opened');
    expect(await post(opened)).toEqual([200, 'accepted']);
    expect(await post(opened)).toEqual([200, 'duplicate']);
    expect(await post(roomOpened('evt_forged'), opened)).toEqual([401, 'unauthorized']);
    expect(await post(roomOpened('evt_last'))).toEqual([200, 'accepted']);

    await tail.ended;
    const events = tail.printed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const ids = events.map(({ detail }) => detail.deliveryid).sort();
    expect(ids).toEqual([expect.stringMatching(/^evt_[0-9a-f]{16}$/), 'evt_last', 'evt_opened']);
    expect(events).toContainEqual(
      expect.objectContaining({
        source: 'meetbus.acme',
        'detail-type': 'media.ready',
        detail: expect.objectContaining({
          ...{ provider: 'acme', providerevent: 'whiteboard.exported', proof: 'signature' },
          data: expect.objectContaining({ media: { id: expect.any(String), kind: 'whiteboard' } }),
        }),
      }),
    );
    expect(tail.printed.stdout).not.toContain('host-key-of');
  });

  it('is known to the commands', () => {
    expect(run(app(), COMMANDS.secrets)).toMatchObject({ code: 0, stdout: expect.stringContaining('meetbus/acme') });
    expect(run(app(), COMMANDS.doctor)).toMatchObject({
      stdout: expect.stringMatching(/secret of Acme Rooms[^\n]*1 usable entries[\s\S]*\/acme\/webhooks/),
    });
  });
}

/** The body of a delivery, with a credential in it. */
const roomOpened = (id: string): string =>
  JSON.stringify({
    ...{ id, type: 'room.opened', at: new Date().toISOString() },
    room: { id: `room-of-${id}`, name: 'Planning', hostKey: `host-key-of-${id}` },
  });

/** Makes the function that posts a body with the signature of another, or its own, and returns status and outcome. */
async function senderTo({ folder }: Stranger) {
  const { apiUrl, awsUrl } = JSON.parse(readFileSync(join(folder, '.meetbus', 'local.json'), 'utf8'));
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new SecretsManagerClient({ endpoint: awsUrl, region: 'us-east-1', credentials });
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: 'meetbus/acme' }));
  client.destroy();
  const [key = ''] = JSON.parse(SecretString).signingKeys;
  return async (body: string, signed = body) => {
    const time = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', key).update(`${time}.${signed}`).digest('hex');
    const headers = { 'acme-timestamp': `${time}`, 'acme-signature': `sha256=${signature}` };
    const response = await fetch(`${apiUrl}acme/webhooks`, { method: 'POST', headers, body });
    return [response.status, ((await response.json()) as { readonly status: string }).status];
  };
}

/** Words of a command, as Node.js runs it: a signal must reach the command, which `npx` is not. */
const wordsOf = (command: string): string[] => command.replace('npx meetbus', MEETBUS).split(' ');

const run = (app: Stranger, command: string): Ended => app.run('node', ...wordsOf(command));

/** A command that runs on. */
interface Started {
  readonly child: ChildProcess;
  readonly printed: { stdout: string; stderr: string };
  readonly ended: Promise<unknown>;
}

function start({ folder }: Stranger, command: string): Started {
  const env = { ...process.env, ...PIPED };
  const child = spawn('node', wordsOf(command), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk) => (printed[name] += chunk));
  return { child, printed, ended: once(child, 'close') };
}
