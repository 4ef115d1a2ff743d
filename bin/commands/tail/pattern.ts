/** Which events a tail shows, as an EventBridge pattern. */
import { MEETING_EVENT_TYPES, PROVIDERS, sourceOf } from '@meetbus/events';
import { didYouMean, sentences } from '../../did-you-mean';
import { UsageError } from '../../usage';

/** What the person asked for. */
export interface TailFilter {
  /** Types, or patterns with `*`. */
  readonly type?: readonly string[];
  /** Subjects, or patterns with `*`. */
  readonly subject?: readonly string[];
}

/**
 * The pattern for a rule on the shared bus.
 *
 * @throws UsageError for a type that never comes
 */
export function patternOf({ type, subject }: TailFilter): object {
  for (const wanted of type ?? []) checkType(wanted);
  return {
    source: PROVIDERS.map(sourceOf),
    ...(type && { 'detail-type': type.map(matcherOf) }),
    ...(subject && { detail: { subject: subject.map(matcherOf) } }),
  };
}

/** EventBridge takes `*` only where a wildcard is announced. */
const matcherOf = (text: string): string | object => (text.includes('*') ? { wildcard: text } : text);

/** A misspelt type would only be silent. */
function checkType(wanted: string): void {
  if (wanted === 'event.unrecognized') {
    throw new UsageError('event.unrecognized is on the intake bus only: it never comes to the shared bus.');
  }
  const matches = new RegExp(`^${wanted.split('*').map(RegExp.escape).join('.*')}$`);
  if (MEETING_EVENT_TYPES.some((type) => matches.test(type))) return;
  const all = `The types are: ${MEETING_EVENT_TYPES.join(', ')}.`;
  throw new UsageError(sentences(`There is no event type ${wanted}.`, didYouMean(wanted, MEETING_EVENT_TYPES), all));
}
