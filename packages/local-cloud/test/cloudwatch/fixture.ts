/** CloudWatch of the local cloud over HTTP, with a clock and alarms of the test's own. */
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import { Alarms } from '../../src/cloudwatch/alarms';
import { createCloudWatchService } from '../../src/cloudwatch/cloudwatch-service';
import { dashboardsOf } from '../../src/cloudwatch/dashboards';
import { MetricStore } from '../../src/cloudwatch/metric-store';
import { clientConfig, frontDoorWith } from '../local-aws';
import { writeAssembly } from '../template/fixture';

/** In the middle of a minute, as most moments are. */
export const NOW = Date.parse('2026-11-21T12:00:30Z');

/** A moment so many minutes before {@link NOW}. */
export const minutesAgo = (minutes: number): Date => new Date(NOW - minutes * 60_000);

/** Starts CloudWatch with the alarms and dashboards of a template's resources. */
export async function startCloudWatch(resources: Record<string, object> = {}) {
  const clock = { now: NOW };
  const store = new MetricStore(() => clock.now);
  const assembly = writeAssembly({ Resources: resources });
  const stack = assembly.resolve();
  const alarms = new Alarms(stack, store);
  assembly.remove();
  const door = await frontDoorWith(() => [createCloudWatchService(store, alarms, dashboardsOf(stack))]);
  const client = new cloudWatch.CloudWatch(clientConfig(door));
  const close = async () => {
    client.destroy();
    await door.close();
  };
  return { clock, store, client, close };
}
