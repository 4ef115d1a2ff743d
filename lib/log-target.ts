/** A log group as the target of a rule, and what of an event may stand in it. */
import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';

/** Who brings events to a log group. */
export const LOG_WRITERS = ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].map(
  (service) => new iam.ServicePrincipal(service),
);

/** Attributes that find an event again. Its data stays out: it may hold personal data and download links. */
const ATTRIBUTES = [
  'id',
  'type',
  'source',
  'subject',
  'time',
  'receivedtime',
  'providerevent',
  'deliveryid',
  'correlationid',
];

/** The target: one line for each event, without its data. The log group's policy has to allow it to {@link LOG_WRITERS}. */
export const logTarget = (logGroup: logs.ILogGroup) => ({
  // `logGroupArn` ends in `:*`, which no target may.
  arn: Stack.of(logGroup).formatArn({ service: 'logs', resource: `log-group:${logGroup.logGroupName}` }),
  input: logLine(),
});

function logLine(): events.RuleTargetInput {
  const message = ATTRIBUTES.map((name) => `${name}=${events.EventField.fromPath(`$.detail.${name}`)}`).join(' ');
  return events.RuleTargetInput.fromObject({ timestamp: events.EventField.time, message });
}
