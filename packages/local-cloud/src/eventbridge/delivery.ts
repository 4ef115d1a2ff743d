/** One event's way to one target: attempts, waiting between them, and the dead-letter queue. */

import { setTimeout as wait } from 'node:timers/promises';
import { AwsError } from '../service';
import { asAllowedText } from '../sqs/message-attributes';
import { targetPayload } from './target-input';
import type { BusEvent, Deliverer, Delivery, DeliveryReport, RuleIdentity, Target } from './types';
import { serviceOf } from './types';

/** AWS's defaults where a target has no `RetryPolicy`: 185 retries within 24 hours. */
export const DEFAULT_RETRY_ATTEMPTS = 185;
export const DEFAULT_EVENT_AGE_SECONDS = 24 * 60 * 60;

/**
 * Waiting before a retry doubles from 100 ms to 2 s. AWS spreads its retries over a day; nobody waits that long for a
 * laptop, so that all 185 retries here take about 6 minutes.
 */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2000;

/** What a delivery needs from the bus. */
export interface DeliveryContext {
  /** Deliverers by service, `events` included. */
  readonly deliverers: Readonly<Record<string, Deliverer | undefined>>;
  /** Throws when EventBridge may not make the delivery. */
  readonly authorize: (delivery: Delivery) => void;
  readonly report: (report: DeliveryReport) => void;
  readonly now: () => Date;
  /** Fires when the local cloud stops: a delivery that waits for its next attempt is given up. */
  readonly stopping: AbortSignal;
}

/** Errors of a target by name that another attempt cannot cure, with the `ERROR_CODE` that AWS gives them. */
const PERMANENT_ERRORS: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'NO_RESOURCE',
  QueueDoesNotExist: 'NO_RESOURCE',
  AccessDeniedException: 'NO_PERMISSIONS',
  InvalidMessageContents: 'INVALID_PARAMETER',
  InvalidParameterValueException: 'INVALID_PARAMETER',
  RequestTooLargeException: 'INVALID_PARAMETER',
  ValidationException: 'INVALID_PARAMETER',
  INVALID_JSON: 'INVALID_JSON',
  THIRD_ACCOUNT_HOP_DETECTED: 'THIRD_ACCOUNT_HOP_DETECTED',
};

/** The last error of a delivery that has ended badly. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retries: number;
  /** The limit that ended the attempts; none when another attempt was pointless. */
  readonly exhausted?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
}

/**
 * Delivers an event to a target, as often as its `RetryPolicy` allows, and else to its dead-letter queue. Reports every
 * step and never rejects.
 */
export async function deliver(
  event: BusEvent,
  rule: RuleIdentity,
  target: Target,
  context: DeliveryContext,
): Promise<void> {
  const step = (status: Exclude<DeliveryReport['status'], 'no_such_bus'>, retries: number, error?: Failure) =>
    context.report({
      status,
      rule,
      targetArn: target.Arn,
      event,
      retries,
      ...(error && { error: { code: error.code, message: error.message } }),
    });

  for (let retries = 0; ; retries++) {
    const failure = await attempt(event, rule, target, retries, context);
    if (!failure) return step('delivered', retries);
    if (failure.exhausted || isPermanent(failure.code)) {
      const kept = await deadLetter(event, rule, target, failure, context);
      return step(kept ? 'dead_lettered' : 'lost', retries, failure);
    }
    step('retrying', retries, failure);
    const waited = await wait(Math.min(FIRST_WAIT_MS * 2 ** retries, LONGEST_WAIT_MS), true, {
      signal: context.stopping,
    }).catch(() => false);
    if (!waited) return step('abandoned', retries, failure);
  }
}

async function attempt(
  event: BusEvent,
  rule: RuleIdentity,
  target: Target,
  retries: number,
  context: DeliveryContext,
): Promise<Failure | undefined> {
  try {
    const delivery = {
      rule,
      targetArn: target.Arn,
      roleArn: target.RoleArn,
      payload: targetPayload(target, rule, event),
      event,
      messageGroupId: target.SqsParameters?.MessageGroupId,
    };
    await handOver(delivery, context);
    return undefined;
  } catch (error) {
    // By name, so that an error of an SDK client counts as much as one of the local cloud.
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = PERMANENT_ERRORS[name] ?? 'ERROR_FROM_TARGET';
    const failure: Failure = { code, message, retries };
    const exhausted = isPermanent(code) ? undefined : exhaustedLimit(event, target, retries, context.now());
    return exhausted ? { ...failure, exhausted } : failure;
  }
}

function isPermanent(code: string): boolean {
  return code !== 'ERROR_FROM_TARGET';
}

function exhaustedLimit(event: BusEvent, target: Target, retries: number, now: Date): Failure['exhausted'] {
  const { MaximumRetryAttempts: attempts = DEFAULT_RETRY_ATTEMPTS } = target.RetryPolicy ?? {};
  const { MaximumEventAgeInSeconds: age = DEFAULT_EVENT_AGE_SECONDS } = target.RetryPolicy ?? {};
  if (retries >= attempts) return 'MaximumRetryAttempts';
  if (now.getTime() - event.ingestedAt >= age * 1000) return 'MaximumEventAgeInSeconds';
  return undefined;
}

async function handOver(delivery: Delivery, { deliverers, authorize }: DeliveryContext): Promise<void> {
  const { targetArn } = delivery;
  const deliverer = deliverers[serviceOf(targetArn)];
  if (!deliverer) throw new AwsError('ResourceNotFoundException', `The local cloud has no target ${targetArn}.`);
  authorize(delivery);
  await deliverer(delivery);
}

/** @returns whether a dead-letter queue has the event now */
async function deadLetter(
  event: BusEvent,
  rule: RuleIdentity,
  target: Target,
  failure: Failure,
  context: DeliveryContext,
): Promise<boolean> {
  const queueArn = target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return false;
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.Arn,
    ERROR_CODE: failure.code,
    // SQS takes no empty attribute, and not every character.
    ERROR_MESSAGE: asAllowedText(failure.message) || failure.code,
    RETRY_ATTEMPTS: String(failure.retries),
    ...(failure.exhausted && { EXHAUSTED_RETRY_CONDITION: failure.exhausted }),
  };
  try {
    await handOver({ rule, targetArn: queueArn, payload: event.text, event, messageAttributes: attributes }, context);
    return true;
  } catch {
    return false;
  }
}
