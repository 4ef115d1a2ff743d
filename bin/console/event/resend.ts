/** Sends one event to one rule again, by a replay of it alone. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { archivedAround } from '../../commands/events/logged';
import { busOf, makePlan } from '../../commands/replay/plan';
import { runReplay, waitsOf } from '../../commands/replay/run';
import { removeLeftovers } from '../../commands/replay/temporary-rule';
import type { Deployment } from '../../deployment';
import type { ResendMessage, ResendRequest } from '../api/event';
import { RequestError } from '../request';
import type { Told } from './page';

/**
 * Says first to whom it is sent, and at the end how that went.
 *
 * @throws UsageError if the rule cannot get it; RequestError if the event was not published
 */
export async function* resend(
  deployment: Deployment,
  { page: { eventId = '', type }, published }: Told,
  { rule, bus: on }: ResendRequest,
  signal: AbortSignal,
): AsyncGenerator<ResendMessage> {
  if (published === undefined) throw new RequestError(409, 'It was not published, so there is nothing to send again.');
  const client = new EventBridgeClient(deployment.clientConfig);
  try {
    const bus = busOf(deployment, on);
    const waits = waitsOf(deployment);
    const pattern = { 'detail-type': [type], detail: { id: [eventId] } };
    const window = archivedAround({ time: published });
    const plan = await makePlan(client, bus, { rule, ...window, pattern, name: undefined });
    await removeLeftovers(client, bus.busName, 2 * waits.graceMs);
    yield { state: 'RUNNING', targets: plan.targetArns };
    const ended = await runReplay(plan, { client, signal, ...waits, onProgress: () => {} });
    if (ended?.State === 'FAILED') throw new Error(`The replay has failed: ${ended.StateReason}`);
    yield { state: ended?.State ?? 'CANCELLED', targets: plan.targetArns };
  } finally {
    client.destroy();
  }
}
