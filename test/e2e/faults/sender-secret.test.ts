/** Secrets Manager is unwell when a copy of the verifier starts: whose webhook it is was learnt before, and still counts. */
import { randomUUID } from 'node:crypto';
import { ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { setFaults, settled } from '../../support/faults';
import type { HttpDelivery } from '../../support/http';
import { putRealtimekitSecret, RealtimeKit, startWorld, type World } from '../../support/providers';
import type { Subscription } from '../../support/subscription';
import { until } from '../../support/until';
import { copiesOf, inShort, sendUntilAccepted } from './faults';

const VERIFIER = 'RealtimekitWebhooks';

let world: World;
let shared: Subscription;

beforeAll(async () => {
  world = await startWorld();
  shared = await world.meetbus.subscribeToAll('shared');
});
afterAll(() => world.close());

const deliver = (marker: string, token = world.realtimekit.token): HttpDelivery =>
  world.realtimekit.signed(
    { event: 'meeting.started', meeting: { id: marker } },
    { path: `/realtimekit/webhooks/${token}` },
  );

/** How often the event of a marker has come. */
async function copies(marker: string): Promise<number> {
  await settled(world.meetbus);
  return copiesOf(marker, await shared.drain());
}

/** Ends the verifier's environment, and has Secrets Manager fail those that come. */
async function startAnewWith(fault: FaultRule['fault']): Promise<void> {
  const { meetbus } = world;
  await setFaults(meetbus, { service: 'dynamodb', operation: 'PutItem', fault: 'kill_before', functionName: VERIFIER });
  await until(async () => inShort(await meetbus.post(deliver(randomUUID()))) === '502', 'the end of an environment');
  await setFaults(meetbus, { service: 'secretsmanager', fault, functionName: VERIFIER });
}

/** Whether a delivery with that token becomes an event for subscribers. It is accepted in any case. */
async function isBelieved(token?: string): Promise<boolean> {
  const marker = randomUUID();
  expect(inShort(await world.meetbus.post(deliver(marker, token)))).toBe('200 accepted');
  return (await copies(marker)) === 1;
}

it.each(['down', 'throttle', 'timeout'] as const)('%s: what the token proves is an event', async (fault) => {
  await setFaults(world.meetbus);
  const known = randomUUID();
  await sendUntilAccepted(() => world.meetbus, deliver(known));
  expect(await copies(known)).toBe(1);

  await startAnewWith(fault);
  await until(() => isBelieved(), 'a delivery that is believed');
  expect(await isBelieved(new RealtimeKit().token)).toBe(false);
});

it('what was taken out of the secret does not come back with an outage', async () => {
  const { meetbus, realtimekit } = world;
  await setFaults(meetbus);
  const { token } = new RealtimeKit();
  await putRealtimekitSecret(meetbus, { urlTokens: [token] });
  const seen = randomUUID();
  // The new token is none of the known ones, so the secret is read again.
  await sendUntilAccepted(() => meetbus, deliver(seen, token));
  expect(await copies(seen)).toBe(1);

  await startAnewWith('down');
  await until(() => isBelieved(token), 'a delivery that is believed');
  expect(await isBelieved(realtimekit.token)).toBe(false);
});

it('keeps no token in the table', async () => {
  const { dynamoDb } = world.meetbus.clients;
  const { TableNames: [TableName] = [] } = await dynamoDb.send(new ListTablesCommand({}));
  const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName }));
  expect(Items.length).toBeGreaterThan(0);
  expect(JSON.stringify(Items)).not.toContain(world.realtimekit.token);
});
