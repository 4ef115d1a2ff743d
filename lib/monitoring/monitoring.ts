/** Monitoring for operators: alarms, dashboards and saved queries. */
import { Annotations, Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic';
import { Alarms } from './alarms';
import { flowWidgets } from './flow-dashboard';
import type { MonitoredParts } from './metrics';
import { dashboardNameOf } from './names';
import { partsWidgets } from './parts-dashboard';
import { SavedQueries } from './saved-queries';

const THREE_HOURS = Duration.hours(3);

/** Alarms, the topic they notify, two dashboards, and saved queries. docs/runbook.md has a section for every alarm. */
export class Monitoring extends Construct {
  /** Receives every alarm, when it fires and when it is over. */
  readonly alarmTopic: sns.Topic;
  readonly alarms: readonly cloudwatch.IAlarm[];
  readonly flowDashboard: cloudwatch.Dashboard;
  readonly partsDashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, parts: MonitoredParts) {
    super(scope, id);
    const { name, configuration } = parts;
    const { email, runbookUrl } = configuration.alarms;
    if (email !== undefined && runbookUrl === undefined) {
      Annotations.of(this).addWarningV2(
        'meetbus:runbookUrl',
        'Mails of alarms will have no link to the runbook. Set meetbus.alarms.runbookUrl to the address of your copy of docs/runbook.md.',
      );
    }
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      topicName: `${name.replaceAll('.', '-')}-alarms`,
      email,
    }).topic;
    this.alarms = new Alarms(this, 'Alarms', { parts, topic: this.alarmTopic }).notifying;
    this.flowDashboard = new cloudwatch.Dashboard(this, 'FlowDashboard', {
      dashboardName: dashboardNameOf(name, 'flow'),
      defaultInterval: THREE_HOURS,
      widgets: flowWidgets(parts, this.alarms),
    });
    this.partsDashboard = new cloudwatch.Dashboard(this, 'PartsDashboard', {
      dashboardName: dashboardNameOf(name, 'parts'),
      defaultInterval: THREE_HOURS,
      widgets: partsWidgets(parts),
    });
    new SavedQueries(this, 'Queries', parts);
  }
}
