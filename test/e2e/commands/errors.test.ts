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
  writeFileSync(join(state, 'local.json'), JSON.stringify({ apiUrl: OUTPUTS.ApiUrl, awsUrl, providers: {} }));
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
      stderr: `The local cloud of ${state} does not answer. Start it in another terminal: npx meetbus local\n`,
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

it.each([
  ['Foo', ''],
  ['Metbus', 'Did you mean Meetbus? '],
])('says that the local cloud has no stack %s, and which there are', async (stack, question) => {
  expect(await local(stateOf(url), 'doctor', '--stack', stack)).toEqual({
    code: 1,
    stdout: '',
    stderr: `There is no stack ${stack} in the local cloud. ${question}Name it with --stack; there are: Meetbus.\n`,
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

describe('a profile that is not there', () => {
  const config = join(folder, 'config');
  const credentials = join(folder, 'credentials');
  writeFileSync(config, '[default]\nregion = eu-west-1\n[profile staging]\n[sso-session nope]\n# [profile nope]\n');
  writeFileSync(credentials, '[production]\naws_access_key_id = x\n');
  const env = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials };

  it.each([
    ['nope', 'There is no AWS profile nope. There are: default, staging, production.'],
    ['stagin', 'There is no AWS profile stagin. Did you mean staging? There are: default, staging, production.'],
  ])('%s is told as that', async (profile, stderr) => {
    const ran = await runCli(['doctor', '--profile', profile], { env });
    expect(ran).toEqual({ code: 2, stdout: '', stderr: `${stderr}\n` });
  });

  it('is told as that where there is none at all', async () => {
    const ran = await runCli(['doctor', '--profile', 'nope'], {
      env: { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' },
    });
    expect(ran).toMatchObject({
      code: 2,
      stderr: 'There is no AWS profile nope. There are none: aws configure makes one.\n',
    });
  });
});

it.each([
  [['send', 'recall', 'bot.don'], 'Did you mean bot.done?'],
  [['dlq', 'peek', 'transcrit'], 'Did you mean transcript?'],
])('%j is wrong usage, and told what was meant', async (args, question) => {
  expect(await local(stateOf(gone), ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(question) });
});

describe('a connection that fails is told with its cause', () => {
  const at = (endpoint: string) =>
    runCli(['doctor', '--region', 'us-east-1'], {
      env: { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_ENDPOINT_URL: endpoint, AWS_MAX_ATTEMPTS: '1' },
    });

  it('nobody who listens', async () => {
    const { code, stderr } = await at(gone);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('(nothing listens there)') });
    expect(stderr).toContain('ECONNREFUSED');
  });

  it('TLS where there is none', async () => {
    const { code, stderr } = await at(url.replace('http:', 'https:'));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/WRONG_VERSION_NUMBER|wrong version number/),
    });
  });
});
