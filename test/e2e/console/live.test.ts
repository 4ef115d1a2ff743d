/** The views Live and One event in a browser: of the local cloud, and as on AWS with the permissions that the docs list. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Page, Request } from 'playwright-core';
import { lookUp, lookUpArchived } from '../../../bin/console/event/look';
import { resend } from '../../../bin/console/event/resend';
import { startConsole } from '../../../bin/console/server';
import { localClientConfig } from '../../../bin/local/client-config';
import { type Assembly, writeAssembly } from '../../../packages/local-cloud/test/template/fixture';
import { longestTask, seriousViolations, startBrowser, type TestBrowser } from '../../support/browser';
import { cliOf, startCli } from '../../support/cli';
import { LogSource } from '../../support/log-source';
import { type Meetbus, startMeetbus } from '../../support/meetbus';
import { PROJECT_ROOT } from '../../support/project';
import { until } from '../../support/until';

/** The actions in the row of a command in the table of permissions, and in the rows that it names. */
function actionsOf(command: string): string[] {
  const text = readFileSync(join(PROJECT_ROOT, 'docs', 'operations.md'), 'utf8');
  const row = text.split('\n').find((line) => line.startsWith(`| \`${command}\` `)) ?? '';
  const others = [...row.matchAll(/those of `([^`]+)`/g)].flatMap(([, name = '']) => actionsOf(name));
  return [...others, ...[...row.matchAll(/`([a-z0-9]+:[A-Z]\w+)`/g)].map(([, action = '']) => action)];
}

const READS = ['cloudformation:DescribeStacks', ...actionsOf('console')];
const CHANGES = actionsOf('console --allow-changes');

/** A role of this name that may do what these actions say, and that everybody in the account may assume. */
const roleOf = (RoleName: string, Action: readonly string[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName,
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::000000000000:root' } }],
    },
    Policies: [{ PolicyName: 'console', PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] } }],
  },
});

let operators: Assembly;
let meetbus: Meetbus;
let browser: TestBrowser;
let secrets: string[];
/** What a test that fails has not ended. */
let command: ReturnType<typeof startCli> | undefined;

beforeAll(async () => {
  const Resources = { Reader: roleOf('reader', READS), Changer: roleOf('changer', [...READS, ...CHANGES]) };
  operators = writeAssembly({ Resources }, {}, 'Operators');
  [meetbus, browser] = await Promise.all([startMeetbus(['--with', operators.folder]), startBrowser()]);
  const { SecretString = '' } = await meetbus.clients.secrets.send(
    new GetSecretValueCommand({ SecretId: 'meetbus/recall' }),
  );
  secrets = (JSON.stringify(JSON.parse(SecretString)).match(/"[^"]{16,}"/g) ?? []).map((text) => text.slice(1, -1));
  expect(secrets.length).toBeGreaterThan(1);
});
afterEach(() => browser.expectClean());
afterAll(async () => {
  command?.child.kill('SIGKILL');
  await browser.stop();
  await meetbus.stop();
  operators.remove();
});

const textOf = (page: Page): Promise<string> => page.evaluate('document.body.innerText');

/** Waits until the page shows a text; one that never comes fails with what the page shows instead. */
async function shows(page: Page, text: string | RegExp): Promise<void> {
  let last = '';
  const isThere = async () => {
    last = await textOf(page);
    return typeof text === 'string' ? last.includes(text) : text.test(last);
  };
  await until(isThere, `${text} on the page`).catch((error: Error) => {
    throw new Error(`${error.message} It shows:\n${last}`);
  });
}

/** The branches of trees are drawn when they are opened. */
const areAllOpen = (page: Page): Promise<boolean> =>
  page.evaluate(`(() => {
    const closed = [...document.querySelectorAll('details.tree:not([open])')];
    for (const branch of closed) branch.open = true;
    return closed.length === 0;
  })()`);

async function expectNoSecret(page: Page): Promise<void> {
  await until(() => areAllOpen(page), 'open trees');
  const html = await page.content();
  for (const secret of secrets) expect(html.includes(secret)).toBe(false);
}

const send = async (...args: readonly string[]): Promise<string> => {
  const { stdout } = await cliOf(meetbus)('send', ...args, '--json');
  return JSON.parse(stdout)[0].correlationId;
};

it('shows a delivery as it comes, and opens it with the keyboard', async () => {
  const page = await browser.open(meetbus.consoleUrl);
  await shows(page, 'Nothing has come yet.');
  const { printed, ended } = startCli(['send', 'recall', 'bot.in_call_recording', '--local', '--state', meetbus.state]);
  await until(() => printed.stdout.includes('200 accepted'), 'the answer');
  await shows(page, 'bot.in_call_recording');
  await shows(page, /bot\.status_changed[\s\S]*published[\s\S]*shared bus[\s\S]*\d+ ms/);
  expect((await ended).code).toBe(0);

  await page.getByRole('listbox').press('ArrowDown');
  await page.getByRole('listbox').press('Enter');
  await shows(page, 'What was made of it');
  await shows(page, '"meetbus.recall"');
  // The row that had the focus is gone: the keyboard goes on in the new view.
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  const text = await textOf(page);
  for (const place of ['request', 'proof', 'queue', 'consumer', 'intake bus', 'shared bus', 'rules']) {
    expect(text).toMatch(new RegExp(`${place}\\s+(passed|\\d match)`));
  }
  // What came, beside what became of it.
  expect(text).toContain('event: "bot.in_call_recording"');
  expect(text).toContain('providerevent: "bot.in_call_recording"');
  await page.getByText('log lines').click();
  await shows(page, '"outcome":"accepted"');
  await expectNoSecret(page);

  await page.goBack();
  await page.getByRole('option', { selected: true }).getByText('bot.in_call_recording').waitFor();
});

it('shows why a request was refused, keeps the filter in the address, and counts while it is paused', async () => {
  const page = await browser.open(meetbus.consoleUrl);
  await meetbus.post({ path: '/recall/webhooks', body: '{}' });
  await shows(page, 'verifier: missing_header');
  await page.getByLabel('Outcome').selectOption('refused');
  await until(
    async () => !(await page.getByRole('listbox').textContent())?.includes('published'),
    'refused ones alone',
  );
  expect(page.url()).toContain('#/live?outcome=refused');
  await page.getByRole('button', { name: 'Pause' }).click();
  await meetbus.post({ path: '/nowhere', body: '{}' });
  await shows(page, 'Resume (1 new)');
  expect(await textOf(page)).not.toContain('missing_authentication_token');
  await page.getByRole('button', { name: 'Resume (1 new)' }).click();
  await shows(page, 'gateway: 403 missing_authentication_token');
  await page.getByText('verifier: missing_header').click();
  await shows(page, 'missing_header, answered 401');
});

it('has no serious fault of accessibility, in light and dark, narrow and wide', async () => {
  const id = await send('recall', 'recording.done');
  const page = await browser.open(meetbus.consoleUrl);
  const check = async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [360, 1440]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        expect(await seriousViolations(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
    }
  };
  await shows(page, 'recording.ready');
  await check();
  await page.goto(`${meetbus.consoleUrl}#/event/${encodeURIComponent(id)}`);
  await shows(page, 'Who gets it on the shared bus');
  await check();
});

it('scrolls through ten thousand rows without keeping the browser busy', async () => {
  const source = await LogSource.start();
  source.addDeliveries(10_000);
  const local = { apiUrl: meetbus.outputs.ApiUrl, awsUrl: meetbus.awsUrl, providers: {} };
  const flags = { state: meetbus.state, stack: 'Meetbus' };
  const running = await startConsole({ deployment: { ...source.deployment, local }, flags, port: 0 });
  try {
    const page = await browser.open(running.url);
    const list = page.getByRole('listbox');
    const isThere = async () => /\b10000 shown · /.test(await textOf(page));
    const loading = await longestTask(page, () => until(isThere, 'ten thousand rows'));
    const atEnd = async () => (await list.getByRole('option').last().getAttribute('aria-posinset')) === '10000';
    const scrolling = await longestTask(page, async () => {
      for (let turn = 0; turn < 10; turn++) {
        await page.evaluate('document.querySelector(".deliveries").scrollBy(0, 20_000)');
      }
      for (const key of ['End', 'PageUp', 'PageUp', 'Home', 'PageDown', 'End']) await list.press(key);
      await until(atEnd, 'the end of the list');
    });
    expect(Math.max(loading, scrolling)).toBeLessThan(200);
    expect(await list.getByRole('option').count()).toBeLessThan(100);
    await browser.expectClean();
  } finally {
    await running.close();
    await source.close();
  }
});

/** Credentials of a session of the role. */
async function sessionOf(role: string) {
  const sts = new STSClient(localClientConfig(meetbus.awsUrl));
  const RoleArn = `arn:aws:iam::000000000000:role/${role}`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'console' }));
  sts.destroy();
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

it('works as on AWS, with the permissions that operations.md lists for reading', async () => {
  const id = await send('recall', 'bot.done');
  const { accessKeyId, secretAccessKey, sessionToken } = await sessionOf('reader');
  command = startCli(['console', '--port', '0'], {
    env: {
      ...{ AWS_ENDPOINT_URL: meetbus.awsUrl, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: accessKeyId },
      ...{ AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken, AWS_PROFILE: undefined },
    },
  });
  const { child, printed, ended } = command;
  await until(() => printed.stdout.includes('http://') || child.exitCode !== null, `the console's address`);
  const page = await browser.open(printed.stdout.trim());
  await shows(page, 'read only');
  await shows(page, /bot\.done[\s\S]*published/);
  await page.goto(`${printed.stdout.trim()}#/event/${encodeURIComponent(id)}`);
  await shows(page, /shared bus\s+passed/);
  expect(await textOf(page)).toContain('Start it with --allow-changes');
  // Each view has read what it shows, and nothing was denied. An answer with an error would be an error of the page.
  const asked = new Set<Request>();
  page.on('request', (request) => request.url().includes('/api/live') || asked.add(request));
  // One that a view no longer waits for has failed.
  page.on('requestfinished', (request) => asked.delete(request));
  page.on('requestfailed', (request) => asked.delete(request));
  for (const [view, shown] of [
    ['live', 'every'],
    ['refused', /Unrecognized|recognized/],
    ['dead-letters', 'transcript'],
    ['health', 'larm'],
    ['catalogue', 'bot.status_changed'],
  ] as const) {
    await page.goto(`${printed.stdout.trim()}#/${view}`);
    await shows(page, shown);
    await until(() => asked.size === 0, `the answers that ${view} waits for`);
    expect(await textOf(page)).not.toMatch(/not authorized|AccessDenied/);
  }
  await browser.expectClean();
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 0 });
});

it('reads the archive and sends an event again with the permissions that operations.md lists for changes', async () => {
  const id = await send('recall', 'bot.done');
  await meetbus.settled();
  const clientConfig = { ...localClientConfig(meetbus.awsUrl), credentials: await sessionOf('changer') };
  // What the local cloud needs no wait for is not waited for.
  const local = { apiUrl: meetbus.outputs.ApiUrl, awsUrl: meetbus.awsUrl, providers: {} };
  const deployment = { clientConfig, outputs: { ...meetbus.outputs }, local };
  const { signal } = new AbortController();
  const told = await lookUp(deployment, id, Date.now() - 3_600_000);
  const archived = await lookUpArchived(deployment, told, signal);
  expect(archived?.became).toMatchObject({ id: told.page.eventId });
  const [{ rule = '' } = {}] = archived?.receivers ?? [];
  const states: string[] = [];
  for await (const { state } of resend(deployment, told, { rule, bus: 'shared' }, signal)) states.push(state);
  expect(states).toEqual(['RUNNING', 'COMPLETED']);
});
