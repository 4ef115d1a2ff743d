/** The attributes that a queue can be given: their ranges and defaults as AWS has them. */

import { AwsError } from '../service';
import { MAX_MESSAGE_BYTES } from './message';

/** All values are strings, as in the SQS API. */
export type QueueAttributes = Readonly<Record<string, string>>;

/** Where a message goes that was received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Which queues may name a queue as their dead-letter queue. */
export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns?: readonly string[];
}

const DAY_SECONDS = 24 * 60 * 60;

const NUMBERS: Readonly<Record<string, { min: number; max: number; default: number }>> = {
  DelaySeconds: { min: 0, max: 900, default: 0 },
  MaximumMessageSize: { min: 1_024, max: MAX_MESSAGE_BYTES, default: MAX_MESSAGE_BYTES },
  MessageRetentionPeriod: { min: 60, max: 14 * DAY_SECONDS, default: 4 * DAY_SECONDS },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, default: 0 },
  VisibilityTimeout: { min: 0, max: 12 * 60 * 60, default: 30 },
  KmsDataKeyReusePeriodSeconds: { min: 60, max: DAY_SECONDS, default: 300 },
};

/** Kept and given back; the local cloud encrypts nothing and checks no policy here. */
const TEXTS = ['KmsMasterKeyId', 'SqsManagedSseEnabled'];

const POLICIES = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy'];

/** What a client may ask a queue for; those of FIFO queues are known, but a standard queue has no value for them. */
export const QUEUE_ATTRIBUTE_NAMES: readonly string[] = [
  'All',
  ...Object.keys(NUMBERS),
  ...TEXTS,
  ...POLICIES,
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
];

export const DEFAULT_ATTRIBUTES: QueueAttributes = {
  ...Object.fromEntries(Object.entries(NUMBERS).map(([name, range]) => [name, String(range.default)])),
  SqsManagedSseEnabled: 'true',
};

/**
 * Holds attributes against the rules of AWS.
 *
 * @throws AwsError `InvalidAttributeName` or `InvalidAttributeValue`
 */
export function checkAttributes(attributes: QueueAttributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = NUMBERS[name];
    if (range) {
      const isWithin = /^\d+$/.test(value) && Number(value) >= range.min && Number(value) <= range.max;
      if (!isWithin) throw invalid(name, value, `It must be ${range.min} to ${range.max}.`);
    } else if (POLICIES.includes(name)) {
      parsePolicy(name, value);
    } else if (!TEXTS.includes(name)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
  }
}

/** @throws AwsError `InvalidAttributeName` for the first name that is not among the known ones */
export function checkNames(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
}

/** @throws AwsError `InvalidAttributeValue` */
export function redrivePolicyOf(attributes: QueueAttributes): RedrivePolicy | undefined {
  const value = attributes.RedrivePolicy;
  if (!value) return undefined;
  const policy = parsePolicy('RedrivePolicy', value) as Partial<RedrivePolicy>;
  // CloudFormation and older clients write the number as a string.
  const maxReceiveCount = Number(policy.maxReceiveCount);
  if (!policy.deadLetterTargetArn || !(maxReceiveCount >= 1 && maxReceiveCount <= 1_000)) {
    throw invalid('RedrivePolicy', value, 'It needs deadLetterTargetArn, and maxReceiveCount from 1 to 1000.');
  }
  return { deadLetterTargetArn: policy.deadLetterTargetArn, maxReceiveCount };
}

/** Whether a queue with these attributes lets the queue of that ARN use it as its dead-letter queue. */
export function allowsSource(attributes: QueueAttributes, sourceArn: string): boolean {
  const value = attributes.RedriveAllowPolicy;
  if (!value) return true;
  const policy = parsePolicy('RedriveAllowPolicy', value) as Partial<RedriveAllowPolicy>;
  if (policy.redrivePermission === 'byQueue') return policy.sourceQueueArns?.includes(sourceArn) ?? false;
  return policy.redrivePermission !== 'denyAll';
}

/** An empty policy takes the policy away. */
function parsePolicy(name: string, value: string): object {
  if (value === '') return {};
  try {
    return Object(JSON.parse(value));
  } catch {
    throw invalid(name, value, 'It must be JSON.');
  }
}

function invalid(name: string, value: string, reason: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value ${value} for the attribute ${name}. ${reason}`);
}
