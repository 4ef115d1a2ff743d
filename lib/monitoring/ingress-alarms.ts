/** Alarms on the way in: the verifiers, and the gateway in front of them. */
import { METRIC } from '../../lambdas/platform/metric-names';
import { GIVEN_UP, type MetricAlarm, MISSING } from './definitions';
import { apiMetric, type MonitoredParts, math, minutes, over, ownMetric, SUM } from './metrics';

const FIVE = minutes(5);
const FIFTEEN = minutes(15);

/** Verifiers that fail, find no room to run, or are slow. */
export function verifierAlarms({
  ingress: { verifiers },
  configuration: { providers },
}: MonitoredParts): MetricAlarm[] {
  const all = Object.values(verifiers);
  const reading = { statistic: SUM, period: FIVE };
  return [
    {
      name: 'verifier-errors',
      severity: 'ticket',
      section: 'Verifier errors',
      meaning: 'A verifier crashed or ran out of time; the provider saw a 502, and tries again.',
      metric: over(
        'SUM',
        all.map((verifier) => verifier.metricErrors(reading)),
        FIVE,
      ),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'verifier-throttles',
      severity: 'ticket',
      section: 'Verifier throttles',
      meaning: `Lambda would not run a verifier: the account has no concurrency left. The provider saw a 503, and tries again; ${GIVEN_UP}.`,
      metric: over(
        'SUM',
        all.map((verifier) => verifier.metricThrottles(reading)),
        FIVE,
      ),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    ...providers
      .flatMap(({ routes }) => routes)
      .map(({ path, slowestMs }) => ({
        name: `verifier-duration-${path.replace('/', '-')}`,
        severity: 'ticket' as const,
        section: 'Verifier duration',
        meaning: `Answers of POST /${path} are slower than its provider takes well: the slowest hundredth.`,
        metric: verifiers[path]!.metricDuration({ statistic: 'p99', period: FIVE }),
        threshold: slowestMs,
        periods: 3,
        missing: MISSING.noTraffic,
      })),
  ];
}

/** Requests that the gateway refuses itself, and answers of 5xx, whoever gave them. */
export function gatewayAlarms(parts: MonitoredParts): MetricAlarm[] {
  const gatewayRefusals = {
    clientErrors: apiMetric(parts, '4XXError', { statistic: SUM, period: FIFTEEN }),
    refused: ownMetric(parts, METRIC.refused, { statistic: SUM, period: FIFTEEN }),
  };
  return [
    {
      name: 'gateway-5xx',
      severity: 'ticket',
      section: 'Gateway 5xx',
      meaning: `For a quarter of an hour some deliveries were answered 5xx. Providers try these again; ${GIVEN_UP}.`,
      metric: apiMetric(parts, '5XXError', { statistic: SUM, period: FIVE }),
      threshold: 1,
      periods: 3,
      missing: MISSING.noTraffic,
    },
    {
      name: 'gateway-4xx',
      severity: 'ticket',
      section: 'Gateway 4xx',
      meaning:
        'API Gateway itself refuses requests, before a verifier sees them: wrong path or method, or a body that is too large.',
      metric: math('clientErrors - FILL(refused, 0)', gatewayRefusals, FIFTEEN),
      threshold: 20,
      missing: MISSING.noTraffic,
    },
  ];
}
