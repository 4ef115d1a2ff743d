/** Makes CloudWatch alarms from their definitions. */
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { pascalCase } from '../pascal-case';
import { alarmsOf } from './alarm-table';
import type { CompositeAlarm, MetricAlarm, MissingData } from './definitions';
import type { MonitoredParts } from './metrics';
import { anchorOf } from './names';

interface AlarmsProps {
  readonly parts: MonitoredParts;
  readonly topic: sns.ITopic;
}

/** All alarms. Each notifies the topic when it fires and when it is over, except those that are part of another. */
export class Alarms extends Construct {
  /** Alarms that notify, in the order of the table. */
  readonly notifying: readonly cloudwatch.IAlarm[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlarmsProps,
  ) {
    super(scope, id);
    const { metric, composite } = alarmsOf(props.parts);
    const metricAlarms = new Map(metric.map((definition) => [definition.name, this.metricAlarm(definition)]));
    const notifying: cloudwatch.AlarmBase[] = metric
      .filter(({ severity }) => severity !== 'part')
      .map(({ name }) => metricAlarms.get(name)!);
    for (const definition of composite) {
      const parts = definition.allOf.map((name) => metricAlarms.get(name)!);
      notifying.push(this.compositeAlarm(definition, parts));
    }
    for (const alarm of notifying) {
      const action = new SnsAction(props.topic);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    this.notifying = notifying;
  }

  private metricAlarm(definition: MetricAlarm): cloudwatch.Alarm {
    const { metric, threshold, below, periods = 1, missing } = definition;
    return new cloudwatch.Alarm(this, pascalCase(definition.name), {
      alarmName: this.alarmNameOf(definition.name),
      alarmDescription: this.describe(definition, missing),
      metric,
      threshold,
      comparisonOperator: below
        ? cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD
        : cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: periods,
      treatMissingData: missing.treatAs,
    });
  }

  private compositeAlarm(definition: CompositeAlarm, parts: readonly cloudwatch.IAlarm[]): cloudwatch.CompositeAlarm {
    return new cloudwatch.CompositeAlarm(this, pascalCase(definition.name), {
      compositeAlarmName: this.alarmNameOf(definition.name),
      alarmDescription: this.describe(definition),
      alarmRule: cloudwatch.AlarmRule.allOf(...parts),
    });
  }

  private alarmNameOf(name: string): string {
    return `${this.props.parts.name}-${name}`;
  }

  /** A link; without the setting, the path of the runbook in the repository, because an incomplete link is useless. */
  private runbookAt(section: string): string {
    const { runbookUrl } = this.props.parts.configuration.alarms;
    return runbookUrl === undefined ? `docs/runbook.md, "${section}"` : `${runbookUrl}#${anchorOf(section)}`;
  }

  /** The text of the email: urgency, meaning, and where to read on. */
  private describe({ severity, meaning, section }: MetricAlarm | CompositeAlarm, missing?: MissingData): string {
    const noData = missing && `No data counts as ${missing.treatAs}: ${missing.because}.`;
    return [`[${severity}] ${meaning}`, noData, `Runbook: ${this.runbookAt(section)}`].filter(Boolean).join(' ');
  }
}
