/** Every AWS call of the verifiers goes wrong in every way: what the sender is told, and that nothing is lost or doubled. */
import { randomUUID } from 'node:crypto';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { LARGE } from '../../support/deliveries';
import { comeBackAfter, setFaults, settled, VERIFIERS } from '../../support/faults';
import type { HttpDelivery } from '../../support/http';
import { startWorld, type World, warmUp } from '../../support/providers';
import { until } from '../../support/until';
import { copiesOf, FAULTS, type Fault, inShort, isKill, ROUTES, sendUntilAccepted } from './faults';

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

/** One delivery, and what its sender was told while the fault lasted and after. */
interface Sent {
  readonly route: string;
  readonly marker: string;
  readonly delivery: HttpDelivery;
  readonly answers: string[];
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await warmUp(world);
  await comeBackAfter(world.meetbus, 3);
});
afterAll(() => world.close());

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

/** Strikes a call with a fault, and sends until each delivery is accepted: twice, at most, where nothing is lost. */
async function sendWith({ service, operation, also = [], padding, coldRoutes }: VerifierCall, fault: Fault) {
  const { meetbus } = world;
  if (coldRoutes) await killEnvironments(coldRoutes);
  await setFaults(meetbus, ...also, { service, operation, fault, functionName: VERIFIERS });
  const sent = await sendTo(coldRoutes ?? Object.keys(ROUTES), padding);
  await setFaults(meetbus);
  const refused = sent.filter(({ answers }) => !answers[0]?.startsWith('200'));
  await Promise.all(
    refused.map(async ({ delivery, answers }) => answers.push(await sendUntilAccepted(() => meetbus, delivery))),
  );
  return sent;
}

/** What a sender may be told, one answer after the other. */
function answersTo({ answer, isDone }: VerifierCall, fault: Fault): readonly (readonly string[])[] {
  const whole = answer.startsWith('200') ? [answer] : [answer, '200 accepted'];
  if (!isKill(fault)) return [whole];
  if (fault === 'kill_before') return [['502', '200 accepted']];
  if (fault === 'kill_during') return [['502', isDone ? '200 duplicate' : '200 accepted']];
  // Killed after the call, it may be quick enough to take the next step.
  return [['502', '200 accepted'], ['502', '200 duplicate'], whole, [answer, '200 duplicate']];
}

it.each(CALLS.map((call) => [nameOf(call), call] as const))(
  '%s: answered, and published once',
  async (_, call) => {
    const { meetbus } = world;
    const shared = await meetbus.subscribeToAll('shared');
    const sent: Sent[] = [];
    for (const fault of FAULTS) {
      const told = answersTo(call, fault).map((answers) => answers.join(', then '));
      const isAsTold = ({ answers }: Sent) => told.includes(answers.join(', then '));
      let last = await sendWith(call, fault);
      sent.push(...last);
      // On a busy machine a verifier may run out of time for its second try, and answer 503.
      for (let tries = 1; tries < 3 && !last.every(isAsTold); tries++) {
        last = await sendWith(call, fault);
        sent.push(...last);
      }
      const wrong = last.filter((one) => !isAsTold(one)).map(({ route, answers }) => ({ fault, route, answers, told }));
      expect(wrong).toEqual([]);
    }
    await settled(meetbus);
    const events = await shared.drain();

    const copies = sent.map(({ route, marker }) => ({ route, copies: copiesOf(marker, events) }));
    expect(copies).toEqual(sent.map(({ route }) => ({ route, copies: 1 })));
    expect(events.filter(({ text }) => !sent.some(({ marker }) => text.includes(marker)))).toEqual([]);
  },
  120_000,
);
