/** Which alarms are firing, and which were in the time of the look-back. */
import {
  type AlarmHistoryItem,
  CloudWatchClient,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { type Deployment, type DeploymentFlags, outputOf } from '../../deployment';
import { type Finding, ok, problem, warning } from '../../findings';
import type { LookBack } from './look-back';

/** An alarm that notifies people. */
export interface Alarm {
  readonly name: string;
  readonly state: StateValue;
  /** Since when; undefined if CloudWatch does not say. */
  readonly since: Date | undefined;
  /** Why it has its state, in CloudWatch's words. */
  readonly reason: string;
  /** What it means, and where the runbook says what to do. */
  readonly description: string;
}

const TYPES = ['MetricAlarm' as const, 'CompositeAlarm' as const];

export async function checkAlarms(deployment: Deployment, _: DeploymentFlags, back: LookBack): Promise<Finding[]> {
  const client = new CloudWatchClient(deployment.clientConfig);
  try {
    const alarms = await alarmsOf(client, deployment);
    const over = await overSince(client, back);
    const found = alarms.flatMap(({ name, state, description }) => {
      if (state === 'ALARM') return [problem('alarms', `${name} is firing.`, description)];
      const at = over.get(name);
      return at ? [warning('alarms', `${name} was firing until ${at.toISOString()}.`, description)] : [];
    });
    return found.length > 0 ? found : [ok('alarms', `none of ${alarms.length} is firing, or was ${back.words}`)];
  } finally {
    client.destroy();
  }
}

/**
 * The alarms that notify the topic of the deployment. Their names begin with the name of the Meetbus, but so may the names of
 * another Meetbus. Parts of composite alarms notify no topic.
 */
export async function alarmsOf(client: CloudWatchClient, deployment: Deployment): Promise<Alarm[]> {
  const topic = outputOf(deployment, 'AlarmTopicArn');
  const prefix = outputOf(deployment, 'SharedBusName').replace(/shared$/, '');
  const found: Alarm[] = [];
  const query = { AlarmNamePrefix: prefix, AlarmTypes: TYPES };
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, query)) {
    for (const alarm of [...MetricAlarms, ...CompositeAlarms]) {
      if (!alarm.AlarmActions?.includes(topic)) continue;
      const { AlarmName: name = '', StateValue: state = 'INSUFFICIENT_DATA', StateReason: reason = '' } = alarm;
      // The other time also changes when the alarm is edited.
      const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
      found.push({ name, state, since, reason, description: alarm.AlarmDescription || 'See docs/runbook.md.' });
    }
  }
  return found;
}

/** When each alarm last stopped firing, by its name. */
async function overSince(client: CloudWatchClient, { from, to }: LookBack): Promise<ReadonlyMap<string, Date>> {
  const query = {
    AlarmTypes: TYPES,
    HistoryItemType: 'StateUpdate' as const,
    StartDate: new Date(from),
    EndDate: new Date(to),
  };
  const over = new Map<string, Date>();
  for await (const { AlarmHistoryItems = [] } of paginateDescribeAlarmHistory({ client }, query)) {
    for (const item of AlarmHistoryItems) {
      const { AlarmName = '', Timestamp } = item;
      if (!wasFiring(item) || Timestamp === undefined) continue;
      if (Timestamp > (over.get(AlarmName) ?? new Date(0))) over.set(AlarmName, Timestamp);
    }
  }
  return over;
}

function wasFiring({ HistoryData = '{}' }: AlarmHistoryItem): boolean {
  const { oldState } = JSON.parse(HistoryData) as { readonly oldState?: { readonly stateValue?: string } };
  return oldState?.stateValue === 'ALARM';
}
