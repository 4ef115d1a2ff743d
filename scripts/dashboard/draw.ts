/** Draws a dashboard with the data of a running local cloud. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudWatchClient,
  GetDashboardCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { isNumbers, readGraph, type Widget, widgetsOf } from '../../bin/dashboard';
import { localClientConfig } from '../../bin/local/client-config';
import { readAddresses } from '../../bin/local/state-files';
import { screenshots } from '../screenshots';
import { PAGE_WIDTH, renderPage } from './page';

export interface DashboardOptions {
  /** The local cloud's state folder. */
  readonly state: string;
  /** The dashboard's name without that of the stack: `flow` or `parts`. */
  readonly dashboard: string;
  /** How far back to look. */
  readonly minutes: number;
  /** The folder for the pictures. */
  readonly out: string;
}

/**
 * Draws the upper part as `<dashboard>-light.webp` and `<dashboard>-dark.webp`, and the rest as `<dashboard>-more-….webp`.
 *
 * @throws Error that says what to do, if no local cloud runs or there is no such dashboard
 */
export async function drawDashboard({ state, dashboard, minutes, out }: DashboardOptions): Promise<void> {
  const { awsUrl } = readAddresses(state);
  const client = new CloudWatchClient(localClientConfig(awsUrl));
  const to = Math.floor(Date.now() / 60_000) * 60_000;
  const range = { from: to - minutes * 60_000, to };
  const widgets = await readWidgets(client, dashboard);
  const graphs = new Map(
    await Promise.all(
      widgets
        .filter(({ type }) => type === 'metric')
        .map(async (widget) => [widget, await readGraph(client, widget, range)] as const),
    ),
  );
  const alarms = await firingAlarms(client);
  client.destroy();
  mkdirSync(out, { recursive: true });
  for (const [name, part] of Object.entries(partsOf(dashboard, widgets))) {
    const page = renderPage({ widgets: part, graphs, alarms, range });
    await screenshots({ width: PAGE_WIDTH, path: join(out, name), show: (shown) => shown.setContent(page) });
  }
}

/** The widgets of a dashboard. */
async function readWidgets(client: CloudWatchClient, dashboard: string): Promise<readonly Widget[]> {
  const { DashboardBody = '' } = await client.send(new GetDashboardCommand({ DashboardName: `Meetbus-${dashboard}` }));
  return widgetsOf(DashboardBody);
}

async function firingAlarms(client: CloudWatchClient): Promise<ReadonlyMap<string, boolean>> {
  const states = new Map<string, boolean>();
  const query = { AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const] };
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, query)) {
    for (const { AlarmArn = '', StateValue } of [...MetricAlarms, ...CompositeAlarms] as MetricAlarm[]) {
      states.set(AlarmArn, StateValue === 'ALARM');
    }
  }
  return states;
}

/** The first row of graphs and what is above it; and the rest. In one picture it would be too long for a page. */
function partsOf(dashboard: string, widgets: readonly Widget[]): Record<string, readonly Widget[]> {
  const graphs = widgets.filter((widget) => widget.type === 'metric' && !isNumbers(widget));
  const firstRow = Math.min(...graphs.map(({ y }) => y));
  const { upper = [], rest = [] } = Object.groupBy(widgets, ({ y }) => (y <= firstRow ? 'upper' : 'rest'));
  return { [dashboard]: upper, ...(rest.length > 0 && { [`${dashboard}-more`]: rest }) };
}
