/** A whole service is down for a while, or everything is: what senders are told, and that all of it arrives once. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { comeBackAfter, setFaults, settled, strikes, VERIFIERS } from '../../support/faults';
import { startMeetbus } from '../../support/meetbus';
import { inParallel } from '../../support/parallel';
import { startWorld, type World, warmUp } from '../../support/providers';
import type { BusEvent } from '../../support/subscription';
import { until } from '../../support/until';
import { copiesOf, inShort, ROUTES, sendUntilAccepted } from './faults';

/** Where the state is kept from a stop to the next start. */
const data = mkdtempSync(join(tmpdir(), 'meetbus-test-'));
let world: World;
beforeAll(async () => {
  world = await startWorld(['--data', data]);
  await comeBackAfter(world.meetbus, 2);
  await warmUp(world);
});
afterAll(async () => {
  await world.close();
  rmSync(data, { recursive: true });
});

/** Deliveries to all routes in turn, by marker. */
const deliveries = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const marker = randomUUID();
    const deliver = Object.values(ROUTES)[index % 3]!;
    return { marker, delivery: deliver(world, marker) };
  });

type Deliveries = ReturnType<typeof deliveries>;

/** To each route one after the other: one environment of its verifier does it all. */
async function post(sent: Deliveries): Promise<string[]> {
  const answers: string[] = [];
  const postEveryThird = async (first: number) => {
    for (let index = first; index < sent.length; index += 3) {
      answers[index] = inShort(await world.meetbus.post(sent[index]!.delivery));
    }
  };
  await Promise.all([0, 1, 2].map(postEveryThird));
  return answers;
}

const copies = (sent: Deliveries, events: readonly BusEvent[]) => sent.map(({ marker }) => copiesOf(marker, events));
const each = <Value>(sent: Deliveries, value: Value): Value[] => sent.map(() => value);

/** How long an outage goes on once everything has been sent. */
const OUTAGE_MS = 1_500;

describe('for a while', () => {
  it.each<[string, string, FaultRule]>([
    ['DynamoDB is down', '200 accepted', { service: 'dynamodb', fault: 'down' }],
    ['SQS is down', '200 accepted', { service: 'sqs', fault: 'down' }],
    ['SQS hangs', '200 accepted', { service: 'sqs', fault: 'timeout', functionName: VERIFIERS }],
    ['S3 is down', '200 accepted', { service: 's3', fault: 'down' }],
    ['EventBridge is down', '200 accepted', { service: 'events', fault: 'down' }],
    ['Secrets Manager is down', '200 accepted', { service: 'secretsmanager', fault: 'down' }],
  ])(
    '%s: senders are told %s, and all of it arrives once',
    async (_, answer, rule) => {
      const { meetbus } = world;
      const shared = await meetbus.subscribeToAll('shared');
      await setFaults(meetbus, rule);
      const during = deliveries(24);
      expect(await post(during)).toEqual(each(during, answer));
      await sleep(OUTAGE_MS);
      // Who holds the secrets needs no Secrets Manager, and whose queue takes all no bucket.
      if (!['secretsmanager', 's3'].includes(rule.service)) expect(await strikes(meetbus)).toBeGreaterThan(0);

      await setFaults(meetbus);
      await Promise.all(during.map(({ delivery }) => sendUntilAccepted(() => meetbus, delivery)));
      await settled(meetbus);
      const events = await shared.drain();
      expect(copies(during, events)).toEqual(each(during, 1));
      expect(events).toHaveLength(during.length);
    },
    200_000,
  );
});

it('Meetbus stops amid traffic and starts again elsewhere: senders that do not give up lose nothing', async () => {
  let { meetbus } = world;
  const shared = await meetbus.subscribeToAll('shared');
  const sent = deliveries(120);
  let accepted = 0;
  // They must not all be through before it stops.
  await setFaults(meetbus, { service: 'sqs', fault: 'slow', milliseconds: 50, functionName: VERIFIERS });
  const sending = inParallel(6, sent, async ({ delivery }) => {
    await sendUntilAccepted(() => meetbus, delivery);
    accepted += 1;
  });
  await until(() => accepted >= 20, 'the first deliveries');
  await meetbus.stop();
  const acceptedBefore = accepted;
  meetbus = await startMeetbus(['--data', data, '--option', `realtimekit.keyUrl=${world.keyServer.url}`]);
  try {
    await comeBackAfter(meetbus, 2);
    await shared.resume(meetbus.clients);
    await sending;
    await settled(meetbus);
    const events = await shared.drain();
    expect(acceptedBefore).toBeLessThan(sent.length);
    expect(copies(sent, events)).toEqual(each(sent, 1));
    expect(events).toHaveLength(sent.length);
  } finally {
    await meetbus.stop();
  }
}, 200_000);
