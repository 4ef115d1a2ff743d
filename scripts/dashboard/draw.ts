/** Draws a dashboard of the synthesized template with the data of a running local cloud. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { type LoadedTemplate, loadTemplate } from '@meetbus/local-cloud/template/assembly';
import { resolveTemplate } from '@meetbus/local-cloud/template/stack';
import { readGraph, type Widget } from '../../bin/dashboard';
import { localClientConfig } from '../../bin/local/client-config';
import { readAddresses } from '../../bin/local/state-files';
import { synthesized } from '../../bin/local/synth';
import { screenshots } from '../screenshots';
import { PAGE_WIDTH, renderPage } from './page';

const PROJECT_ROOT = join(__dirname, '..', '..');

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
 * Draws the upper part as `<dashboard>-light.png` and `<dashboard>-dark.png`, and the rest as `<dashboard>-more-….png`.
 *
 * @throws Error that says what to do, if no local cloud runs or there is no such dashboard
 */
export async function drawDashboard({ state, dashboard, minutes, out }: DashboardOptions): Promise<void> {
  const { awsUrl } = readAddresses(state);
  const client = new CloudWatchClient(localClientConfig(awsUrl));
  const to = Math.floor(Date.now() / 60_000) * 60_000;
  const range = { from: to - minutes * 60_000, to };
  const widgets = await readWidgets(awsUrl, dashboard);
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

/** The widgets of a dashboard, with the local cloud's names of resources. */
async function readWidgets(endpoint: string, dashboard: string): Promise<Widget[]> {
  const loaded = loadTemplate(await synthesized(PROJECT_ROOT), 'Meetbus');
  const found = Object.values(loaded.template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::CloudWatch::Dashboard' && String(Properties?.DashboardName).endsWith(`-${dashboard}`),
  );
  if (!found) throw new Error(`The template has no dashboard ${dashboard}. Choose flow or parts.`);
  // The local cloud resolves outputs, but ignores dashboards.
  const Outputs = { Body: { Value: found.Properties?.DashboardBody } };
  const withOutput = { ...loaded, template: { ...loaded.template, Outputs } } as LoadedTemplate;
  const { Body } = resolveTemplate(withOutput, { endpoint }).resolveOutputs().Meetbus as { Body: string };
  return (JSON.parse(Body) as { widgets: Widget[] }).widgets;
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
  const isGraph = ({ type, properties: { view } }: Widget) => type === 'metric' && view !== 'singleValue';
  const firstRow = Math.min(...widgets.filter(isGraph).map(({ y }) => y));
  const { upper = [], rest = [] } = Object.groupBy(widgets, ({ y }) => (y <= firstRow ? 'upper' : 'rest'));
  return { [dashboard]: upper, ...(rest.length > 0 && { [`${dashboard}-more`]: rest }) };
}
