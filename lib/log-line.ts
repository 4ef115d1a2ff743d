/** What of an event may stand in a log. */
import * as events from 'aws-cdk-lib/aws-events';

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

/** Input of a log group target: one line for each event, without its data. */
export function logLine(): events.RuleTargetInput {
  const message = ATTRIBUTES.map((name) => `${name}=${events.EventField.fromPath(`$.detail.${name}`)}`).join(' ');
  return events.RuleTargetInput.fromObject({ timestamp: events.EventField.time, message });
}
