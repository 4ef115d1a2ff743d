/** The settings of an operator. `configuration.ts` checks them; the compiler reports a setting without a check. */

import type { BuiltInSettings } from '../providers';
import type { Provider } from '../providers/provider';

/** Settings of a Meetbus; every one has a default. */
export interface MeetbusSettings extends BuiltInSettings {
  /**
   * Begins the names of the buses, the API, the schema registry, the shared bus's log group, alarms, dashboards and saved
   * queries: 1 to 48 letters, digits, dots, hyphens and underscores.
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
  /**
   * Publish the schema of every event type in a registry of EventBridge Schemas. Say false in a region that has no such
   * service.
   *
   * @default true
   */
  readonly schemas?: boolean;
  /**
   * ARNs of IAM roles and users that may put events on the buses, messages on the queues and objects into the bucket, beside
   * Meetbus's own roles. Each needs that permission of its own too; what it writes is believed.
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
   * Least severe log lines of the functions that are kept.
   *
   * @default "INFO"
   */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /**
   * How many copies of one consumer may run at the same time, from 2 to 1000.
   *
   * @default 50
   */
  readonly consumerConcurrency?: number;
  /**
   * Set the role with which API Gateway writes logs. It is one for the whole account and region: say false where
   * another stack has set it.
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

/** Settings for alarms. */
export interface AlarmSettings {
  /**
   * Mail address that is told of every alarm; it gets a mail that asks for confirmation.
   *
   * @default - nobody; subscribe to the topic of the output `AlarmTopicArn`
   */
  readonly email?: string;
  /**
   * Minutes without a new delivery, while bots or meetings are live, after which that is an alarm, from 5 to 480. Where
   * every bot has a real-time endpoint, ten are enough; where none has, a quiet meeting is as long as a meeting.
   *
   * @default 120
   */
  readonly silenceMinutes?: number;
  /**
   * Address of the runbook, for the links of the alarms: of your copy of `docs/runbook.md`, where people can open it.
   *
   * @default - none; alarms name the section alone
   */
  readonly runbookUrl?: string;
}
