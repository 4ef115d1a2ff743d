/** A log group as the target of a rule, and what of an event may stand in it. */
import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';

/** Who brings events to a log group. */
export const LOG_WRITERS = ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].map(
  (service) => new iam.ServicePrincipal(service),
);

/**
 * What finds an event again, by its name in the line: attributes alone. They are made so that no value can break the line, or
 * pass for another member of it. Data may hold personal data and links.
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
  // Not every event has one: EventBridge leaves out what a path does not find, and the member is empty then.
  bot: '$.detail.botid',
};

/** The target: one line of JSON for each event, without its data. The log group's policy has to allow it to {@link LOG_WRITERS}. */
export const logTarget = (logGroup: logs.ILogGroup) => ({
  // `logGroupArn` ends in `:*`, which no target may.
  arn: Stack.of(logGroup).formatArn({ service: 'logs', resource: `log-group:${logGroup.logGroupName}` }),
  input: logLine(),
});

function logLine(): events.RuleTargetInput {
  const fields = Object.entries(FIELDS).map(([name, path]) => [name, events.EventField.fromPath(path)]);
  // A log group takes a text as the message, and no object.
  const message = JSON.stringify(Object.fromEntries(fields));
  return events.RuleTargetInput.fromObject({ timestamp: events.EventField.time, message });
}
