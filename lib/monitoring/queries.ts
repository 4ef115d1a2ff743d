/** Saved queries of CloudWatch Logs Insights: the questions that the runbook asks. */
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { MonitoredParts } from './metrics';

interface SavedQuery {
  /** Kebab case; the query is called `<name of the Meetbus>/<name>`. */
  readonly name: string;
  readonly of: 'verifiers' | 'consumers' | 'functions' | 'requests' | 'events' | 'everything';
  /** Commands of the query, one each; the pipes are set between them. */
  readonly commands: readonly string[];
}

const ID = 'PUT-AN-ID-HERE';

export const SAVED_QUERIES: readonly SavedQuery[] = [
  {
    name: 'one-event',
    of: 'everything',
    commands: [
      'fields @timestamp, @log, message, outcome, milliseconds, @message',
      `filter @message like "${ID}"`,
      'sort @timestamp asc',
      'limit 200',
    ],
  },
  {
    name: 'refusals-by-reason',
    of: 'verifiers',
    commands: [
      'filter message = "delivery" and outcome not in ["accepted", "accepted_again", "duplicate"]',
      'stats count(*) as deliveries, max(@timestamp) as latest by provider, outcome',
      'sort deliveries desc',
    ],
  },
  {
    name: 'slowest-deliveries',
    of: 'verifiers',
    commands: [
      'filter message = "delivery"',
      'fields @timestamp, provider, providerEvent, outcome, milliseconds, eventId, correlationId',
      'sort milliseconds desc',
      'limit 50',
    ],
  },
  {
    name: 'failures-by-error',
    of: 'functions',
    commands: [
      'filter ispresent(error.name)',
      'stats count(*) as failures, max(@timestamp) as latest by message, error.name, error.message, error.cause.name',
      'sort failures desc',
      'limit 50',
    ],
  },
  {
    name: 'unrecognized-names',
    of: 'consumers',
    commands: [
      'filter message = "event" and type = "event.unrecognized"',
      'stats count(*) as events, max(@timestamp) as latest by providerEvent, family',
      'sort events desc',
      'limit 100',
    ],
  },
  {
    name: 'on-the-way-to-a-dlq',
    of: 'consumers',
    commands: [
      'filter message = "event" and outcome = "failed"',
      'stats count(*) as failures, max(@timestamp) as latest by family, eventId, providerEvent, error.message',
      'sort failures desc',
      'limit 100',
    ],
  },
  {
    name: 'gateway-refusals',
    of: 'requests',
    commands: [
      // That of Lambda's API: 200 wherever a verifier ran, a number above where Lambda would not run it, else a hyphen.
      'filter status >= 400 and integrationStatus != "200"',
      'stats count(*) as requests, max(@timestamp) as latest by path, method, status, integrationStatus, responseType, sourceIp',
      'sort requests desc',
      'limit 50',
    ],
  },
  {
    name: 'dead-endpoints',
    of: 'events',
    commands: [
      'filter @message like "providerevent=realtime_endpoint.failed"',
      'parse @message " bot=*" as bot',
      'fields @timestamp, bot, @message',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  {
    name: 'loads-failed',
    of: 'verifiers',
    commands: [
      'filter message in ["secret_unavailable", "public_key_unavailable", "public_key_store_unavailable", "secret_entries_ignored"]',
      'fields @timestamp, message, error.name, error.message, error.cause.name',
      'sort @timestamp desc',
      'limit 50',
    ],
  },
];

/** The saved queries, each over the log groups that it is about. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { name, ingress, lanes, buses }: MonitoredParts) {
    super(scope, id);
    const verifiers = Object.values(ingress.verifiers).map(({ logGroup }) => logGroup);
    const consumers = Object.values(lanes).map(({ consumer }) => consumer.logGroup);
    const functions = [...verifiers, ...consumers];
    const groups = {
      verifiers,
      consumers,
      functions,
      requests: [ingress.accessLogs],
      events: [buses.sharedLogGroup],
      everything: [ingress.accessLogs, ...functions, buses.sharedLogGroup],
    };
    for (const query of SAVED_QUERIES) {
      new logs.CfnQueryDefinition(this, query.name, {
        name: `${name}/${query.name}`,
        queryString: query.commands.join('\n| '),
        logGroupNames: groups[query.of].map(({ logGroupName }) => logGroupName),
      });
    }
  }
}
