/** What a command says where there is no Meetbus to reach: in one line, with what to do. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../support/cli';

const folder = mkdtempSync(join(tmpdir(), 'meetbus-errors-'));

/** The address of a gateway whose AWS is down. */
let url: string;
let server: Server;
/** An address where nobody listens any more. */
let gone: string;

beforeAll(async () => {
  const urlOf = (of: Server) => `http://127.0.0.1:${(of.address() as AddressInfo).port}`;
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html>\n<body>Bad gateway</body>\n</html>');
  }).listen(0, '127.0.0.1');
  const closed = createServer().listen(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(closed, 'listening')]);
  [url, gone] = [urlOf(server), urlOf(closed)];
  await new Promise((resolve) => closed.close(resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const OUTPUTS = {
  ApiUrl: 'http://127.0.0.1:9/',
  RecallSecretName: 'meetbus/recall',
  SharedBusName: 'Meetbus-shared',
  SharedArchiveArn: 'arn:aws:events:us-east-1:000000000000:archive/a',
};

/** State files as a local cloud leaves them that was killed. */
function stateOf(awsUrl: string, outputs = JSON.stringify({ Meetbus: OUTPUTS })): string {
  const state = mkdtempSync(join(folder, 'state-'));
  writeFileSync(join(state, 'local.json'), JSON.stringify({ apiUrl: OUTPUTS.ApiUrl, awsUrl, secretNames: {} }));
  writeFileSync(join(state, 'outputs.json'), outputs);
  return state;
}

const local = (state: string, ...args: readonly string[]) => runCli([...args, '--local', '--state', state]);

it.each([[['tail']], [['secrets', 'show']], [['send', 'recall', 'bot.done']], [['replay']]])(
  '%j says that the local cloud does not answer, which was killed',
  async (args) => {
    const state = stateOf(gone);
    expect(await local(state, ...args)).toEqual({
      code: 1,
      stdout: '',
      stderr: `The local cloud of ${state} does not answer. Start it in another terminal: npm start\n`,
    });
  },
);

it('says in a line with the status what a gateway answers in the place of AWS', async () => {
  const { code, stderr } = await local(stateOf(url), 'secrets', 'show');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^AWS answered 502, not in its own .+\n$/),
  });
});

it('names the folder in which no local cloud runs, and how to name another', async () => {
  for (const state of [join(folder, 'nowhere'), stateOf(url, ''), stateOf(url, '{"Meetb'), stateOf(url, 'null')]) {
    const { code, stderr } = await local(state, 'doctor');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`No local cloud is running in ${state}.`),
    });
    expect(stderr).toContain('--state <folder>');
  }
});

it('says that the local cloud has no stack of that name, and which there are', async () => {
  expect(await local(stateOf(url), 'doctor', '--stack', 'Foo')).toEqual({
    code: 1,
    stdout: '',
    stderr: 'There is no stack Foo in the local cloud. Name it with --stack; there are: Meetbus.\n',
  });
});

it.each([
  ['no region', [], 'Region is missing.'],
  ['no credentials', ['--region', 'us-east-1'], 'Could not load credentials from any providers.'],
])('says how to name an account with %s', async (_, args, message) => {
  const nobody = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nowhere',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  };
  const unset = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  const env = { ...nobody, ...Object.fromEntries(unset.map((name) => [name, undefined])) };
  expect(await runCli(['doctor', ...args], { env })).toEqual({
    code: 1,
    stdout: '',
    stderr: `${message} Say --region and --profile, or --local for the local cloud.\n`,
  });
});
