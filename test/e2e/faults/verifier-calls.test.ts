/** Every AWS call of the verifiers goes wrong in every way: what the sender is told, and that nothing is lost or doubled. */
import { randomUUID } from 'node:crypto';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { LARGE } from '../../support/deliveries';
import { comeBackAfter, setFaults, settled, VERIFIERS } from '../../support/faults';
import type { HttpDelivery } from '../../support/http';
import { startWorld, type World, warmUp } from '../../support/providers';
import type { BusEvent } from '../../support/subscription';
import { until } from '../../support/until';
import { CALL_FAULTS, copiesOf, FAULTS, inShort, ROUTES, sendUntilAccepted } from './faults';

/** One AWS call of a verifier, and what senders are told when it goes wrong. */
interface VerifierCall extends Pick<FaultRule, 'service' | 'operation'> {
  readonly what: string;
  /** Faults that bring the verifier to the call. */
  readonly also?: readonly FaultRule[];
  /** The call is made for a large body only. */
  readonly padding?: string;
  /** The call is made by a fresh environment only, of these routes. */
  readonly coldRoutes?: readonly string[];
  /** The answer where the call fails. A verifier that dies is answered for by API Gateway: 502. */
  readonly answer: '200 accepted' | '503 unavailable';
  /** With the call, the delivery is done: a retry is a duplicate. */
  readonly isDone?: true;
}

const sqsFails: FaultRule = { service: 'sqs', operation: 'SendMessage', fault: 'error', functionName: VERIFIERS };
const s3Fails: FaultRule = { service: 's3', operation: 'PutObject', fault: 'error', functionName: VERIFIERS };

const CALLS: readonly VerifierCall[] = [
  { what: 'lock a delivery', service: 'dynamodb', operation: 'PutItem', answer: '200 accepted' },
  {
    what: 'mark a delivery as done',
    service: 'dynamodb',
    operation: 'UpdateItem',
    answer: '200 accepted',
    isDone: true,
  },
  {
    what: 'release a delivery that could not be sent',
    service: 'dynamodb',
    operation: 'DeleteItem',
    also: [sqsFails, s3Fails],
    answer: '503 unavailable',
  },
  { what: 'send', service: 'sqs', operation: 'SendMessage', answer: '200 accepted' },
  {
    what: 'store a delivery that could not be sent',
    service: 's3',
    operation: 'PutObject',
    also: [sqsFails],
    answer: '503 unavailable',
  },
  { what: 'store a large body', service: 's3', operation: 'PutObject', padding: LARGE, answer: '200 accepted' },
  {
    what: 'read the secret',
    service: 'secretsmanager',
    operation: 'GetSecretValue',
    coldRoutes: ['/recall/webhooks', '/recall/realtime'],
    answer: '503 unavailable',
  },
  {
    what: 'read the stored key',
    service: 'dynamodb',
    operation: 'GetItem',
    coldRoutes: ['/realtimekit/webhooks'],
    answer: '200 accepted',
  },
];

const nameOf = ({ service, operation, what }: VerifierCall) => `${service}.${operation}, to ${what}`;
const CASES = CALLS.flatMap((call) => FAULTS.map((fault) => ({ call, fault, name: `${nameOf(call)}: ${fault}` })));

/** One delivery, and what its sender was told while the fault lasted and after. */
interface Sent {
  readonly route: string;
  readonly marker: string;
  readonly delivery: HttpDelivery;
  readonly answers: string[];
}

let world: World;
let events: readonly BusEvent[];
const sent = new Map<string, readonly Sent[]>();

const sendTo = (routes: readonly string[], padding?: string): Promise<Sent[]> =>
  Promise.all(
    routes.map(async (route) => {
      const marker = randomUUID();
      const delivery = ROUTES[route]!(world, marker, padding);
      return { route, marker, delivery, answers: [inShort(await world.meetbus.post(delivery))] };
    }),
  );

/** Ends the environments of the routes: the next delivery finds a fresh one. */
async function killEnvironments(routes: readonly string[]): Promise<void> {
  const [service, operation, fault] = ['dynamodb', 'PutItem', 'kill_before'] as const;
  await setFaults(world.meetbus, { service, operation, fault, functionName: VERIFIERS });
  // One that has no secret answers 503 for two seconds, and calls nobody.
  for (const route of routes)
    await until(async () => (await sendTo([route]))[0]?.answers[0] === '502', `the end of ${route}`);
}

beforeAll(async () => {
  world = await startWorld();
  await warmUp(world);
  const { meetbus } = world;
  const shared = await meetbus.subscribeToAll('shared');
  await comeBackAfter(meetbus, 3);
  for (const { call, fault, name } of CASES) {
    const { service, operation, also = [], padding, coldRoutes } = call;
    if (coldRoutes) await killEnvironments(coldRoutes);
    await setFaults(meetbus, ...also, { service, operation, fault, functionName: VERIFIERS });
    sent.set(name, await sendTo(coldRoutes ?? Object.keys(ROUTES), padding));
  }
  await setFaults(meetbus);
  const refused = [...sent.values()].flat().filter(({ answers }) => !answers[0]?.startsWith('200'));
  await Promise.all(
    refused.map(async ({ delivery, answers }) => answers.push(await sendUntilAccepted(() => meetbus, delivery))),
  );
  await settled(meetbus);
  events = await shared.drain();
}, 600_000);
afterAll(() => world.close());

describe.each(CALLS.map((call) => [nameOf(call), call] as const))('%s', (name, { answer, isDone }) => {
  it.each(CALL_FAULTS)(`with %s is answered ${answer}, and published once`, (fault) => {
    const retried = answer.startsWith('200') ? [] : ['200 accepted'];
    for (const { route, marker, answers } of sent.get(`${name}: ${fault}`)!) {
      expect({ route, answers }).toEqual({ route, answers: [answer, ...retried] });
      expect(copiesOf(marker, events)).toBe(1);
    }
  });

  it.each([
    ['kill_before', '200 accepted'],
    ['kill_during', isDone ? '200 duplicate' : '200 accepted'],
  ] as const)('with %s is answered 502, then %s, and published once', (fault, retried) => {
    for (const { route, marker, answers } of sent.get(`${name}: ${fault}`)!) {
      expect({ route, answers }).toEqual({ route, answers: ['502', retried] });
      expect(copiesOf(marker, events)).toBe(1);
    }
  });

  // Killed after the call, it may be quick enough to take the next step.
  it('with kill_after is accepted in the end, and published once', () => {
    for (const { marker, answers } of sent.get(`${name}: kill_after`)!) {
      expect(['502', answer]).toContain(answers[0]);
      expect(answers.at(-1)).toMatch(/^200 (accepted|duplicate)$/);
      expect(copiesOf(marker, events)).toBe(1);
    }
  });
});

it('nothing else is published', () => {
  expect(events).toHaveLength([...sent.values()].flat().length);
});
