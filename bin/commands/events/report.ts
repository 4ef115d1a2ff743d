/** What the command prints about events that were sent again, or would be. */
import { colors } from '../../colors';
import { type JsonFlags, note, print, printJson, tableOf } from '../../output';
import { cut } from '../../terminal';
import type { LeftAside } from './decide';

/** One event of the archive. */
export interface Item {
  readonly eventId: string;
  readonly receivedTime: string;
  /** Why it was not recognized. */
  readonly reason: string;
  readonly providerEvent: string;
  readonly organization?: string | undefined;
  /** The type under which it is published; absent where it is not sent. */
  readonly becomes?: string;
  readonly leftAside?: LeftAside;
}

interface Ending {
  /** False where the command stopped before the end. */
  readonly isWhole: boolean;
  readonly isDryRun: boolean;
}

/** Why events are not sent, in the table and in a note below it. */
export const LEFT_ASIDE: Readonly<Record<LeftAside, { readonly word: string; readonly remedy: string }>> = {
  not_understood: {
    word: 'not understood',
    remedy: 'This version cannot read them. They stay in the archive of the intake bus.',
  },
  sender_not_proved: {
    word: 'sender unknown',
    remedy: 'Senders that are on no list. If one is yours, name it: --organization <id>',
  },
  signature_required: {
    word: 'token alone',
    remedy: 'A token alone proves no event of these names: they never go to subscribers.',
  },
  body_gone: {
    word: 'body not kept',
    remedy: 'Their bodies were not kept, are gone from the bucket, or s3:GetObject is not allowed.',
  },
};

/** Prints a line for each kind of event, and what to do about those that were not sent. The process ends with 1 where not all was done. */
export function reportItems(items: readonly Item[], { isWhole, isDryRun }: Ending, { json }: JsonFlags): void {
  const gone = items.some(({ leftAside }) => leftAside === 'body_gone');
  if (!isWhole || gone) process.exitCode = 1;
  if (json) {
    printJson({ isWhole, isDryRun, events: items });
    return;
  }
  if (items.length === 0) console.log('There is no such event in that time.');
  else console.log(`${tableOf(COLUMNS, groupsOf(items))}\n`);
  const brought = items.filter(({ becomes }) => becomes !== undefined).length;
  const done = isDryRun
    ? `dry run: ${brought} of ${items.length} would be sent to the consumers again`
    : `sent ${brought} of ${items.length} to the consumers again`;
  if (items.length > 0) console.log(colors.bold(done));
  for (const line of remediesOf(items)) print(line);
  if (!isWhole) note('Not all were looked at: run the command again. Nothing is published twice.');
}

export type Group = Item & { readonly count: number };

const COLUMNS = [
  { title: 'events', value: ({ count }: Group) => count },
  { title: 'set aside for', value: ({ reason }: Group) => reason },
  { title: 'provider event', value: ({ providerEvent }: Group) => cut(providerEvent || '(none)', NAME_LENGTH) },
  {
    title: 'becomes',
    value: ({ becomes, leftAside }: Group) => becomes ?? `(${LEFT_ASIDE[leftAside as LeftAside].word})`,
  },
];

/** Longest name that leaves the table within 80 columns. */
const NAME_LENGTH = 24;

/** Events that are alike, the largest group first. */
export function groupsOf(items: readonly Item[]): Group[] {
  const keyOf = ({ reason, providerEvent, becomes, leftAside }: Item) =>
    [reason, providerEvent, becomes, leftAside].join('\n');
  return [...Map.groupBy(items, keyOf).values()]
    .map((alike) => ({ ...(alike[0] as Item), count: alike.length }))
    .toSorted((a, b) => b.count - a.count);
}

/** What to do about events that were not sent, a line for each reason. */
export function remediesOf(items: readonly Item[]): string[] {
  return [...Map.groupBy(items, ({ leftAside }) => leftAside)].flatMap(([leftAside, some]) => {
    if (leftAside === undefined) return [];
    const { word, remedy } = LEFT_ASIDE[leftAside];
    const line = `${some.length} ${word}: ${remedy}`;
    return leftAside === 'sender_not_proved' ? [line, ...organizationsOf(some)] : [line];
  });
}

/** The organizations of events, that with most events first. */
const organizationsOf = (items: readonly Item[]): string[] =>
  [...Map.groupBy(items, ({ organization }) => organization)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([organization = '(names no organization)', some]) => `  ${organization}  ${some.length}`);
