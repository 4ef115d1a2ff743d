/**
 * `npm run demo`: plays one whole meeting of each built-in provider through the local cloud, signs every delivery as its provider
 * does, and shows the events on the shared bus. Exits with 0 only if every delivery became one event.
 */
import { join } from 'node:path';
import Table from 'cli-table3';
import { Command } from 'commander';
import { colors } from '../colors';
import { readSandboxes } from '../providers';
import { columnsOf, cut, wrapped } from '../terminal';
import { localClientConfig } from './client-config';
import { type MeetbusCloud, startMeetbusCloud } from './cloud';
import { type Played, planOf, play } from './meeting';
import { type ReceivedEvent, subscribe } from './subscription';
import { EVERY_PROVIDER, synthesized } from './synth';

const PROJECT_ROOT = join(__dirname, '..', '..');

/** Milliseconds to wait for the last events, and then for duplicates. */
const ARRIVAL_MS = 20_000;
const SETTLE_MS = 1_500;

/** One delivery, its response, and its events. */
interface Row extends Played {
  readonly events: readonly ReceivedEvent[];
}

async function main(): Promise<void> {
  const cdkOut = await synthesized(PROJECT_ROOT, EVERY_PROVIDER);
  console.log('Starting the local cloud from the template …');
  const problems: string[] = [];
  const cloud = await startMeetbusCloud({
    cdkOut,
    stackName: 'Meetbus',
    port: 0,
    awsPort: 0,
    onStep: (step) => {
      if (step.kind === 'trouble') problems.push(step.message);
    },
  });
  try {
    const rows = await playAll(cloud);
    console.log(tableOf(rows));
    for (const problem of problems) console.log(colors.red(problem));
    process.exitCode = report(rows) ? 0 : 1;
  } finally {
    await cloud.close();
  }
}

/** Plays the meetings of all providers at the same time, and collects the events. */
async function playAll(cloud: MeetbusCloud): Promise<Row[]> {
  const outputs = cloud.outputs.Meetbus as Readonly<Record<string, string>>;
  const deployment = { local: cloud, outputs, clientConfig: localClientConfig(cloud.awsUrl) };
  const receive = await subscribe(cloud.awsUrl, String(outputs.SharedBusName));
  const players = (await readSandboxes()).filter(({ provider }) => provider.name in cloud.providers);
  const plan = planOf(players, { seed: 'demo', now: new Date(), speed: Number.POSITIVE_INFINITY });
  const titles = new Intl.ListFormat('en').format(players.map(({ provider }) => provider.title));
  console.log(`${wrapped(`Playing a meeting of ${titles}: ${plan.length} deliveries …`, columnsOf(process.stdout))}\n`);
  const { signal } = new AbortController();
  const sent = await Promise.all(
    players.map((player) => {
      const own = plan.filter(({ provider }) => provider === player.provider);
      return collected(play(deployment, { players: [player], plan: own, signal }));
    }),
  );
  const events = await gather(receive, plan.length);
  return sent.flat().map((played) => ({
    ...played,
    events: events.filter(({ detail }) => detail.correlationid === played.answer.correlationId),
  }));
}

async function collected<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Receives until that many events have arrived and no more follow for a while, or until the timeout. */
async function gather(receive: () => Promise<ReceivedEvent[]>, expected: number): Promise<ReceivedEvent[]> {
  const events: ReceivedEvent[] = [];
  const deadline = Date.now() + ARRIVAL_MS;
  let lastArrival = Date.now();
  while (Date.now() < deadline && (events.length < expected || Date.now() - lastArrival < SETTLE_MS)) {
    const received = await receive();
    if (received.length > 0) lastArrival = Date.now();
    events.push(...received);
  }
  return events;
}

const hasArrived = ({ answer, events }: Row): boolean => answer.status === 200 && events.length === 1;

/** Columns that the table needs with subjects. */
const WIDE = 130;

/** In a narrower terminal the route is left out, and a name has at most this length. */
const LONGEST_NAME = 28;

function tableOf(rows: readonly Row[]): string {
  const isWide = (columnsOf(process.stdout) ?? WIDE) >= WIDE;
  const table = new Table({ style: { head: [], border: [], compact: true }, chars: NO_BORDERS });
  const head = ['Delivery', 'Answer', 'Meeting event on the shared bus', 'Subject'].slice(0, isWide ? 4 : 3);
  table.push(head.map(colors.bold));
  for (const [index, row] of rows.entries()) {
    const { provider, delivery, answer, events } = row;
    if (provider !== rows[index - 1]?.provider)
      table.push([{ colSpan: head.length, content: colors.cyan(provider.title) }]);
    const types = events.map((event) => event['detail-type']).join(', ') || 'nothing arrived';
    const paint = hasArrived(row) ? (text: string) => text : colors.red;
    const cells = [
      isWide ? `${colors.dim(delivery.route)} ${delivery.event}` : cut(delivery.event, LONGEST_NAME),
      paint(`${answer.status} ${answer.outcome}`),
      paint(types),
      colors.dim(shortened(events[0]?.detail.subject ?? '')),
    ];
    table.push(isWide ? cells : cells.slice(0, 3));
  }
  return table.toString();
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);

/** Ids cut to eight characters, which is enough to see which belong together. */
const shortened = (subject: string): string => subject.replace(/([0-9a-f]{8})-[0-9a-f-]{27}/g, '$1…');

/** Prints the totals, and returns whether everything arrived once. */
function report(rows: readonly Row[]): boolean {
  const arrived = rows.filter(hasArrived).length;
  const isComplete = arrived === rows.length;
  const sum = `${rows.length} deliveries, ${arrived} of them on the shared bus exactly once.`;
  console.log(
    isComplete ? colors.green(`\n✓ ${sum}`) : colors.red(`\n✗ ${sum} The lines in red tell which did not arrive.`),
  );
  const next = 'Next: npm start, and subscribe with a rule of your own. The README shows how.';
  if (isComplete) console.log(wrapped(next, columnsOf(process.stdout)));
  return isComplete;
}

// It accepts only --help: a mistyped option, or one of npm start, is an error.
new Command('npm run demo')
  .description('Plays a whole meeting of each provider through a local cloud, and shows each event on the shared bus.')
  .parse();

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
