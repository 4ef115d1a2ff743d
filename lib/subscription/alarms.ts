/** The alarms of a subscription, for every event that did not reach its target. */
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

interface AlarmProps {
  readonly ruleName: string;
  readonly busName: string;
  readonly deadLetterQueue: sqs.IQueue;
  readonly topic: sns.ITopic | undefined;
}

/** Metrics of a rule that AWS sends only when they are not zero, and their meaning. */
const RULE_ALARMS = {
  FailedInvocations: 'The target refuses events for good: it is gone, or its policy does not allow the rule.',
  InvocationsSentToDlq: 'Events that the target did not take went to the dead-letter queue.',
  InvocationsFailedToBeSentToDlq: 'Events are lost: neither the target nor the dead-letter queue takes them.',
} as const;

/** One alarm for each metric of the rule, and one while the dead-letter queue holds anything. */
export function addAlarms(scope: Construct, { ruleName, busName, deadLetterQueue, topic }: AlarmProps) {
  const period = Duration.minutes(1);
  // Metrics of the default bus's rules have only the rule's name as dimension.
  const dimensionsMap = { RuleName: ruleName, ...(busName !== 'default' && { EventBusName: busName }) };
  const ruleMetric = (metricName: string) =>
    new cloudwatch.Metric({ namespace: 'AWS/Events', metricName, dimensionsMap, statistic: 'Sum', period });
  const waiting = deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period });
  const rows: [id: string, metric: cloudwatch.IMetric, description: string][] = [
    ...Object.entries(RULE_ALARMS).map(([name, text]): [string, cloudwatch.IMetric, string] => [
      name,
      ruleMetric(name),
      text,
    ]),
    ['DeadLetters', waiting, 'Events wait in the dead-letter queue: mend the target, then replay them.'],
  ];
  return rows.map(([id, metric, alarmDescription]) => {
    const alarm = new cloudwatch.Alarm(scope, `${id}Alarm`, {
      alarmName: `${ruleName}-${id}`,
      alarmDescription,
      metric,
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // AWS sends no datapoints while all is well.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    if (topic) alarm.addAlarmAction(new SnsAction(topic));
    return alarm;
  });
}
