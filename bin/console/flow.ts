/** Reads the dashboard `<name>-flow` of the deployment with its data: what the console draws is what CloudWatch shows. */
import { CloudWatchClient, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { dashboardNameOf } from '../../lib/monitoring/names';
import { isNumbers, periodOf, queriesOf, type Range, readGraph, type Widget, widgetsOf } from '../dashboard';
import { type Deployment, outputOf } from '../deployment';
import type { Flow, FlowGraph, FlowNumbers } from './api/health';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A screen has no room for more values of a line, and GetMetricData returns 100,800 in all. */
const MOST_VALUES = 360;

/**
 * The dashboard of the last hours.
 *
 * @throws Error if the dashboard is not deployed
 */
export async function readFlow(deployment: Deployment, hours: number, now = Date.now()): Promise<Flow> {
  const client = new CloudWatchClient(deployment.clientConfig);
  // With the current minute: a person looks whether what was sent just now came.
  const to = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  const range = { from: to - hours * HOUR_MS, to };
  try {
    const widgets = (await readWidgets(client, deployment)).filter(({ type }) => type === 'metric');
    const [numbers, graphs] = [widgets.filter(isNumbers), widgets.filter((widget) => !isNumbers(widget))];
    return {
      ...range,
      numbers: await Promise.all(numbers.map((widget) => numbersOf(client, widget, range))),
      graphs: await Promise.all(graphs.map((widget) => graphOf(client, widget, range))),
    };
  } finally {
    client.destroy();
  }
}

async function readWidgets(client: CloudWatchClient, deployment: Deployment): Promise<readonly Widget[]> {
  const name = dashboardNameOf(outputOf(deployment, 'SharedBusName').replace(/-shared$/, ''), 'flow');
  const { DashboardBody = '' } = await client.send(new GetDashboardCommand({ DashboardName: name }));
  return widgetsOf(DashboardBody);
}

async function numbersOf(client: CloudWatchClient, widget: Widget, range: Range): Promise<FlowNumbers> {
  const lines = await readGraph(client, widget, range);
  return {
    title: widget.properties.title ?? '',
    values: lines.map(({ label, points }) => ({ label, value: points.at(-1)?.[1] ?? 0 })),
  };
}

async function graphOf(client: CloudWatchClient, widget: Widget, range: Range): Promise<FlowGraph> {
  const leastPeriod = leastPeriodOf(range);
  const { title = '', stacked = false, annotations } = widget.properties;
  return {
    title,
    isStacked: stacked,
    period: periodOf(queriesOf(widget, leastPeriod)),
    marks: (annotations?.horizontal ?? []).map(({ value, label = '' }) => ({ value, label })),
    lines: (await readGraph(client, widget, range, leastPeriod)).map(({ label, points }) => ({ label, points })),
  };
}

/** Seconds of each value, so that a line has at most {@link MOST_VALUES}; a multiple of a minute. */
export const leastPeriodOf = ({ from, to }: Range): number =>
  60 * Math.max(1, Math.ceil((to - from) / MINUTE_MS / MOST_VALUES));
