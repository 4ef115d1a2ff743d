/** What goes wrong in a soak, by name. */
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
/** One thing that goes wrong for some seconds. */
export interface Trouble {
  readonly name: string;
  /** Faults of the local cloud. */
  readonly faults?: readonly FaultRule[];
  /** Done as it begins, and as it ends: at a provider alone. */
  readonly begin?: () => void | Promise<void>;
  readonly end?: () => void;
  /** Comes without another: together with one that takes away what stands in for it, senders would have to be refused. */
  readonly alone?: true;
  /** Lasts at least so long, whatever the length of a phase. */
  readonly lastsMs?: number;
  /** It takes a visibility timeout to recover from it, or half a minute until a key is fetched afresh. */
  readonly isLasting?: true;
}

/** Parts of the names of functions. */
const VERIFIERS = 'Ingress';
const CONSUMERS = 'Consumer';

const faults = (name: string, ...rules: readonly FaultRule[]): Trouble => ({ name, faults: rules });

/**
 * Troubles that are over within some ten seconds: a verifier that dies holds a key for ten seconds at the most. A
 * consumer that dies, or whose mark is not written, holds it for thirty.
 */
const QUICK_TROUBLES: readonly Trouble[] = [
  faults('DynamoDB throttles', { service: 'dynamodb', operation: 'PutItem', fault: 'throttle', rate: 0.3 }),
  faults('DynamoDB fails', { service: 'dynamodb', operation: 'PutItem', fault: 'error', rate: 0.3 }),
  faults('DynamoDB is down for verifiers', { service: 'dynamodb', fault: 'down', functionName: VERIFIERS }),
  faults('marks of verifiers are lost', {
    service: 'dynamodb',
    operation: 'UpdateItem',
    fault: 'error',
    rate: 0.3,
    functionName: VERIFIERS,
  }),
  faults('SQS throttles', { service: 'sqs', operation: 'SendMessage', fault: 'throttle', rate: 0.3 }),
  faults('SQS fails', { service: 'sqs', operation: 'SendMessage', fault: 'error', rate: 0.3 }),
  faults('answers of SQS are lost', { service: 'sqs', operation: 'SendMessage', fault: 'lost_answer', rate: 0.2 }),
  {
    // For longer than RealtimeKit may try. The bucket stands in.
    ...faults('SQS is down', { service: 'sqs', fault: 'down' }),
    ...{ alone: true, lastsMs: 4_500 },
  },
  faults('SQS sends twice', { service: 'sqs', fault: 'duplicate', rate: 0.2 }),
  faults('SQS delivers twice', { service: 'sqs', fault: 'redeliver', rate: 0.2 }),
  faults('EventBridge throttles', { service: 'events', fault: 'throttle', rate: 0.3 }),
  faults('EventBridge fails', { service: 'events', fault: 'error', rate: 0.3 }),
  faults('EventBridge takes a part', { service: 'events', fault: 'fail_entries', rate: 0.4 }),
  faults('EventBridge is slow', { service: 'events', fault: 'slow', milliseconds: 700, rate: 0.3 }),
  faults('S3 fails', { service: 's3', fault: 'error', rate: 0.5 }),
  faults('Secrets Manager is down', { service: 'secretsmanager', fault: 'down' }),
  faults('verifiers die before the lock', kill('dynamodb', 'PutItem', 'kill_before', VERIFIERS)),
  faults('verifiers die after the lock', kill('dynamodb', 'PutItem', 'kill_after', VERIFIERS)),
  faults('verifiers die as they send', kill('sqs', 'SendMessage', 'kill_during', VERIFIERS)),
  faults('verifiers die after they sent', kill('sqs', 'SendMessage', 'kill_after', VERIFIERS)),
  faults('verifiers die after the mark', kill('dynamodb', 'UpdateItem', 'kill_after', VERIFIERS)),
];

const LASTING_TROUBLES: readonly Trouble[] = [
  faults('DynamoDB is down', { service: 'dynamodb', fault: 'down' }),
  faults('DynamoDB hangs', { service: 'dynamodb', fault: 'timeout', rate: 0.03 }),
  faults('answers of DynamoDB are lost', { service: 'dynamodb', fault: 'lost_answer', rate: 0.1 }),
  faults('DynamoDB throttles everything', { service: 'dynamodb', fault: 'throttle', rate: 0.3 }),
  faults('SQS hangs', { service: 'sqs', operation: 'SendMessage', fault: 'timeout', rate: 0.05 }),
  faults('answers of EventBridge are lost', { service: 'events', fault: 'lost_answer', rate: 0.1 }),
  faults('EventBridge is down', { service: 'events', fault: 'down' }),
  faults('consumers die before the lock', kill('dynamodb', 'PutItem', 'kill_before', CONSUMERS)),
  faults('consumers die after the lock', kill('dynamodb', 'PutItem', 'kill_after', CONSUMERS)),
  faults('consumers die before they publish', kill('events', 'PutEvents', 'kill_before', CONSUMERS)),
  faults('consumers die as they publish', kill('events', 'PutEvents', 'kill_during', CONSUMERS)),
  faults('consumers die after they published', kill('events', 'PutEvents', 'kill_after', CONSUMERS)),
  faults('consumers die before the mark', kill('dynamodb', 'UpdateItem', 'kill_before', CONSUMERS)),
  faults('consumers die after the mark', kill('dynamodb', 'UpdateItem', 'kill_after', CONSUMERS)),
];

/** Every trouble that is no provider's own. */
export const TROUBLES: readonly Trouble[] = [
  ...QUICK_TROUBLES,
  ...LASTING_TROUBLES.map((trouble) => ({ ...trouble, isLasting: true as const })),
];

function kill(
  service: 'dynamodb' | 'sqs' | 'events',
  operation: string,
  fault: 'kill_before' | 'kill_during' | 'kill_after',
  functionName: string,
): FaultRule {
  return { service, operation, fault, functionName, rate: 0.03 };
}

const KILLS: ReadonlySet<string> = new Set(['kill_before', 'kill_during', 'kill_after']);

/**
 * Whether a fault may lead to an event's being published once more under the same id: EventBridge took it and the
 * consumer did not learn of it, or its mark was not written, or the consumer died while it worked on others.
 */
export function mayDouble({ service, operation, fault, functionName }: FaultRule): boolean {
  if (functionName === VERIFIERS) return false;
  if (KILLS.has(fault)) return true;
  if (service === 'events') return fault === 'lost_answer';
  return service === 'dynamodb' && (operation ?? 'UpdateItem') === 'UpdateItem';
}
