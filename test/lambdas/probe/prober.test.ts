/** The prober, in process: what it posts to an API, and what it measures of events that come back. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { post } from '../../../lambdas/probe/post';
import type { SentRun } from '../../../lambdas/probe/prober';
import { PROBED_FAMILIES } from '../../../providers/probe/types';
import { failing, startAws } from '../../support/aws-in-process';

const SECRET = 'meetbus/Meetbus/probe';
const [KEY, NEW_KEY] = ['a-key-of-the-probe-0001', 'a-key-of-the-probe-0002'];

interface Request {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let aws: Awaited<ReturnType<typeof startAws>>;
let api: Server;
let url: string;
let handler: (event: unknown) => Promise<SentRun | undefined>;
const requests: Request[] = [];
let statusOf: (request: Request) => number;

beforeAll(async () => {
  aws = await startAws();
  aws.secrets.create(SECRET, { value: { SecretString: JSON.stringify({ signingKeys: KEY }) } });
  api = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const seen = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    requests.push(seen);
    const status = statusOf(seen);
    // 0 is a server that hangs.
    if (status > 0) response.writeHead(status).end('{}');
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  url = `http://127.0.0.1:${(api.address() as AddressInfo).port}/v1/`;
  Object.assign(process.env, { API_URL: url, SECRET_NAME: SECRET });
  ({ handler } = await import('../../../lambdas/prober'));
});
beforeEach(() => {
  requests.length = 0;
  statusOf = () => 200;
});
afterAll(async () => {
  api.close();
  api.closeAllConnections();
  await aws.close();
});

/** The lines that something writes, as JSON. */
async function linesOf(run: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const written: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0),
  );
  try {
    await run();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return written.map((text) => JSON.parse(text));
}

/** Has the prober send, and keeps its lines out of the report. */
async function run(invocation: object): Promise<{ readonly sent: SentRun }> {
  let sent: SentRun | undefined;
  await linesOf(async () => {
    sent = await handler(invocation);
  });
  return { sent: sent! };
}

const isSignedWith = (key: string, { headers, body }: Request): boolean =>
  headers['probe-signature'] ===
  createHmac('sha256', key).update(`${headers['probe-timestamp']}.${body}`).digest('hex');

it('posts a signed delivery for each family to the route of the probe, and tells how each was answered', async () => {
  const { sent } = await run({ source: 'aws.events' });
  expect(requests.map(({ path }) => path)).toEqual(PROBED_FAMILIES.map(() => '/v1/probe/webhooks'));
  expect(requests.filter((request) => !isSignedWith(KEY, request))).toEqual([]);
  const bodies = requests.map(({ body }) => JSON.parse(body));
  expect(bodies.map(({ event }) => event).sort()).toEqual(PROBED_FAMILIES.map((family) => `probe.${family}`).sort());
  expect(new Set(bodies.map(({ run }) => run))).toEqual(new Set([sent.run]));
  expect(sent.attempts).toEqual(
    PROBED_FAMILIES.map((family) => ({ family, status: 200, milliseconds: expect.any(Number) })),
  );
});

it('leaves out runs of the schedule that Lambda has kept back, and sends those that are due', async () => {
  const scheduled = (ageMs: number) => ({ source: 'aws.events', time: new Date(Date.now() - ageMs).toISOString() });
  const lines = await linesOf(() => handler(scheduled(3 * 60_000)));
  expect(requests).toEqual([]);
  expect(lines).toMatchObject([{ level: 'WARN', message: 'probe_overdue' }]);
  await run(scheduled(60_000));
  expect(requests).toHaveLength(PROBED_FAMILIES.length);
});

it('measures each attempt, also one that is refused, and logs no key and no signature', async () => {
  statusOf = ({ body }) => (body.includes('probe.bot') ? 503 : 200);
  const lines = await linesOf(() => handler({}));
  const attempts = lines.filter((line) => 'ProbeAnswer' in line);
  expect(attempts).toHaveLength(PROBED_FAMILIES.length);
  expect(lines.filter(({ message }) => message === 'probe_not_accepted')).toMatchObject([
    { level: 'ERROR', family: 'bot', status: 503, error: { message: 'The API answered 503.' } },
  ]);
  // A failure is not tried again: the next run comes soon.
  expect(requests).toHaveLength(PROBED_FAMILIES.length);
  const text = JSON.stringify(lines);
  for (const { headers } of requests) expect(text).not.toContain(headers['probe-signature']);
  expect(text).not.toContain(KEY);
});

it('signs again with the new key where the key was replaced, and is accepted with every family', async () => {
  await run({});
  aws.secrets.put(aws.secrets.find(SECRET), { SecretString: JSON.stringify({ signingKeys: [KEY, NEW_KEY] }) });
  requests.length = 0;
  statusOf = (request) => (isSignedWith(NEW_KEY, request) ? 200 : 401);
  const { attempts } = (await run({})).sent;
  expect(attempts.map(({ status }) => status)).toEqual(PROBED_FAMILIES.map(() => 200));
  expect(requests).toHaveLength(2 * PROBED_FAMILIES.length);
});

it('goes on with its key while Secrets Manager is down', async () => {
  aws.break('GetSecretValue', failing);
  statusOf = () => 401;
  const { attempts } = (await run({})).sent;
  aws.mend();
  expect(attempts.map(({ status }) => status)).toEqual(PROBED_FAMILIES.map(() => 401));
});

it('waits for a response no longer than its deadline', async () => {
  statusOf = () => 0;
  const { status, error } = await post(new URL('probe/webhooks', url), { body: '{}', headers: {} }, 50);
  expect({ status, failed: error !== undefined }).toEqual({ status: undefined, failed: true });
});

const event = (id: string, ageMs: number) => ({
  source: 'meetbus-probe',
  'detail-type': 'probe.recording',
  detail: {
    ...{ id, type: 'probe.recording', receivedtime: new Date().toISOString() },
    data: { probe: { run: 'run-1', sentat: Date.now() - ageMs, consumedat: Date.now() } },
  },
});

const timesIn = (lines: readonly Record<string, unknown>[]) => lines.filter((line) => 'ProbeTime' in line);

it('measures an event that came back once, by its family too, and can be found by its run', async () => {
  const lines = await linesOf(async () => {
    await handler(event('event-1', 300));
    await handler(event('event-1', 300));
    await handler(event('event-2', 300));
  });
  expect(requests).toEqual([]);
  expect(timesIn(lines)).toHaveLength(2);
  expect(timesIn(lines)[0]).toMatchObject({ run: 'run-1', family: 'recording', ProbeTime: expect.any(Number) });
  expect(JSON.stringify(timesIn(lines)[0])).toContain('"Dimensions":[["service"],["service","family"]]');
});

it('measures one of an earlier minute, and none that comes when its absence has been reported', async () => {
  const lines = await linesOf(async () => {
    await handler(event('event-3', 90_000));
    await handler(event('event-4', 3 * 24 * 3_600_000));
  });
  expect(timesIn(lines).map(({ ProbeTime }) => Math.round(Number(ProbeTime) / 1_000))).toEqual([90]);
  expect(lines.filter(({ message }) => message === 'probe_too_late')).toHaveLength(1);
});
