/** Faults of the local cloud with plain names, to be switched on and off one by one. */
import type { FaultStatus } from '@meetbus/local-cloud';

/** A rule of a fault plan. */
export type FaultRule = FaultStatus['faults'][number];

/** Faults that belong together. */
export interface ReadyFault {
  readonly name: string;
  readonly title: string;
  /** What goes wrong, and what Meetbus makes of it. */
  readonly meaning: string;
  readonly rules: readonly FaultRule[];
}

/** Parts of the names of all verifiers, and of all consumers. */
const VERIFIERS = 'Ingress';
const CONSUMERS = 'Consumer';

/** Long enough to be felt, and shorter than verifiers wait. */
const SLOW_MS = 700;

const slow = (service: FaultRule['service']): FaultRule => ({ service, fault: 'slow', milliseconds: SLOW_MS });

/** Every fault that has a name. */
export const READY_FAULTS: readonly ReadyFault[] = [
  {
    name: 'queues-down',
    title: 'Queues are down',
    meaning:
      'Verifiers store deliveries in the bucket instead, and still answer 200. Consumers receive nothing. Afterwards the stored ones are brought back by a schedule.',
    rules: [{ service: 'sqs', fault: 'down' }],
  },
  {
    name: 'table-throttled-verifiers',
    title: 'Table is throttled for verifiers',
    meaning:
      'They cannot remember deliveries, so they take in each, also a repeated one. The consumer publishes it once.',
    rules: [{ service: 'dynamodb', fault: 'throttle', functionName: VERIFIERS }],
  },
  {
    name: 'table-throttled-consumers',
    title: 'Table is throttled for consumers',
    meaning:
      'Nothing is published. Messages come back to their queue, and after five times go to its dead-letter queue.',
    rules: [{ service: 'dynamodb', fault: 'throttle', functionName: CONSUMERS }],
  },
  {
    name: 'secret-unreadable',
    title: 'Secrets cannot be read',
    meaning:
      'A verifier that has read its secret before keeps it; another one answers 503, so that the provider tries again.',
    rules: [{ service: 'secretsmanager', fault: 'denied' }],
  },
  {
    name: 'bus-refuses',
    title: 'Intake bus refuses events',
    meaning:
      'Nothing is published. Messages come back to their queue, and after five times go to its dead-letter queue.',
    rules: [{ service: 'events', operation: 'PutEvents', fault: 'error' }],
  },
  {
    name: 'bus-partly',
    title: 'Intake bus takes some events only',
    meaning: 'Consumers publish those again that were not taken, and only those.',
    rules: [{ service: 'events', operation: 'PutEvents', fault: 'fail_entries', rate: 0.5 }],
  },
  {
    name: 'bucket-down',
    title: 'Bucket is down',
    meaning: 'Deliveries that are too large for a queue are answered 503, so that the provider sends them again.',
    rules: [{ service: 's3', fault: 'down' }],
  },
  {
    name: 'slow-calls',
    title: 'Calls are slow',
    meaning: `Each call to the queues, the table and the buses takes ${SLOW_MS} ms longer.`,
    rules: [slow('sqs'), slow('dynamodb'), slow('events')],
  },
  {
    name: 'verifier-killed',
    title: 'Verifiers are killed',
    meaning: 'They die as they enqueue a delivery: API Gateway answers 502, and the provider sends it again.',
    rules: [{ service: 'sqs', operation: 'SendMessage', fault: 'kill_during', functionName: VERIFIERS }],
  },
  {
    name: 'consumer-killed',
    title: 'Consumers are killed',
    meaning: 'Half of the time they die before they publish. The message comes back to its queue.',
    rules: [{ service: 'events', operation: 'PutEvents', fault: 'kill_before', rate: 0.5, functionName: CONSUMERS }],
  },
  {
    name: 'messages-twice',
    title: 'Messages come twice',
    meaning: 'As a standard queue may do. The consumer publishes one event.',
    rules: [{ service: 'sqs', operation: 'SendMessage', fault: 'duplicate' }],
  },
];

/** Whether all rules of a fault are in a plan. */
export const isOn = ({ rules }: ReadyFault, plan: readonly FaultRule[]): boolean =>
  rules.every((rule) => plan.some((other) => isSame(rule, other)));

/** The plan with a fault switched on or off. Other rules stay. */
export function switched({ rules }: ReadyFault, on: boolean, plan: readonly FaultRule[]): readonly FaultRule[] {
  const others = plan.filter((rule) => !rules.some((own) => isSame(own, rule)));
  return on ? [...others, ...rules] : others;
}

/** Members may stand in any order. */
const isSame = (a: FaultRule, b: FaultRule): boolean => canonical(a) === canonical(b);

const canonical = (rule: FaultRule): string =>
  JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));
