/** What a target must look like before a rule takes it. */

import { AwsError } from '../service';
import { inputFault } from './target-input';
import { serviceOf, type Target } from './types';

/** Services that the local cloud can deliver to. */
export const TARGET_SERVICES: readonly string[] = ['sqs', 'lambda', 'events', 'logs'];

/** Services that a rule may name as targets, though the local cloud does not run them: each delivery fails. */
const PASSED_OVER_SERVICES: readonly string[] = ['states'];

/** In order; the first that speaks up is the fault. */
const CHECKS: readonly ((target: Target) => string | undefined)[] = [
  ({ Id }) => (/^[.\-\w]{1,64}$/.test(Id) ? undefined : 'Id must have 1 to 64 letters, digits and . - _'),
  ({ Arn }) => (serviceOf(Arn) ? undefined : `Provided Arn ${Arn} is not in correct format`),
  ({ Arn }) =>
    [...TARGET_SERVICES, ...PASSED_OVER_SERVICES].includes(serviceOf(Arn))
      ? undefined
      : `the local cloud delivers to ${TARGET_SERVICES.join(', ')}, not to ${Arn}`,
  ({ Arn, SqsParameters }) =>
    Arn.endsWith('.fifo') && !SqsParameters?.MessageGroupId
      ? 'Parameter(s) SqsParameters.MessageGroupId must be specified for a FIFO queue'
      : undefined,
  ({ DeadLetterConfig: { Arn } = {} }) =>
    Arn === undefined || (serviceOf(Arn) === 'sqs' && !Arn.endsWith('.fifo'))
      ? undefined
      : `DeadLetterConfig must name a standard SQS queue, not ${Arn}`,
  ({ RetryPolicy }) => rangeFault('MaximumRetryAttempts', RetryPolicy?.MaximumRetryAttempts, 0, 185),
  ({ RetryPolicy }) => rangeFault('MaximumEventAgeInSeconds', RetryPolicy?.MaximumEventAgeInSeconds, 60, 86_400),
  (target) =>
    serviceOf(target.Arn) === 'events' && (target.Input ?? target.InputPath ?? target.InputTransformer) !== undefined
      ? 'Modifying the input is not supported for an event bus'
      : undefined,
  inputFault,
];

function rangeFault(name: string, value: number | undefined, from: number, to: number): string | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= from && value <= to)) return undefined;
  return `RetryPolicy.${name} must be from ${from} to ${to}, not ${value}`;
}

/** @throws AwsError `ValidationException` that names the target and the first fault */
export function checkTarget(target: Target): void {
  for (const check of CHECKS) {
    const fault = check(target);
    if (fault) throw new AwsError('ValidationException', `Target ${target.Id} is not valid. Reason: ${fault}.`);
  }
}
