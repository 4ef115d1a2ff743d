/** Alarms on the ingress: the API, and its verifiers. */
import { METRIC } from '../../lambdas/platform/metric-names';
import { type MetricAlarm, MISSING, onSum } from './definitions';
import { apiMetric, type MonitoredParts, math, minutes, ownMetric, SUM } from './metrics';
import { afterFailure } from './sentences';

const FIVE = minutes(5);
const FIFTEEN = minutes(15);

/** Verifiers that fail, are throttled, or are slow. */
export function verifierAlarms({
  ingress: { verifiers },
  configuration: { providers },
}: MonitoredParts): MetricAlarm[] {
  const all = Object.values(verifiers);
  const reading = { statistic: SUM, period: FIVE };
  return [
    ...onSum(
      {
        name: 'verifier-errors',
        severity: 'ticket',
        section: 'Verifier errors',
        meaning: `A verifier crashed or ran out of time. The provider saw a 502.${afterFailure(providers)}`,
        missing: MISSING.nothingHappened,
      },
      all.map((verifier) => verifier.metricErrors(reading)),
      FIVE,
    ),
    ...onSum(
      {
        name: 'verifier-throttles',
        severity: 'ticket',
        section: 'Verifier throttles',
        meaning: `Lambda would not run a verifier: the account has no concurrency left. The provider saw a 503.${afterFailure(providers)}`,
        missing: MISSING.nothingHappened,
      },
      all.map((verifier) => verifier.metricThrottles(reading)),
      FIVE,
    ),
    ...providers
      .flatMap(({ routes }) => routes)
      .map(({ path, slowestMs }) => ({
        name: `verifier-duration-${path.replaceAll('/', '-')}`,
        severity: 'ticket' as const,
        section: 'Verifier duration',
        meaning: `The slowest hundredth of the answers of POST /${path} takes longer than ${slowestMs} milliseconds. Its provider does not wait much longer.`,
        metric: verifiers[path]!.metricDuration({ statistic: 'p99', period: FIVE }),
        threshold: slowestMs,
        periods: 3,
        missing: MISSING.noTraffic,
      })),
  ];
}

/** Requests that API Gateway refuses itself, and all 5xx responses. */
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
      meaning: `For a quarter of an hour some deliveries were answered 5xx.${afterFailure(parts.configuration.providers)}`,
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
