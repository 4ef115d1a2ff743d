/** The settings of an operator. `configuration.ts` checks them; the compiler reports a setting without a check. */

import type { BuiltInSettings } from '../providers';
import type { Provider } from '../providers/provider';

/** Settings of a Meetbus; every one has a default. */
export interface MeetbusSettings extends BuiltInSettings {
  /**
   * Prefix of the names of the buses, the API, the schema registry, the shared bus's log group, alarms, dashboards and
   * saved queries: 1 to 48 letters, digits, dots, hyphens and underscores.
   *
   * @default - the name of the stack
   */
  readonly name?: string;
  /**
   * The providers. Each is made by its function, such as `acme()`, or is the name of a built-in one, whose settings are under its
   * name.
   *
   * @default - those of `DEFAULT_PROVIDERS`
   */
  readonly providers?: readonly (Provider | keyof BuiltInSettings)[];
  readonly firewall?: FirewallSettings;
  readonly alarms?: AlarmSettings;
  readonly probe?: ProbeSettings;
  readonly repair?: RepairSettings;
  /**
   * Publish the schema of every event type in an EventBridge schema registry. Set false in a region without that
   * service.
   *
   * @default true
   */
  readonly schemas?: boolean;
  /**
   * ARNs of IAM roles and users that may put events on the buses, messages on the queues and objects into the bucket,
   * besides Meetbus's own roles. Each also needs that permission in its own policy. Meetbus trusts what they write.
   *
   * @default []
   */
  readonly trustedPrincipals?: readonly string[];
  /**
   * Days for which the archives of both buses keep events.
   *
   * @default 30
   */
  readonly archiveDays?: number;
  /**
   * Days for which logs are kept: a period that CloudWatch Logs knows, up to 731.
   *
   * @default 30
   */
  readonly logDays?: number;
  /**
   * Lowest level that the functions log.
   *
   * @default "INFO"
   */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /**
   * Maximum concurrent executions of each consumer, from 2 to 1000.
   *
   * @default 50
   */
  readonly consumerConcurrency?: number;
  /**
   * Set the role with which API Gateway writes logs. The whole account and region share it: set false if another stack
   * sets it.
   *
   * @default true
   */
  readonly apiGatewayAccountRole?: boolean;
}

/** Settings of AWS WAF in front of the API. */
export interface FirewallSettings {
  /**
   * Requests of one address in five minutes above which AWS WAF answers 503; at least 100.
   *
   * @default - there is no firewall
   */
  readonly requestsPerFiveMinutes?: number;
}

/** Settings of the probe, which goes end to end, from the API to the shared bus, and back. */
export interface ProbeSettings {
  /**
   * Minutes from one run to the next, up to 60. 0 turns the probe off: then it has no resources. An alarm fires after five minutes
   * without it, or after three runs if that is longer.
   *
   * @default 1
   */
  readonly everyMinutes?: number;
}

/** Settings of the function that asks the APIs of providers about what has begun and not ended. */
export interface RepairSettings {
  /**
   * Ask them. Each needs a secret `meetbus/<provider>-api` with a key.
   *
   * @default false
   */
  readonly enabled?: boolean;
  /**
   * Minutes between two runs, from 5 to 60.
   *
   * @default 15
   */
  readonly everyMinutes?: number;
  /**
   * Requests that a run may send to one API, from 10 to 100, retries included. A day has twenty times as many.
   *
   * @default 60
   */
  readonly requestsPerRun?: number;
}

/** Settings for alarms. */
export interface AlarmSettings {
  /**
   * Email address that receives every alarm; SNS first sends an email that asks for confirmation.
   *
   * @default - nobody; subscribe to the topic of the output `AlarmTopicArn`
   */
  readonly email?: string;
  /**
   * Minutes without a new delivery, while bots or meetings are live, after which the silence alarm fires, from 5 to
   * 480. If every bot has a real-time endpoint, ten are enough; without real-time endpoints, a whole meeting can be
   * silent.
   *
   * @default 120
   */
  readonly silenceMinutes?: number;
  /**
   * URL of your copy of `docs/runbook.md`, for the links in alarms.
   *
   * @default - none; alarms name the section alone
   */
  readonly runbookUrl?: string;
}
