/**
 * The handler of the prober. A schedule, or the doctor, invokes it to send: one delivery for each family, through the API. A rule on
 * the shared bus invokes it with each event that came of them. docs/adr/0016-probe.md explains the design.
 */
import { randomUUID } from 'node:crypto';
import { PROBE_NAME, PROBE_ROUTE } from '../../providers/probe/names';
import { readProbeSecret } from '../../providers/probe/secret';
import { PROBED_FAMILIES } from '../../providers/probe/types';
import { createCache } from '../platform/cache';
import { createSecretsManagerClient } from '../platform/clients';
import { requiredVariable } from '../platform/environment';
import { describeError, logger } from '../platform/logger';
import { METRIC, record, recordWith } from '../platform/metrics';
import { readJsonSecret } from '../platform/secrets';
import { type Arrival, isEvent, readArrival, TOO_LATE_MS } from './arrival';
import { post } from './post';
import { type Attempt, createSend } from './send';

const FIVE_MINUTES_MS = 5 * 60_000;

/**
 * Milliseconds after which a run of the schedule is left out. While Lambda cannot run the function, it keeps invocations for up to
 * six hours, and then runs all of them at once: thousands of deliveries would need the concurrency that real ones wait for.
 */
const OVERDUE_MS = 2 * 60_000;

/** What a run sent. */
export interface SentRun {
  /** The events that come back have this id. */
  readonly run: string;
  readonly attempts: readonly Attempt[];
}

/** Ids of events that this execution environment has measured: EventBridge may deliver an event twice. */
const REMEMBERED = 100;

/** Saved queries find failures by their error. */
const whyNot = ({ status, error }: Attempt): object =>
  error ?? { name: 'NotAccepted', message: `The API answered ${status}.` };

/** The doctor's invocations have no time. */
const isOverdue = (event: unknown, now: number): boolean => now - Date.parse(Object(event).time) > OVERDUE_MS;

/** Makes the Lambda handler. What goes wrong on the way is measured and logged, and no error of the function. */
export function createProber() {
  const url = new URL(PROBE_ROUTE, requiredVariable('API_URL'));
  const secretName = requiredVariable('SECRET_NAME');
  const client = createSecretsManagerClient();
  const keys = createCache({
    metricSource: `${PROBE_NAME}-secret`,
    maxAgeMs: FIVE_MINUTES_MS,
    load: async () => readProbeSecret(await readJsonSecret(client, secretName)).keys,
    onFailure: (error) => logger.error('secret_unavailable', { secretName, error: describeError(error) }),
  });
  const send = createSend({ keys, post: (delivery) => post(url, delivery), now: Date.now });
  const measured = new Set<string>();

  const sendRun = async (): Promise<SentRun> => {
    const run = randomUUID();
    const attempts = await Promise.all(PROBED_FAMILIES.map((family) => send(family, run)));
    for (const attempt of attempts) {
      record({ [METRIC.probeAnswer]: attempt.milliseconds }, {});
      if (attempt.status !== 200) logger.error('probe_not_accepted', { run, ...attempt, error: whyNot(attempt) });
    }
    return { run, attempts };
  };

  const measure = ({ id, run, family, legs }: Arrival): void => {
    if (measured.has(id)) return;
    measured.add(id);
    if (measured.size > REMEMBERED) measured.delete(measured.values().next().value!);
    // Its absence has been reported, and its time would say nothing of today.
    if (legs.total > TOO_LATE_MS) {
      logger.warn('probe_too_late', { run, family, milliseconds: legs.total });
      return;
    }
    recordWith({ run }, { [METRIC.probeTime]: legs.total }, {}, { family });
    recordWith({ run, family }, { [METRIC.probeQueue]: legs.queue, [METRIC.probeBuses]: legs.buses }, {});
  };

  return async (event: unknown): Promise<SentRun | undefined> => {
    const now = Date.now();
    if (isEvent(event)) {
      const arrival = readArrival(event, now);
      if (arrival) measure(arrival);
      else logger.error('probe_not_readable', { type: event['detail-type'] });
      return undefined;
    }
    if (!isOverdue(event, now)) return sendRun();
    logger.warn('probe_overdue', { time: Object(event).time });
    return undefined;
  };
}
