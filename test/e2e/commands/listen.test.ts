/** Events on the shared bus come to handlers on this machine, each at least once, and nothing stays behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { FastifyInstance } from 'fastify';
import { createServer } from '../../../examples/listen/server';
import { startCli } from '../../support/cli';
import { withAwsProxy } from '../../support/denying-aws';
import { exampleOf } from '../../support/examples';
import { type Meetbus, startMeetbus } from '../../support/meetbus';
import { operatorClients } from '../../support/operator';
import { PROJECT_ROOT } from '../../support/project';
import { expireLease, temporaryQueues } from '../../support/temporary-queues';
import { until } from '../../support/until';

const EVENTS = 1_000;

/** A tenth of the events, with which the handlers fail at first. */
const isFlaky = (id: string): boolean => id.endsWith('0');

/** A proxy at which nothing listens: what goes through it arrives nowhere. */
const PROXY = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' };

let meetbus: Meetbus;
let bus: Awaited<ReturnType<typeof operatorClients>>['eventBridge'];
beforeAll(async () => {
  meetbus = await startMeetbus();
  bus = (await operatorClients(meetbus)).eventBridge;
});
afterAll(() => meetbus.stop());

const servers: FastifyInstance[] = [];
const processes: ChildProcess[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  for (const child of processes.splice(0)) child.kill('SIGKILL');
});

const startListen = (url: string, ...args: readonly string[]) => startListenAt(meetbus.state, url, ...args);

const startListenAt = (state: string, url: string, ...args: readonly string[]) =>
  startCli(['listen', '--forward-to', url, ...args, '--local', '--state', state], { env: PROXY });

type Listen = ReturnType<typeof startListen>;

const waits = (listens: readonly Listen[]) =>
  until(() => listens.every(({ printed }) => printed.stderr.includes('Waiting')), 'subscriptions');

/** The example in Fastify, with work of the test. */
async function fastify(work: (id: string) => Promise<void>): Promise<string> {
  const server = createServer(({ id }) => work(id));
  await server.listen({ host: '127.0.0.1', port: 0 });
  servers.push(server);
  return `http://localhost:${(server.server.address() as AddressInfo).port}/events`;
}

/** The example in Python, whose work fails with some events at first; it prints the ids of those that it has handled. */
const FLAKY_PYTHON = `
import handler
seen = set()
def handle(event):
    if event["id"].endswith("0") and event["id"] not in seen:
        seen.add(event["id"])
        raise RuntimeError("not yet")
    print(event["id"], flush=True)
handler.handle = handle
handler.serve(0)
`;

async function python(): Promise<{ readonly url: string; readonly handled: () => string[] }> {
  const cwd = join(PROJECT_ROOT, 'examples', 'listen');
  const child = spawn('python3', ['-B', '-c', FLAKY_PYTHON], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(child);
  await once(child, 'spawn').catch((error: Error) => {
    throw new Error(`This test runs a handler in Python, so it needs python3: ${error.message}`);
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk));
  await until(() => printed.includes('\n'), 'the handler in Python');
  const [url = ''] = printed.split('\n');
  return { url, handled: () => printed.split('\n').slice(1, -1) };
}

/** Publishes so many events of new ids, as the operator may; returns the ids. */
async function publish(count: number): Promise<string[]> {
  const example = exampleOf('recording.ready');
  const ids = Array.from({ length: count }, (_, index) => `event-${performance.now()}-${index}`);
  for (let from = 0; from < count; from += 10) {
    const Entries = ids.slice(from, from + 10).map((id) => ({
      EventBusName: meetbus.outputs.SharedBusName,
      Source: example.source,
      DetailType: example.type,
      Detail: JSON.stringify({ ...example, id }),
    }));
    expect(await bus.send(new PutEventsCommand({ Entries }))).toMatchObject({ FailedEntryCount: 0 });
  }
  return ids;
}

/** Names of the rules and queues that were made. */
const traces = () => temporaryQueues(meetbus);

/** The actions that operations.md lists for `listen`, as those of `tail` and more. */
function documentedActions(): string[] {
  const page = readFileSync(join(PROJECT_ROOT, 'docs', 'operations.md'), 'utf8');
  const rows = page.match(/^\| `(?:tail|listen)` .*/gm) ?? [];
  return rows.flatMap((row) => row.match(/(?:events|sqs):\w+/g) ?? []);
}

/** The action that a call needs, such as `sqs:DeleteMessage` for `AmazonSQS.DeleteMessage`. */
const actionOf = (target: string): string => target.replace(/^AmazonSQS\./, 'sqs:').replace(/^AWSEvents\./, 'events:');

it('gives every event to a handler in Fastify and one in Python, both of which fail at first, and leaves nothing', async () => {
  const seen = new Set<string>();
  const handled: string[] = [];
  const url = await fastify(async (id) => {
    const isFirst = !seen.has(id);
    seen.add(id);
    if (isFirst && isFlaky(id)) throw new Error('not yet');
    handled.push(id);
  });
  const inPython = await python();
  const limit = ['--limit', String(EVENTS)];
  const listens = [
    startListen(url, ...limit, '--type', 'recording.*', '--json'),
    startListen(inPython.url, ...limit, '--mode', 'binary'),
  ];
  await waits(listens);
  const ids = await publish(EVENTS);
  const [structured, binary] = await Promise.all(listens.map(({ ended }) => ended));

  expect(handled.toSorted()).toEqual(ids.toSorted());
  expect(inPython.handled().toSorted()).toEqual(ids.toSorted());
  const failures = ids.filter(isFlaky).length;
  expect(failures).toBe(EVENTS / 10);
  const attempts = structured!.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(attempts.filter(({ outcome }) => outcome === 'delivered')).toHaveLength(EVENTS);
  expect(attempts.filter(({ outcome, status }) => outcome === 'failed' && status === 500)).toHaveLength(failures);
  expect(attempts.filter(({ attempt }) => attempt === 2)).toHaveLength(failures);
  expect(binary!.stdout.match(/ {2}500 .*\n {2}Attempt 1 of 6 failed\..*\n {2}RuntimeError: not yet$/gm)).toHaveLength(
    failures,
  );
  for (const ran of [structured, binary]) {
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(`${EVENTS} events delivered.`) });
  }
  expect(await traces()).toEqual([]);
});

it('leaves nothing at Ctrl-C and SIGTERM, in the middle of requests and before there is a handler', async () => {
  let requests = 0;
  const url = await fastify(() => {
    requests++;
    return new Promise(() => {});
  });
  const busy = startListen(url);
  const alone = startListen('http://127.0.0.1:9/events', '--format', 'lambda');
  await waits([busy, alone]);
  await publish(3);
  await until(() => requests === 3, 'requests');
  await until(() => alone.printed.stderr.includes('Nothing listens at http://127.0.0.1:9.'), 'a hint');
  busy.child.kill('SIGINT');
  alone.child.kill('SIGTERM');
  for (const { ended } of [busy, alone]) {
    expect(await ended).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('0 events delivered.') });
  }
  expect(await traces()).toEqual([]);
});

it('removes what a killed one has left behind, once its time is over, gives up in the end, and needs no more than is documented', async () => {
  const given: string[] = [];
  const url = await fastify(async (id) => {
    given.push(id);
    throw new Error('never');
  });
  const killed = startListen(url);
  await waits([killed]);
  await publish(1);
  await until(() => given.length > 0, 'a request');
  killed.child.kill('SIGKILL');
  await killed.ended;
  const [rule, queue] = await traces();
  expect(queue).toBe(rule);

  await expireLease(meetbus, String(rule));
  const used = new Set<string>();
  const watch = (target: string) => void used.add(actionOf(target));
  await withAwsProxy(meetbus, watch, async (state) => {
    const next = startListenAt(state, url, '--retries', '1', '--limit', '2');
    await waits([next]);
    expect(await traces()).not.toContain(rule);
    await publish(2);
    const { code, stdout, stderr } = await next.ended;
    expect(stdout.match(/Attempt 1 of 2 failed\. .* Again in 1 s\./g)).toHaveLength(2);
    expect(stdout.match(/Attempt 2 of 2 failed\. .* Given up: it will not come again\./g)).toHaveLength(2);
    expect([code, stderr]).toEqual([1, expect.stringContaining('0 events delivered, 2 events given up.')]);
  });
  expect(await traces()).toEqual([]);
  expect([...used].toSorted()).toEqual(documentedActions().toSorted());
});
