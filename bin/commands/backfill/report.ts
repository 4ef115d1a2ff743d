/** What the command prints. */
import type { BackfillWindow, ProviderBackfill } from '../../../providers/backfill';
import type { Provider } from '../../../providers/provider';
import { colors } from '../../colors';
import { columnsFor, type JsonFlags, note, print, printJson, tableOf, type WideFlags } from '../../output';
import type { BackfillResult, Item, State } from './run';

interface Context {
  readonly provider: Provider;
  readonly source: ProviderBackfill;
  readonly window: BackfillWindow;
  readonly isDryRun: boolean;
}

/** Most subjects in the table. */
const MOST_ROWS = 50;

/** Most gaps that are named: what fails for every session would fill the screen. */
const MOST_GAPS = 10;

/** Most provider events that a row names. */
const MOST_NAMED = 6;

/** Prints the result. The process ends with 1 where not all was read, or not all that is missing was sent. */
export function reportBackfill(result: BackfillResult, context: Context, flags: JsonFlags & WideFlags): void {
  const { gaps, isWhole, error } = result;
  if (!isWhole || error !== undefined || gaps.some(({ isIncomplete }) => isIncomplete)) process.exitCode = 1;
  if (flags.json) printJson(jsonOf(result, context));
  else if (isWhole || result.items.length > 0) printPage(result, context, flags);
  if (error !== undefined) note(`Not all was sent: ${error}`);
  if (!isWhole) note('Stopped before the end. Run the command again: nothing is published twice.');
}

/** Bodies are left out: they hold download links. */
function jsonOf(
  { items, gaps, requests, isWhole, error, correlationId }: BackfillResult,
  { provider, source, window, isDryRun }: Context,
) {
  const { from, to, subjects: [only] = [] } = window;
  return {
    provider: provider.name,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    ...(only !== undefined && { subject: only }),
    ...{ isDryRun, isWhole, requests, correlationId },
    ...(error !== undefined && { error }),
    events: items.map(({ subject, type, providerEvent, time, eventId, state }) => ({
      ...{ subject, type, providerEvent, time, eventId, state },
    })),
    gaps: gaps.map(({ gap, count, isIncomplete = false }) => ({ gap, count, isIncomplete })),
    lost: source.lost,
  };
}

function printPage(
  { items, gaps, requests, correlationId }: BackfillResult,
  { provider, source, window, isDryRun }: Context,
  flags: WideFlags,
) {
  const rows = rowsOf(items).filter(({ unknown }) => unknown.length > 0);
  if (rows.length > 0) console.log(`${tableOf(columns(isDryRun), rows.slice(0, MOST_ROWS), columnsFor(flags))}\n`);
  if (rows.length > MOST_ROWS) print(`… and ${rows.length - MOST_ROWS} subjects more. All of them: --json.\n`);
  const sent = items.filter(({ state }) => state === 'sent').length;
  const events = `events that ${provider.title} reports (${requests} requests)`;
  const nothing = `${provider.title} reports nothing in that time.`;
  console.log(colors.bold(items.length === 0 ? nothing : summaryOf(items, events, isDryRun)));
  const [from, to] = [window.from, window.to].map((at) => new Date(at).toISOString());
  print(colors.dim(`From ${from} to ${to}.`));
  if (sent > 0) print(colors.dim(`What becomes of them: npx meetbus query one-event --id ${correlationId}`));
  for (const { gap, count } of gaps.slice(0, MOST_GAPS)) print(count > 1 ? `${gap} (${count})` : gap);
  if (gaps.length > MOST_GAPS) print(`… and ${gaps.length - MOST_GAPS} more like these. All of them: --json.`);
  print(colors.dim(`Cannot be recovered: ${source.lost.join('; ')}.`));
}

/** The result in a line. */
function summaryOf(items: readonly Item[], events: string, isDryRun: boolean): string {
  const count = (state: State) => items.filter((item) => item.state === state).length;
  const [all, missing, sent] = [items.length, count('missing'), count('sent')];
  if (missing + sent === 0) return `nothing is missing: Meetbus knows all ${all} ${events}`;
  return isDryRun ? `dry run: ${missing} of ${all} ${events} would be sent` : `sent ${sent} of ${all} ${events}`;
}

/** The events about one subject. */
interface Row {
  readonly subject: string;
  /** How many events the API reports. */
  readonly said: number;
  /** How many of them Meetbus knew. */
  readonly known: number;
  readonly unknown: readonly Item[];
}

function rowsOf(items: readonly Item[]): Row[] {
  return [...Map.groupBy(items, ({ subject }) => subject)].map(([subject, some]) => {
    const unknown = some.filter(({ state }) => state !== 'known');
    return { subject, said: some.length, known: some.length - unknown.length, unknown };
  });
}

const columns = (isDryRun: boolean) => [
  { title: 'subject', value: ({ subject }: Row) => subject, narrow: 'cut' as const },
  { title: 'reported', value: ({ said }: Row) => said },
  { title: 'known', value: ({ known }: Row) => known },
  { title: isDryRun ? 'would be sent' : 'missing', value: namesIn, narrow: 'wrap' as const },
];

/** The provider events of a row, such as `bot.done, recording.statusUpdate (3)`. */
function namesIn({ unknown }: Row): string {
  const counts = Map.groupBy(unknown, ({ providerEvent }) => providerEvent);
  const names = [...counts].map(([name, { length }]) => (length > 1 ? `${name} (${length})` : name));
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
