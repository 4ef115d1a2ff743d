/** Alarms on queues: dead-lettered messages, and messages that wait. */
import { FAMILIES } from '@meetbus/events';
import { type MetricAlarm, MISSING } from './definitions';
import { MAXIMUM, type MonitoredParts, minutes, over } from './metrics';

/** Dead-letter queues that hold messages, and messages that wait too long. */
export function queueAlarms({ lanes, buses }: MonitoredParts): MetricAlarm[] {
  const deadLetterQueues = [
    ...FAMILIES.map((family) => [family, lanes[family].deadLetterQueue] as const),
    ['republish', buses.republishDeadLetterQueue] as const,
  ];
  const ages = FAMILIES.map((family) =>
    lanes[family].queue.metricApproximateAgeOfOldestMessage({ statistic: MAXIMUM, period: minutes(1) }),
  );
  return [
    ...deadLetterQueues.map(([name, queue]) => ({
      name: `dlq-${name}`,
      severity: 'ticket' as const,
      section: 'Dead-letter queue not empty',
      meaning:
        name === 'republish'
          ? 'Events could not be brought to the shared bus. They are kept here for 14 days, and in the archive of the intake bus.'
          : `Accepted deliveries of the ${name} family could not be published. They are kept until 14 days after their receipt.`,
      metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: MAXIMUM, period: minutes(5) }),
      threshold: 1,
      missing: MISSING.idleQueue,
    })),
    {
      name: 'oldest-message',
      severity: 'page',
      section: 'Oldest message',
      meaning:
        'Deliveries wait in a queue for more than ten minutes: a consumer does not keep up, or does not run. After 4 days they are deleted.',
      metric: over('MAX', ages, minutes(1)),
      // A message that fails on its own is retried for that long; SQS excludes it from the age after its third receive.
      threshold: 600,
      periods: 3,
      missing: MISSING.idleQueue,
    },
  ];
}
