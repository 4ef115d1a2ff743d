/** Parameters of the SQS API, with the errors of AWS for those that are missing or out of range. */

import { AwsError } from '../service';

/** @throws AwsError `MissingRequiredParameterException` */
export function required<Value>(input: object, name: string): Value {
  const value = (input as Record<string, Value | undefined>)[name];
  if (value !== undefined && value !== null && value !== '') return value;
  throw new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`);
}

/**
 * @returns undefined when the parameter is not given
 * @throws AwsError `InvalidParameterValueException`
 */
export function within(input: object, name: string, min: number, max: number): number | undefined {
  const value = (input as Record<string, number | undefined>)[name];
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new AwsError(
    'InvalidParameterValueException',
    `Value ${value} for parameter ${name} is invalid. Reason: Must be >= ${min} and <= ${max}, if provided.`,
  );
}
