/** Every alarm on one metric, in one table. Burn rates and silence, which take several, stand beside. */
import { FAMILIES, PROVIDERS, type ProviderName } from '../../events';
import type { Outcome } from '../../lambdas/ingest/answers';
import { LOAD_SOURCE, METRIC } from '../../lambdas/platform/metric-names';
import { ROUTES } from '../routes';
import { type CompositeAlarm, type MetricAlarm, MISSING } from './definitions';
import { fallbackAlarms } from './fallback-alarms';
import {
  apiMetric,
  filledSum,
  MAXIMUM,
  type MonitoredParts,
  math,
  minutes,
  over,
  ownMetric,
  republishMetric,
  SAMPLE_COUNT,
  SUM,
  setAside,
  tableMetric,
} from './metrics';
import { silenceAlarms } from './silence';
import { burnRateAlarms } from './slo';

const FIVE = minutes(5);
const FIFTEEN = minutes(15);
const HOUR = minutes(60);

/** What Recall.ai does where a real-time endpoint answers anything but 2xx for long. */
const GIVEN_UP = 'Recall.ai gives up the endpoint after 60 tries, a second apart';

/** Alarms of Meetbus, to be made by CloudWatch. */
export function alarmsOf(parts: MonitoredParts): { metric: MetricAlarm[]; composite: CompositeAlarm[] } {
  const burnRates = burnRateAlarms(parts);
  const silence = silenceAlarms(parts);
  return {
    metric: [
      ...queueAlarms(parts),
      ...verifierAlarms(parts),
      ...gatewayAlarms(parts),
      ...providerAlarms(parts),
      ...deliveryAlarms(parts),
      ...eventAlarms(parts),
      ...fallbackAlarms(parts),
      ...silence.metric,
      ...burnRates.metric,
    ],
    composite: [...burnRates.composite, ...silence.composite],
  };
}

function queueAlarms({ lanes, buses }: MonitoredParts): MetricAlarm[] {
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
      metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: MAXIMUM, period: FIVE }),
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
      // A message that fails alone is tried again for so long; SQS leaves it out of the age after its third try.
      threshold: 600,
      periods: 3,
      missing: MISSING.idleQueue,
    },
  ];
}

function verifierAlarms({ ingress: { verifiers } }: MonitoredParts): MetricAlarm[] {
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
    ...ROUTES.map(({ path, slowestMs }) => ({
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

function gatewayAlarms(parts: MonitoredParts): MetricAlarm[] {
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

/** What becomes of a delivery that was refused, by the account of each provider. */
const AFTER_REFUSAL: Readonly<Record<ProviderName, string>> = {
  recall: `If the fault is ours: webhooks come again for 28 hours; real-time events are lost, and ${GIVEN_UP}.`,
  realtimekit: 'If the fault is ours, they are lost: RealtimeKit sends none of them again.',
};

function providerAlarms(parts: MonitoredParts): MetricAlarm[] {
  return PROVIDERS.flatMap((provider): MetricAlarm[] => {
    const refused = ownMetric(parts, METRIC.refused, { statistic: SUM, period: FIVE }, { provider });
    const all = ownMetric(parts, METRIC.refused, { statistic: SAMPLE_COUNT, period: FIVE }, { provider });
    const accepted = ownMetric(parts, METRIC.accepted, { statistic: SUM, period: FIVE }, { provider });
    const published = ownMetric(parts, METRIC.publishDelay, { statistic: SAMPLE_COUNT, period: FIVE }, { provider });
    return [
      {
        name: `refused-${provider}`,
        severity: 'page',
        section: 'Refused deliveries',
        meaning: `A fifth or more of the deliveries of ${provider} are refused. ${AFTER_REFUSAL[provider]}`,
        metric: math('IF(refused >= 10, 100 * refused / all, 0)', { refused, all }, FIVE),
        threshold: 20,
        periods: 2,
        missing: MISSING.noTraffic,
      },
      onlyRefused(parts, provider),
      {
        name: `unpublished-${provider}`,
        severity: 'page',
        section: 'Accepted but not published',
        meaning: `More deliveries of ${provider} are accepted than published, for a quarter of an hour.`,
        // What is on its way when a period ends is missing there, and too many in the next one: only what is on its way
        // at its end beyond what was at its beginning counts. A hundredth of five minutes comes in three seconds. An
        // event takes less, so traffic may grow as it likes. Two that fail in each period are an alarm, one alone is not.
        metric: math('0.99 * accepted - FILL(published, 0)', { accepted, published }, FIVE),
        threshold: 1.5,
        periods: 3,
        missing: MISSING.noTraffic,
      },
    ];
  });
}

/**
 * Few refusals and nothing else: too little traffic for a share to mean anything. A request without any signature or
 * token does not count, because `meetbus doctor` sends one to each route.
 */
function onlyRefused(parts: MonitoredParts, provider: ProviderName): MetricAlarm {
  const reading = { statistic: SUM, period: HOUR };
  const withOutcome = (outcome: Outcome) => ownMetric(parts, METRIC.delivery, reading, { provider, outcome });
  const usingMetrics = {
    refused: ownMetric(parts, METRIC.refused, reading, { provider }),
    accepted: ownMetric(parts, METRIC.accepted, reading, { provider }),
    unsigned: withOutcome('missing_header'),
    tokenless: withOutcome('missing_token'),
  };
  return {
    name: `only-refused-${provider}`,
    severity: 'ticket',
    section: 'Refused deliveries',
    meaning: `In an hour deliveries of ${provider} were refused, and none was accepted. ${AFTER_REFUSAL[provider]}`,
    // A sum leaves out metrics without data; `accepted` always has some, and is 0 here.
    metric: math('IF(accepted < 1, refused - SUM([accepted, unsigned, tokenless]), 0)', usingMetrics, HOUR),
    threshold: 3,
    missing: MISSING.noTraffic,
  };
}

function deliveryAlarms(parts: MonitoredParts): MetricAlarm[] {
  const reading = { statistic: SUM, period: FIVE };
  const notConfigured = { provider: 'recall', outcome: 'not_configured' satisfies Outcome } as const;
  const ignored = [LOAD_SOURCE.recallSecret, LOAD_SOURCE.realtimekitSecret].map((source) =>
    ownMetric(parts, METRIC.ignoredEntry, reading, { source }),
  );
  const operations = ['PutItem', 'UpdateItem', 'DeleteItem'] as const;
  const byProvider = PROVIDERS.map((provider) => ownMetric(parts, METRIC.failOpen, reading, { provider }));
  return [
    {
      name: 'not-configured',
      severity: 'page',
      section: 'Secret not configured',
      meaning: `Deliveries of Recall.ai cannot be checked: its secret is missing or holds nothing usable. They are answered 503: webhooks come again for 28 hours; ${GIVEN_UP}.`,
      metric: ownMetric(parts, METRIC.delivery, reading, notConfigured),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'set-aside',
      severity: 'ticket',
      section: 'Deliveries set aside',
      meaning:
        'Genuine deliveries did not come to subscribers, because nothing proved enough: of RealtimeKit whose webhook sent them, of Recall.ai more than a token. They are kept.',
      metric: over('SUM', setAside(parts, reading), FIVE),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'secret-entry-ignored',
      severity: 'ticket',
      section: 'Secret or key not loaded',
      meaning: 'A secret holds an entry that cannot be used, such as a token that is too short. It proves nothing.',
      metric: over('SUM', ignored, FIVE),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    ...Object.values(LOAD_SOURCE).map((source) => ({
      name: `load-${source}`,
      severity: 'ticket' as const,
      section: 'Secret or key not loaded',
      meaning: `The ${source} cannot be loaded. The last good one serves, so a rotation would not be noticed; a verifier that has none answers 503.`,
      metric: ownMetric(parts, METRIC.load, reading, { source, result: 'failed' }),
      threshold: 1,
      periods: 3,
      missing: MISSING.nothingHappened,
    })),
    {
      name: 'fail-open',
      severity: 'ticket',
      section: 'Fail-open',
      meaning: 'The table did not answer a verifier, which enqueued all the same. Nothing is lost.',
      metric: over('SUM', byProvider, FIVE),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'table-throttled',
      severity: 'ticket',
      section: 'Table throttled',
      meaning: 'DynamoDB throttles the table or fails: verifiers go on without it, consumers wait.',
      metric: filledSum(
        operations.flatMap((operation) => [
          tableMetric(parts, 'ThrottledRequests', operation, reading),
          tableMetric(parts, 'SystemErrors', operation, reading),
        ]),
        FIVE,
      ),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
  ];
}

function eventAlarms(parts: MonitoredParts): MetricAlarm[] {
  const reading = { statistic: SUM, period: FIVE };
  const undelivered = ['FailedInvocations', 'InvocationsFailedToBeSentToDlq'];
  const byProvider = PROVIDERS.map((provider) => ownMetric(parts, METRIC.unrecognized, reading, { provider }));
  return [
    {
      name: 'dead-endpoint',
      severity: 'page',
      section: 'Dead real-time endpoint',
      meaning:
        'Recall.ai has given up a real-time endpoint: no more real-time events of that bot come, and none is replayed. Its webhooks still come.',
      metric: ownMetric(parts, METRIC.deadEndpoint, reading, { provider: 'recall' }),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'unrecognized',
      severity: 'ticket',
      section: 'Unrecognized events',
      meaning: 'Genuine deliveries were not understood. They are on the intake bus; subscribers do not see them.',
      metric: over('SUM', byProvider, FIVE),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'republish-failed',
      severity: 'page',
      section: 'Events not brought to the shared bus',
      meaning:
        'EventBridge gave up bringing events from the intake bus to the shared bus. The archive of the intake bus has them.',
      metric: over(
        'SUM',
        undelivered.map((name) => republishMetric(parts, name, reading)),
        FIVE,
      ),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
  ];
}
