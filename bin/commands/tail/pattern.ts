/** The EventBridge pattern of the events that `tail` shows. */
import { MEETING_EVENT_TYPES, sourceOf } from '@meetbus/events';
import { didYouMean, sentences } from '../../did-you-mean';
import { UsageError } from '../../usage';

/** Prefix of all sources of meeting events, including providers that this version does not know. */
const ANY_PROVIDER = sourceOf('');

/** The flags that select events. */
export interface TailFilter {
  /** Types, or patterns with `*`. */
  readonly type?: readonly string[];
  /** Subjects, or patterns with `*`. */
  readonly subject?: readonly string[];
}

/**
 * The pattern for a rule on the shared bus.
 *
 * @throws UsageError for a type that does not exist, or is never on the shared bus
 */
export function patternOf({ type, subject }: TailFilter): object {
  for (const wanted of type ?? []) checkType(wanted);
  return {
    source: [{ prefix: ANY_PROVIDER }],
    ...(type && { 'detail-type': type.map(matcherOf) }),
    ...(subject && { detail: { subject: subject.map(matcherOf) } }),
  };
}

/** EventBridge reads `*` as a wildcard only in a wildcard matcher. */
const matcherOf = (text: string): string | object => (text.includes('*') ? { wildcard: text } : text);

/** Refuses a type that does not exist: no event would ever arrive. */
function checkType(wanted: string): void {
  if (wanted === 'event.unrecognized') {
    throw new UsageError('event.unrecognized is on the intake bus only: it never comes to the shared bus.');
  }
  const matches = new RegExp(`^${wanted.split('*').map(RegExp.escape).join('.*')}$`);
  if (MEETING_EVENT_TYPES.some((type) => matches.test(type))) return;
  const all = `The types are: ${MEETING_EVENT_TYPES.join(', ')}.`;
  throw new UsageError(sentences(`There is no event type ${wanted}.`, didYouMean(wanted, MEETING_EVENT_TYPES), all));
}
