/** The report of a redrive. */
import { REPUBLISH } from './queues';
import type { Redriven } from './redrive';

/** A redrive of the queue with that name. */
export type Result = Redriven & { readonly queue: string };

/** How the redrives ended. */
interface Ending {
  /** The person interrupted them. */
  readonly aborted: boolean;
  readonly isDryRun: boolean;
}

/** The results, a line for each queue that has or had messages. */
export function linesOf(results: readonly Result[], isDryRun: boolean): string[] {
  const lines = results
    .filter(({ seen, left, error }) => seen > 0 || left > 0 || error !== undefined)
    .map(({ queue, seen, wanted, moved, left }) =>
      isDryRun
        ? `${queue}: ${wanted} of ${seen} would be brought back; this was a dry run`
        : `${queue}: brought back ${moved}, left ${left} in the dead-letter queue`,
    );
  return lines.length > 0 ? lines : ['Nothing lies there.'];
}

const CUT_SHORT =
  'not all were looked at, because SQS hands out no more while about 120,000 are held. A redrive without --event, --from ' +
  'and --to holds none back, and meets all.';

/** The remaining work; nothing if everything requested is done. */
export function notesOf(results: readonly Result[], { aborted, isDryRun }: Ending): string[] {
  const notes = results.flatMap(({ queue, held, unreadable, isCutShort, error }) => [
    ...(isCutShort ? [`${queue}: ${CUT_SHORT}`] : []),
    ...(held === undefined ? [] : [heldNote(queue, held)]),
    ...(unreadable === undefined ? [] : [unreadableNote(queue, unreadable)]),
    ...(error === undefined ? [] : [`${queue}: ${error.replace(/\.$/, '')}; what is left is safe.`]),
  ]);
  const isRefused = results.some(({ wanted, moved, error }) => wanted > moved && error === undefined);
  if (isDryRun && aborted) notes.push('Not all were looked at: run the command again.');
  if (!isDryRun && (aborted || isRefused)) {
    notes.push('Not all were brought back. What is left is safe: run the command again.');
  }
  return notes;
}

/** Said before a redrive with `--force`. */
export const FORCED =
  'With --force, messages that will fail again are brought back too: their consumer tries each for a quarter of an hour, then ' +
  'it is here again, and the alarms say so.';

/** Reports that messages could not be read. */
export const heldNote = (queue: string, held: number): string =>
  `${queue}: ${held} are held by another command, or by one that was cut off; they come back within 15 minutes: run it again.`;

/** Most ids that are printed. */
const MOST_NAMED = 10;

function unreadableNote(queue: string, ids: readonly string[]): string {
  const more = ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : '';
  const [verdict, remedy] =
    queue === REPUBLISH
      ? ['are no events, and no redrive brings them back', 'Take them out']
      : [
          'would fail again, because they are no deliveries, and are left',
          '--force brings them back all the same. Or take them out',
        ];
  return (
    `${queue}: ${ids.length} ${verdict}. Their message ids: ${ids.slice(0, MOST_NAMED).join(', ')}${more}. Look at them: ` +
    `npx meetbus dlq peek ${queue} --body. ${remedy}: npx meetbus dlq export ${queue} --to <file>, then npx meetbus dlq delete ` +
    '<message id>. If nobody does, SQS deletes them 14 days after they came.'
  );
}
