/**
 * `npm run dashboard`: draws the dashboard `<name>-flow` of the synthesized template, with the data of the local cloud that
 * `npm start` runs, as docs/images/flow.png.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { type LoadedTemplate, loadTemplate } from '@meetbus/local-cloud/template/assembly';
import { resolveTemplate } from '@meetbus/local-cloud/template/stack';
import { Command } from 'commander';
import { localClientConfig } from '../bin/local/client-config';
import { readAddresses } from '../bin/local/state-files';
import { synthesized } from '../bin/local/synth';
import { startChromium } from './chromium';
import { readGraph, type Widget } from './dashboard/data';
import { PAGE_WIDTH, renderPage } from './dashboard/page';

const PROJECT_ROOT = join(__dirname, '..');

interface Flags {
  readonly state: string;
  readonly dashboard: string;
  readonly minutes: string;
  readonly out: string;
}

const flags = new Command('dashboard')
  .option('--state <folder>', "the local cloud's state folder", '.meetbus')
  .option('--dashboard <name>', 'the dashboard to draw: flow or parts', 'flow')
  .option('--minutes <count>', 'how far back to look', '15')
  .option('--out <file>', 'the picture', join(PROJECT_ROOT, 'docs', 'images', 'flow.png'))
  .parse()
  .opts<Flags>();

/** The widgets of a dashboard, with the local cloud's names of resources. */
async function readWidgets(endpoint: string): Promise<Widget[]> {
  const loaded = loadTemplate(await synthesized(PROJECT_ROOT), 'Meetbus');
  const found = Object.values(loaded.template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::CloudWatch::Dashboard' && String(Properties?.DashboardName).endsWith(`-${flags.dashboard}`),
  );
  if (!found) throw new Error(`The template has no dashboard ${flags.dashboard}. Choose flow or parts.`);
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

async function main(): Promise<void> {
  const { awsUrl } = readAddresses(flags.state);
  const client = new CloudWatchClient(localClientConfig(awsUrl));
  const to = Math.floor(Date.now() / 60_000) * 60_000;
  const range = { from: to - Number(flags.minutes) * 60_000, to };
  const widgets = await readWidgets(awsUrl);
  const graphs = new Map(
    await Promise.all(
      widgets
        .filter(({ type }) => type === 'metric')
        .map(async (widget) => [widget, await readGraph(client, widget, range)] as const),
    ),
  );
  const page = renderPage({ widgets, graphs, alarms: await firingAlarms(client), range });
  client.destroy();
  mkdirSync(dirname(flags.out), { recursive: true });
  writeFileSync(flags.out, await takePicture(page));
  console.log(`Wrote ${flags.out}.`);
}

async function takePicture(html: string): Promise<Buffer> {
  const browser = await startChromium();
  try {
    const page = await browser.newPage({ viewport: { width: PAGE_WIDTH, height: 800 } });
    await page.setContent(html);
    return await page.screenshot({ fullPage: true });
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
