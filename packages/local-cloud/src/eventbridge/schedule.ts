/** Schedules of rules: `rate(5 minutes)`. */

import { randomUUID } from 'node:crypto';
import { AwsError, LOCAL_ACCOUNT, LOCAL_REGION } from '../service';
import type { BusEvent } from './types';

const UNITS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Milliseconds between two runs of a schedule.
 *
 * @throws AwsError `ValidationException`, also for `cron(…)`, which the local cloud does not run
 */
export function periodOf(expression: string): number {
  const [, count = '', unit = '', plural = ''] = /^rate\((\d{1,6}) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  // AWS takes neither "1 minutes" nor "5 minute".
  if (Number(count) > 0 && Number(count) > 1 === (plural === 's')) return Number(count) * UNITS_MS[unit]!;
  if (expression.startsWith('cron(')) {
    throw invalid(`The local cloud does not run ${expression}: it runs rate(…) only.`);
  }
  throw invalid('Parameter ScheduleExpression is not valid.');
}

/** The event that a rule's schedule sends to its targets. */
export function scheduledEvent(ruleArn: string, now: Date): BusEvent {
  const envelope = {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: LOCAL_ACCOUNT,
    time: `${now.toISOString().slice(0, 19)}Z`,
    region: LOCAL_REGION,
    resources: [ruleArn],
    detail: {},
  };
  return {
    id: envelope.id,
    detailType: envelope['detail-type'],
    source: envelope.source,
    time: envelope.time,
    resources: envelope.resources,
    detail: '{}',
    text: JSON.stringify(envelope),
    ingestedAt: now.getTime(),
    forwarded: false,
  };
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
