/** The first try of a delivery goes wrong, and its provider gives up soon: it is taken while that provider still tries. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { comeBackAfter, setFaults, settled, struck } from '../../support/faults';
import type { Meetbus } from '../../support/meetbus';
import { startWorld, type World, warmUp } from '../../support/providers';
import type { Subscription } from '../../support/subscription';
import { copiesOf, inShort, KILLS, ROUTES } from './faults';

/** What RealtimeKit's predecessor published: three more tries, a second apart. Then the event is lost. */
const RETRIES = 3;
const RETRY_AFTER_MS = 1_000;

interface Call extends Pick<FaultRule, 'service' | 'operation'> {
  /** Faults that bring the verifier to the call. */
  readonly also?: readonly FaultRule[];
  /** The call is made by a fresh environment only. */
  readonly isCold?: true;
}

const REALTIMEKIT = 'Realtimekit';
const sqsFails: FaultRule = { service: 'sqs', operation: 'SendMessage', fault: 'error', functionName: REALTIMEKIT };

/** Every call of RealtimeKit's verifier. */
const CALLS: readonly Call[] = [
  { service: 'dynamodb', operation: 'GetItem', isCold: true },
  { service: 'secretsmanager', operation: 'GetSecretValue', isCold: true },
  { service: 'dynamodb', operation: 'PutItem' },
  { service: 'sqs', operation: 'SendMessage' },
  { service: 's3', operation: 'PutObject', also: [sqsFails] },
  { service: 'dynamodb', operation: 'UpdateItem' },
];
const CASES = CALLS.flatMap((call) => KILLS.map((fault) => ({ ...call, fault })));

const nameOf = ({ operation, fault }: Pick<FaultRule, 'operation' | 'fault'>) => `${fault} ${operation}`;

let world: World;
let shared: Subscription;
beforeAll(async () => {
  world = await startWorld();
  await comeBackAfter(world.meetbus, 3);
  await warmUp(world);
  shared = await world.meetbus.subscribeToAll('shared');
});
afterAll(() => world.close());

/** Ends the environment of the verifier: the next delivery finds a fresh one. */
async function killEnvironment(): Promise<void> {
  const { meetbus } = world;
  const [service, operation, fault] = ['dynamodb', 'PutItem', 'kill_before'] as const;
  await setFaults(meetbus, { service, operation, fault, count: 1, functionName: REALTIMEKIT });
  await meetbus.post(ROUTES['/realtimekit/webhooks']!(world, randomUUID()));
  await struck(meetbus, 1);
}

/** Posts as RealtimeKit does. */
async function postWithRetries(marker: string): Promise<string[]> {
  const delivery = ROUTES['/realtimekit/webhooks']!(world, marker);
  const answers: string[] = [];
  while (answers.length <= RETRIES && !answers.at(-1)?.startsWith('200')) {
    if (answers.length > 0) await sleep(RETRY_AFTER_MS);
    answers.push(inShort(await world.meetbus.post(delivery)));
  }
  return answers;
}

/** What functions have logged, metrics too. */
const logLines = (meetbus: Meetbus): Record<string, unknown>[] =>
  meetbus
    .functionLog()
    .toString()
    .split('\n')
    .filter((line) => line.includes('{'))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>);

/** Has the verifier die once at this call, while a delivery is posted. */
async function dieAt({ service, operation, fault, also = [], isCold }: (typeof CASES)[number]) {
  const { meetbus } = world;
  const marker = randomUUID();
  if (isCold) await killEnvironment();
  await setFaults(meetbus, ...also, { service, operation, fault, count: 1, functionName: REALTIMEKIT });
  const answers = await postWithRetries(marker);
  await setFaults(meetbus);
  await settled(meetbus);
  return { marker, answers };
}

it.each(CASES.map((one) => [nameOf(one), one] as const))(
  'the verifier dies: %s; the delivery is taken at the first retry at the latest, and published once',
  async (_, one) => {
    const { marker, answers } = await dieAt(one);
    // Killed after a call, it may be quick enough to answer all the same.
    if (one.fault !== 'kill_after' || answers.length > 1) expect(answers[0]).toBe('502');
    expect(answers.length).toBeLessThanOrEqual(2);
    expect(answers.at(-1)).toMatch(/^200 (accepted|duplicate)$/);
    expect(copiesOf(marker, await shared.drain())).toBe(1);
  },
);

it('what is taken while a lock is held is not counted as accepted: two messages of one delivery become one event', async () => {
  const before = logLines(world.meetbus).length;
  const { marker } = await dieAt({ service: 'dynamodb', operation: 'UpdateItem', fault: 'kill_before' });
  await world.meetbus.post(ROUTES['/realtimekit/webhooks']!(world, randomUUID()));
  await settled(world.meetbus);
  const lines = logLines(world.meetbus).slice(before);
  // A verifier writes both lines of a delivery in a row; one that dies in between has written the first alone.
  const metrics = lines.filter((line) => line.provider === 'realtimekit' && ('Delivery' in line || 'Accepted' in line));
  const counted = metrics.flatMap(({ Accepted }, index) =>
    Accepted === undefined ? [] : [`${metrics[index - 1]?.outcome}: ${Number(Accepted)}`],
  );
  expect(counted).toEqual(['accepted_again: 0', 'accepted: 1']);
  expect(copiesOf(marker, await shared.drain())).toBe(1);
});
