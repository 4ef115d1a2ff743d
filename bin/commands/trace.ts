/** `meetbus trace`: follows one event through all logs, from its request to the shared bus. */

import { Command, Option } from 'commander';
import { addressed } from '../addressed';
import { colors } from '../colors';
import { addDeploymentOptions, type DeploymentFlags, findDeployment } from '../deployment';
import {
  addJsonOption,
  addWideOption,
  columnsFor,
  footer,
  type JsonFlags,
  printJson,
  tableOf,
  type WideFlags,
} from '../output';
import { widthOf, wrapped } from '../terminal';
import { durationMs } from '../usage';
import { consoleUrl } from './trace/console-url';
import { follow } from './trace/follow';
import { withLogSearch } from './trace/log-search';
import { gapIn, inOrder, type Step, whatIsMissing } from './trace/steps';

type Flags = DeploymentFlags & JsonFlags & WideFlags & { readonly since: number };

const DAY_MS = durationMs('24h');

export function traceCommand(): Command {
  const command = new Command('trace')
    .description('Follow one event from the request to the shared bus, with times and outcomes.')
    .argument('<id>', 'event id, delivery id or correlation id')
    .addOption(new Option('--since <duration>', 'how far back to look').argParser(durationMs).default(DAY_MS, '24h'))
    .addHelpText('after', footer(HELP))
    .action(trace);
  return addWideOption(addJsonOption(addDeploymentOptions(command)));
}

const HELP = `
An event has its id, deliveryid and correlationid on the shared bus; senders see the correlation id as the
header x-amz-apigw-id. Every request that brought the same event is shown, retries and duplicates too.
It reads log lines with FilterLogEvents; they reach CloudWatch after some seconds. Nothing found ends it with 1.

Examples:
  npx meetbus trace ee4aee010182902b23273f2fcfd5bd2f
  npx meetbus trace I0WNNZummKd9pJo= --local
  npx meetbus trace msg_989e343633fa4f3dadcf2c8e51f39ebd --since 7d --json`;

async function trace(id: string, flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  await withLogSearch(deployment, 'everything', Date.now() - flags.since, async (search) => {
    const steps = inOrder((await follow(id, search)).map(({ step }) => step));
    if (steps.length === 0) throw new Error(nothingFound(id));
    const region = deployment.local ? undefined : await search.region();
    if (flags.json) printJson(asJson(steps, region));
    else console.log(asText(steps, region, columnsFor(flags)));
  });
}

const nothingFound = (id: string): string =>
  `No log line names ${id}. Look further back with --since 7d, or wait: lines take some seconds to arrive.
The id is an event's id, deliveryid or correlationid: npx meetbus tail --json shows all three.`;

/** Milliseconds since the previous step. */
const sinceBefore = (steps: readonly Step[], index: number): number | undefined => {
  const before = steps[index - 1];
  return before && (steps[index] as Step).at - before.at;
};

const unique = (values: readonly (string | undefined)[]): string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];

function asJson(steps: readonly Step[], region: string | undefined): object {
  return {
    eventIds: unique(steps.map(({ eventId }) => eventId)),
    deliveryIds: unique(steps.map(({ deliveryId }) => deliveryId)),
    correlationIds: unique(steps.map(({ correlationId }) => correlationId)),
    traces: unique(steps.map(({ traceId }) => traceId)).map((traceId) => ({
      traceId,
      ...(region !== undefined && { url: consoleUrl(region, traceId) }),
    })),
    steps: steps.map(({ at, ...step }, index) => ({
      time: new Date(at).toISOString(),
      afterMs: sinceBefore(steps, index),
      ...step,
    })),
    missing: whatIsMissing(steps),
    gap: gapIn(steps),
  };
}

const GOOD = ['200', 'accepted', 'accepted_again', 'answered', 'published', 'INFO'];
const paint = (outcome: string): string => (GOOD.includes(outcome) ? colors.green(outcome) : colors.yellow(outcome));

function asText(steps: readonly Step[], region: string | undefined, columns: number | undefined): string {
  const rows = steps.map((step, index) => ({ ...step, after: sinceBefore(steps, index) }));
  const table = tableOf(
    [
      { title: 'time', value: ({ at }) => new Date(at).toISOString() },
      { title: 'after', value: ({ after }) => (after === undefined ? '' : `${after} ms`) },
      { title: 'step', value: ({ stage }) => stage },
      { title: 'took', value: ({ tookMs }) => (tookMs === undefined ? '' : `${tookMs} ms`) },
      { title: 'outcome', value: ({ outcome }) => paint(outcome) },
      { title: 'correlation id', value: ({ correlationId = '' }) => correlationId },
      { title: '', value: ({ detail }) => detail },
    ],
    rows,
    undefined,
  );
  const named = (title: string, values: readonly (string | undefined)[]) =>
    unique(values).map((value) => `${colors.dim(title.padEnd(11))} ${value}`);
  const traces = unique(steps.map(({ traceId }) => traceId));
  return [
    ...named(
      'event',
      steps.map(({ eventId }) => eventId),
    ),
    ...named(
      'delivery',
      steps.map(({ deliveryId }) => deliveryId),
    ),
    ...named(
      'correlation',
      steps.map(({ correlationId }) => correlationId),
    ),
    // A cut URL is useless: a narrow terminal shows the id instead.
    ...named(
      'X-Ray trace',
      region === undefined || columns !== undefined ? traces : traces.map((traceId) => consoleUrl(region, traceId)),
    ),
    '',
    columns === undefined || widthOf(table) <= columns ? table : linesOf(rows, columns),
    ...[whatIsMissing(steps), gapIn(steps)].flatMap((missing) =>
      missing === undefined ? [] : ['', wrapped(colors.yellow(addressed(missing)), columns)],
    ),
  ].join('\n');
}

/** Steps with two lines each, for a terminal that is too narrow for a table. */
function linesOf(rows: readonly (Step & { readonly after: number | undefined })[], columns: number): string {
  return rows
    .map(({ at, stage, after, tookMs, outcome, detail }) => {
      const times = [after === undefined ? '' : `+${after} ms`, tookMs === undefined ? '' : `took ${tookMs} ms`];
      const head = [new Date(at).toISOString().slice(11, 23), stage.padEnd(10), paint(outcome), ...times];
      return `${head.filter((part) => part !== '').join('  ')}\n${wrapped(`              ${detail}`, columns)}`;
    })
    .join('\n');
}
