/** The metrics that AWS's services make of themselves, under AWS's names and dimensions. */
import type { AccessContext } from '../api-gateway/server';
import type { DeliveryReport, RuleIdentity } from '../eventbridge/types';
import { DEFAULT_BUS } from '../eventbridge/types';
import type { CallReport } from '../front-door';
import type { InvocationReport } from '../lambda/lambda-function';
import { AwsError } from '../service';
import { oldestAgeSeconds } from '../sqs/message';
import type { Queue } from '../sqs/queue';
import type { Datum } from './metric-store';

type Dimensions = Readonly<Record<string, string>>;

/** The same values under several sets of dimensions. */
function dataOf(namespace: string, sets: readonly Dimensions[], values: Readonly<Record<string, number>>): Datum[] {
  return sets.flatMap((dimensions) =>
    Object.entries(values).map(([name, value]) => ({ namespace, name, dimensions, value })),
  );
}

/** What API Gateway makes of a request: for the API, for its stage, and for the method, as detailed metrics do. */
export function requestMetrics(ApiName: string, access: AccessContext): Datum[] {
  const { stage, resourcePath, httpMethod, status, responseLatency, integrationLatency } = access;
  const Stage = String(stage);
  const method = { ApiName, Stage, Resource: String(resourcePath), Method: String(httpMethod) };
  return dataOf('AWS/ApiGateway', [{ ApiName }, { ApiName, Stage }, ...(resourcePath === undefined ? [] : [method])], {
    Count: 1,
    '4XXError': Number(Number(status) >= 400 && Number(status) < 500),
    '5XXError': Number(Number(status) >= 500),
    Latency: Number(responseLatency),
    ...(integrationLatency !== undefined && { IntegrationLatency: Number(integrationLatency) }),
  });
}

/** What Lambda makes of an invocation. One that is throttled never ran, so it counts as a throttle alone. */
export function invocationMetrics({ functionName, failure, milliseconds, concurrent }: InvocationReport): Datum[] {
  const sets: Dimensions[] = [{ FunctionName: functionName }, {}];
  if (failure === 'too_large') return [];
  if (failure === 'throttled') return dataOf('AWS/Lambda', sets, { Throttles: 1 });
  return dataOf('AWS/Lambda', sets, {
    Invocations: 1,
    Errors: Number(failure !== undefined),
    Throttles: 0,
    Duration: milliseconds,
    ConcurrentExecutions: concurrent,
  });
}

/** A rule of the default bus is known by its name alone. */
const ruleDimensions = ({ name, busName }: RuleIdentity): Dimensions =>
  busName === DEFAULT_BUS ? { RuleName: name } : { EventBusName: busName, RuleName: name };

/** What EventBridge makes of an event that a rule matches. */
export const matchMetrics = (rule: RuleIdentity): Datum[] =>
  dataOf('AWS/Events', [ruleDimensions(rule), { EventBusName: rule.busName }], { MatchedEvents: 1, TriggeredRules: 1 });

/** What EventBridge makes of the end of a delivery. A retry is not the end, and zeros are never sent. */
export function deliveryMetrics(report: DeliveryReport, now: number): Datum[] {
  if (report.status === 'no_such_bus' || report.status === 'retrying' || report.status === 'abandoned') return [];
  const { status, rule, event } = report;
  return dataOf('AWS/Events', [ruleDimensions(rule)], {
    Invocations: 1,
    InvocationAttempts: report.retries + 1,
    ...(report.retries > 0 && { RetryInvocationAttempts: report.retries }),
    ...(status === 'delivered'
      ? { SuccessfulInvocationAttempts: 1, IngestionToInvocationSuccessLatency: now - event.ingestedAt }
      : { FailedInvocations: 1 }),
    ...(status === 'dead_lettered' && { InvocationsSentToDlq: 1 }),
  });
}

const THROTTLING = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'];

/** What DynamoDB makes of a call for one table. Batches and what names no table have none. */
export function tableMetrics({ invocation, milliseconds, error }: CallReport): Datum[] {
  const { TableName: nameOrArn } = invocation.input as { readonly TableName?: string };
  if (!invocation.service.targetPrefix.startsWith('DynamoDB') || typeof nameOrArn !== 'string') return [];
  const TableName = nameOrArn.split('/').at(-1) ?? '';
  const sets = [{ TableName, Operation: invocation.operation }];
  if (error === undefined) return dataOf('AWS/DynamoDB', sets, { SuccessfulRequestLatency: milliseconds });
  const { code, status } = error instanceof AwsError ? error : { code: '', status: 500 };
  if (THROTTLING.includes(code)) return dataOf('AWS/DynamoDB', [...sets, { TableName }], { ThrottledRequests: 1 });
  if (code === 'ConditionalCheckFailedException') {
    return dataOf('AWS/DynamoDB', [{ TableName }], { ConditionalCheckFailedRequests: 1 });
  }
  return status >= 500 ? dataOf('AWS/DynamoDB', sets, { SystemErrors: 1 }) : [];
}

/** Returns the metrics of the queues since the last call: messages that they hold, and messages sent and received. */
export function queueMeter(queues: () => readonly Queue[], now: () => number): () => Datum[] {
  const told = new WeakMap<Queue, Queue['traffic']>();
  return () =>
    queues().flatMap((queue) => {
      const before = told.get(queue) ?? { sent: 0, received: 0, deleted: 0 };
      const { sent, received, deleted } = queue.traffic;
      told.set(queue, { sent, received, deleted });
      const { visible, inFlight, delayed } = queue.counts();
      return dataOf('AWS/SQS', [{ QueueName: queue.name }], {
        ApproximateNumberOfMessagesVisible: visible,
        ApproximateNumberOfMessagesNotVisible: inFlight,
        ApproximateNumberOfMessagesDelayed: delayed,
        ApproximateAgeOfOldestMessage: oldestAgeSeconds(queue.messages(), now()),
        NumberOfMessagesSent: sent - before.sent,
        NumberOfMessagesReceived: received - before.received,
        NumberOfMessagesDeleted: deleted - before.deleted,
      });
    });
}
