/** Saved queries of CloudWatch Logs Insights, which the runbook uses. The stack saves them, and commands run them. */
import { SET_ASIDE_REASONS } from '@meetbus/events';
import { ANSWERS } from '../../lambdas/ingest/answers';
import type { Provider } from '../../providers/provider';

/** The log groups that a query can search, and the output of the stack that lists them, separated by commas. */
export const LOG_GROUPS_OUTPUT = {
  verifiers: 'VerifierLogGroupNames',
  consumers: 'ConsumerLogGroupNames',
  functions: 'FunctionLogGroupNames',
  requests: 'RequestLogGroupNames',
  events: 'EventLogGroupNames',
  everything: 'LogGroupNames',
} as const;

/** The log groups that a query searches: `requests` is the API's access log, `events` the shared bus's log. */
export type LoggedBy = keyof typeof LOG_GROUPS_OUTPUT;

/** One saved query. */
export interface SavedQuery {
  /** In kebab case; the query's name is `<name of the Meetbus>/<name>`. */
  readonly name: string;
  /** What it shows, in a few words. */
  readonly shows: string;
  readonly of: LoggedBy;
  /** Commands of the query; pipes are added between them. */
  readonly commands: readonly string[];
}

/** Placeholder for the id in a query. */
export const ID_PLACEHOLDER = 'PUT-AN-ID-HERE';

/** The text of a query. Each command is a line; all but the first begin with a pipe. */
export const queryStringOf = (commands: readonly string[]): string => commands.join('\n| ');

/** The outcomes that are answered 200, as a query has them. */
const TAKEN_IN = Object.entries(ANSWERS)
  .filter(([, { statusCode }]) => statusCode === 200)
  .map(([outcome]) => `"${outcome}"`)
  .join(', ');

/** Finds the log lines of deliveries that were not taken in. */
export const NOT_TAKEN_IN = `filter message = "delivery" and outcome not in [${TAKEN_IN}]`;

/** The queries of every Meetbus. */
const GENERAL: readonly SavedQuery[] = [
  {
    name: 'one-event',
    shows: 'every line about one event, delivery or request (--id)',
    of: 'everything',
    commands: [
      'fields @timestamp, @log, message, outcome, milliseconds, @message',
      `filter @message like "${ID_PLACEHOLDER}"`,
      'sort @timestamp asc',
      'limit 200',
    ],
  },
  {
    name: 'refusals-by-reason',
    shows: 'deliveries that were not taken in, by provider and reason',
    of: 'verifiers',
    commands: [
      NOT_TAKEN_IN,
      'stats count(*) as deliveries, max(@timestamp) as latest by provider, outcome',
      'sort deliveries desc',
    ],
  },
  {
    name: 'deliveries-by-outcome',
    shows: 'all deliveries, by provider and outcome',
    of: 'verifiers',
    commands: [
      'filter message = "delivery"',
      'stats count(*) as deliveries, max(@timestamp) as latest by provider, outcome',
      'sort deliveries desc',
    ],
  },
  {
    name: 'slowest-deliveries',
    shows: 'deliveries, the slowest first',
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
    shows: 'what functions failed with, by error',
    of: 'functions',
    commands: [
      'filter ispresent(error.name)',
      'stats count(*) as failures, max(@timestamp) as latest by message, error.name, error.message, error.cause.name, error.cause.code',
      'sort failures desc',
      'limit 50',
    ],
  },
  {
    name: 'set-aside',
    shows: 'deliveries that were not fully proved, by reason, event and sender',
    of: 'verifiers',
    commands: [
      `filter message = "delivery" and unrecognized in ${JSON.stringify(SET_ASIDE_REASONS)}`,
      'stats count(*) as deliveries, max(@timestamp) as latest by unrecognized, providerEvent, organizationId, webhookId',
      'sort deliveries desc',
      'limit 1000',
    ],
  },
  {
    name: 'secret-entries-ignored',
    shows: 'entries of secrets that cannot be used, and why',
    of: 'verifiers',
    commands: [
      'filter message = "secret_entry_ignored"',
      'stats count(*) as loads, max(@timestamp) as latest by secretName, why',
      'sort latest desc',
    ],
  },
  {
    name: 'unrecognized-names',
    shows: 'events that were not understood, by name',
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
    shows: 'events that consumers fail with, by event',
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
    shows: 'requests that the gateway refused itself, by path and sender',
    of: 'requests',
    commands: [
      // Status of Lambda's API: 200 if a verifier ran, a higher number if Lambda did not run it, otherwise a hyphen.
      'filter status >= 400 and integrationStatus != "200"',
      'stats count(*) as requests, max(@timestamp) as latest by path, method, status, integrationStatus, responseType, sourceIp',
      'sort requests desc',
      'limit 50',
    ],
  },
  {
    name: 'stored-deliveries',
    shows: 'deliveries that a queue did not take, and what was not brought back',
    of: 'functions',
    commands: [
      'filter message in ["queue_unavailable", "not_brought_back"]',
      'stats count(*) as times, max(@timestamp) as latest by message, key, error.name, error.message',
      'sort latest desc',
      'limit 100',
    ],
  },
  {
    name: 'loads-failed',
    shows: 'secrets and keys that could not be loaded',
    of: 'functions',
    commands: [
      'filter message in ["secret_unavailable", "public_key_unavailable", "public_key_store_unavailable"]',
      'fields @timestamp, message, error.name, error.message, error.cause.name, error.cause.code',
      'sort @timestamp desc',
      'limit 50',
    ],
  },
];

/** The saved queries of a Meetbus with these providers. */
export const savedQueriesOf = (providers: readonly Provider[]): readonly SavedQuery[] => [
  ...GENERAL,
  ...deadEndpointsOf(providers),
];

function deadEndpointsOf(providers: readonly Provider[]): SavedQuery[] {
  const events = providers.flatMap(({ deadEndpoints }) => deadEndpoints?.event ?? []).map((event) => `"${event}"`);
  if (events.length === 0) return [];
  return [
    {
      name: 'dead-endpoints',
      shows: 'real-time endpoints that a provider gave up, with their bots',
      of: 'events',
      commands: [
        `filter providerevent ${events.length === 1 ? `= ${events[0]}` : `in [${events.join(', ')}]`}`,
        'fields @timestamp, bot, subject, id',
        'sort @timestamp desc',
        'limit 200',
      ],
    },
  ];
}
