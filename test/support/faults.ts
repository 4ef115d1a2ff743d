/** Faults, set from outside as an operator sets them, and Meetbus coming to rest after them. */
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import type { FaultStatus } from '@meetbus/local-cloud/faults/faults';
import type { Meetbus } from './meetbus';
import { StackQueues } from './queues';
import { until } from './until';

/** Parts of the names of all verifiers, and of all consumers. */
export const VERIFIERS = 'Ingress';
export const CONSUMERS = 'Consumer';

const control = async ({ awsUrl }: Meetbus, method: string, body?: object): Promise<FaultStatus> => {
  const response = await fetch(`${awsUrl}/_local-cloud/faults`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as FaultStatus;
};

/** Replaces the faults; without any, all is well again. */
export async function setFaults(meetbus: Meetbus, ...faults: readonly FaultRule[]): Promise<void> {
  await control(meetbus, 'PUT', { seed: 1, faults });
}

/** How often the faults that apply now have struck. */
export async function strikes(meetbus: Meetbus): Promise<number> {
  const { injected } = await control(meetbus, 'GET');
  return Object.values(injected).reduce((sum, times) => sum + times, 0);
}

/** Waits until the faults that apply now have struck so often. */
export const struck = (meetbus: Meetbus, times: number): Promise<void> =>
  until(async () => (await strikes(meetbus)) >= times, `${times} strikes of the faults`);

/** Makes messages that failed come back after so many seconds, and go to the dead-letter queue after so many receives. */
export const comeBackAfter = ({ clients }: Meetbus, visibilitySeconds: number, maxReceives = 1_000): Promise<void> =>
  new StackQueues(clients.sqs).shortenRetries({ visibilitySeconds, maxReceives });

/** Waits until every queue is empty, however often messages have to come back. */
export const settled = (meetbus: Meetbus, patienceMs?: number): Promise<void> => meetbus.settled(patienceMs);
