/** Watches all that runs in the local cloud: keeps its metrics and its log lines, and serves both. */
import type { AccessContext } from '../api-gateway/server';
import type { Delivery, DeliveryReport, RuleIdentity } from '../eventbridge/types';
import type { CallReport } from '../front-door';
import { readFunction } from '../lambda/configuration';
import type { InvocationReport } from '../lambda/lambda-function';
import { accessLogLine } from '../logs/access-log';
import { LogGroups, logGroupNameOf } from '../logs/log-groups';
import { createLogsService } from '../logs/logs-service';
import type { AwsService } from '../service';
import type { Queues } from '../sqs/queues';
import type { ResolvedStack } from '../template/stack';
import { Alarms } from './alarms';
import {
  deliveryMetrics,
  invocationMetrics,
  matchMetrics,
  queueMeter,
  requestMetrics,
  tableMetrics,
} from './aws-metrics';
import { createCloudWatchService } from './cloudwatch-service';
import { dashboardsOf } from './dashboards';
import { embeddedMetrics } from './embedded-metrics';
import { MetricStore } from './metric-store';

/** Metrics that nothing reports are sampled this often, and at every query. */
const SAMPLE_INTERVAL_MS = 15_000;

interface AccessLogSetting {
  readonly DestinationArn?: string;
  readonly Format?: string;
}

/** Samples the metrics that nothing reports and evaluates the alarms. An error of an alarm shows when a client describes it. */
function lookAt(alarms: Alarms): void {
  try {
    alarms.evaluate();
  } catch {}
}

/** Metrics, alarms and logs of a stack. */
export class Telemetry {
  readonly services: readonly AwsService[];
  #aheadMs = 0;
  readonly #store = new MetricStore(() => Date.now() + this.#aheadMs);
  readonly #logs = new LogGroups();
  readonly #sampling: NodeJS.Timeout;
  readonly #logGroupOf: ReadonlyMap<string, string>;
  readonly #apiNames: ReadonlyMap<unknown, string>;
  readonly #accessLog: AccessLogSetting;

  /** @throws Error that names the alarm that the local cloud cannot evaluate */
  constructor(stack: ResolvedStack, queues: Queues) {
    for (const { name, properties } of stack.ofType('AWS::Logs::LogGroup')) {
      this.#logs.create(name, properties.RetentionInDays as number | undefined);
    }
    this.#logGroupOf = new Map(
      stack
        .ofType('AWS::Lambda::Function')
        .map((resource) => [resource.name, readFunction(stack, resource).logGroupName]),
    );
    this.#apiNames = new Map(
      stack
        .ofType('AWS::ApiGateway::RestApi')
        .map(({ ref, name, properties }) => [ref, String(properties.Name ?? name)]),
    );
    const [stage] = stack.ofType('AWS::ApiGateway::Stage');
    this.#accessLog = (stage?.properties.AccessLogSetting ?? {}) as AccessLogSetting;
    this.#store.addGauge(queueMeter(() => queues.list(), Date.now));
    const alarms = new Alarms(stack, this.#store);
    this.services = [
      createCloudWatchService(this.#store, alarms, dashboardsOf(stack)),
      createLogsService(this.#logs, stack),
    ];
    this.#sampling = setInterval(() => lookAt(alarms), SAMPLE_INTERVAL_MS).unref();
  }

  /** A line that a function has written. */
  log(functionName: string, line: string): void {
    const data = embeddedMetrics(line);
    this.#store.record(
      data.map((datum) => (datum.at === undefined ? datum : { ...datum, at: datum.at + this.#aheadMs })),
    );
    this.#logs.put(this.#logGroupOf.get(functionName) ?? `/aws/lambda/${functionName}`, functionName, line);
  }

  /** An invocation that has ended. */
  invocation(report: InvocationReport): void {
    this.#store.record(invocationMetrics(report));
  }

  /** A request that has been answered. */
  request(access: AccessContext): void {
    this.#store.record(requestMetrics(this.#apiNames.get(access.apiId) ?? String(access.apiId), access));
    const { DestinationArn, Format } = this.#accessLog;
    if (DestinationArn === undefined || Format === undefined) return;
    const at = Number(access.requestTimeEpoch);
    this.#logs.put(logGroupNameOf(DestinationArn), String(access.apiId), accessLogLine(Format, access), at);
  }

  /** An event that a rule matches. */
  match(rule: RuleIdentity): void {
    this.#store.record(matchMetrics(rule));
  }

  /** What became of an event on its way to a target. */
  delivery(report: DeliveryReport): void {
    this.#store.record(deliveryMetrics(report, Date.now()));
  }

  /** A call to the AWS endpoint that has ended. */
  call(report: CallReport): void {
    this.#store.record(tableMetrics(report));
  }

  /** An event whose target is a log group: its `message`, where the rule makes one, else all of it. */
  event({ targetArn, payload, event, rule }: Delivery): void {
    const { timestamp = event.time, message } = Object(JSON.parse(payload)) as {
      timestamp?: string | number;
      message?: string;
    };
    const at = new Date(timestamp).getTime();
    this.#logs.put(logGroupNameOf(targetArn), rule.name, typeof message === 'string' ? message : payload, at);
  }

  /** Sets CloudWatch's clock forward: what was measured so far is so much older. Nothing else has another time. */
  advance(milliseconds: number): void {
    this.#aheadMs += milliseconds;
  }

  /** Ends the measuring. */
  close(): void {
    clearInterval(this.#sampling);
  }
}
