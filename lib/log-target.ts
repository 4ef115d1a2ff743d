/** A log group as the target of a rule, and the fields of an event that it logs. */
import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';

/** The services that write events to a log group. */
export const LOG_WRITERS = ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].map(
  (service) => new iam.ServicePrincipal(service),
);

/**
 * The fields of the line, which identify an event: only attributes. No value of theirs can break the line or forge
 * another member. The `data` may contain personal data and links.
 */
const FIELDS: Readonly<Record<string, string>> = {
  id: '$.detail.id',
  type: '$.detail.type',
  source: '$.detail.source',
  subject: '$.detail.subject',
  time: '$.detail.time',
  receivedtime: '$.detail.receivedtime',
  providerevent: '$.detail.providerevent',
  deliveryid: '$.detail.deliveryid',
  correlationid: '$.detail.correlationid',
  // Not every event has one: if a path finds nothing, EventBridge leaves the member empty.
  bot: '$.detail.botid',
};

/**
 * The target: one line of JSON for each event, without its data. The log group's policy must allow {@link LOG_WRITERS}
 * to write.
 */
export const logTarget = (logGroup: logs.ILogGroup) => ({
  // `logGroupArn` ends in `:*`, which no target may.
  arn: Stack.of(logGroup).formatArn({ service: 'logs', resource: `log-group:${logGroup.logGroupName}` }),
  input: logLine(),
});

function logLine(): events.RuleTargetInput {
  const fields = Object.entries(FIELDS).map(([name, path]) => [name, events.EventField.fromPath(path)]);
  // For a log group the message must be a string, not an object.
  const message = JSON.stringify(Object.fromEntries(fields));
  return events.RuleTargetInput.fromObject({ timestamp: events.EventField.time, message });
}
