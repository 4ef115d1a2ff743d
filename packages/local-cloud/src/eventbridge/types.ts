/** What the parts of the local EventBridge pass to each other; names are those of the AWS API. */

import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service';

/** An accepted event. */
export interface BusEvent {
  readonly id: string;
  readonly detailType: string;
  readonly source: string;
  /** ISO 8601, to the second. */
  readonly time: string;
  readonly resources: readonly string[];
  /** The detail's JSON text, character for character as it was put. */
  readonly detail: string;
  /** The whole envelope as JSON text: what a target without an input of its own receives. */
  readonly text: string;
  /** When the bus took it, in milliseconds since 1970; the event's age counts from here. */
  readonly ingestedAt: number;
  /** Whether it came from another bus: AWS lets an event pass from bus to bus once. */
  readonly forwarded: boolean;
  /** X-Ray trace header of the caller that put the event. Targets that take a header get it; the event does not contain it. */
  readonly traceHeader?: string;
  /** The replay that brought it back from an archive. */
  readonly replayName?: string;
}

/** The fields of AWS's `Target` that the local cloud acts on. */
export interface Target {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Record<string, string>; readonly InputTemplate: string };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
}

export type RuleState = 'ENABLED' | 'DISABLED';

/** A rule's name, ARN and bus, as targets and reports need them. */
export interface RuleIdentity {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
}

/** One attempt to hand an event to a target or to a dead-letter queue. */
export interface Delivery {
  readonly rule: RuleIdentity;
  readonly targetArn: string;
  /** The role in which EventBridge reaches the target; without one it acts for itself. */
  readonly roleArn?: string | undefined;
  /** What the target receives: the envelope, or what `Input`, `InputPath` or `InputTransformer` make of it. */
  readonly payload: string;
  readonly event: BusEvent;
  /** Of `SqsParameters`; for SQS only. */
  readonly messageGroupId?: string | undefined;
  /** String message attributes; for a dead-letter queue only. */
  readonly messageAttributes?: Readonly<Record<string, string>>;
}

/**
 * Hands an event to one service. Rejects when the target does not take it: an error whose name says that trying
 * again cannot help, such as `QueueDoesNotExist` (see `delivery.ts`), ends the delivery; any other is tried again.
 */
export type Deliverer = (delivery: Delivery) => Promise<void>;

/** Deliverers by the service in the target's ARN. Bus to bus (`events`) is built in. */
export type Deliverers = Readonly<Partial<Record<'sqs' | 'lambda' | 'logs', Deliverer>>>;

/** What became of an event after a bus took it; one report a step. */
export type DeliveryReport =
  | { readonly status: 'no_such_bus'; readonly busName: string; readonly event: BusEvent }
  | {
      /** `lost`: given up without a dead-letter queue; `abandoned`: the local cloud stopped first. */
      readonly status: 'delivered' | 'retrying' | 'dead_lettered' | 'lost' | 'abandoned';
      readonly rule: RuleIdentity;
      readonly targetArn: string;
      readonly event: BusEvent;
      /** Attempts after the first. */
      readonly retries: number;
      /** Why the last attempt failed. */
      readonly error?: { readonly code: string; readonly message: string };
    };

export const DEFAULT_BUS = 'default';

/** The service of an ARN: `sqs` of `arn:aws:sqs:us-east-1:000000000000:orders`. */
export function serviceOf(arn: string): string {
  return /^arn:aws[\w-]*:([\w-]+):/.exec(arn)?.[1] ?? '';
}

/** The ARN of something of EventBridge, such as `event-bus/orders`. */
export function eventsArn(resource: string): string {
  return `arn:aws:events:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;
}

/** Name of a bus that is given by name, by ARN, or not at all, which means the default bus. */
export function busNameOf(nameOrArn: string | undefined): string {
  if (nameOrArn === undefined) return DEFAULT_BUS;
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('event-bus/') + 10) : nameOrArn;
}
