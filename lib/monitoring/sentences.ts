/** Sentences of the providers for the descriptions of alarms. */
import type { Provider } from '../../providers/provider';

/** Characters. The description of an alarm has 1,024, and says more than this. */
const MAX_LENGTH = 600;

/** The sentences, each after a space; if they are too long together, a reference to the page that has them. */
export function sentences(all: readonly (string | undefined)[]): string {
  const text = all.flatMap((sentence) => (sentence ? [` ${sentence}`] : [])).join('');
  return text.length <= MAX_LENGTH ? text : ' What that means for each provider is in the README of its folder.';
}

/** What the providers do after a failure, such as an answer of 5xx. */
export const afterFailure = (providers: readonly Provider[]): string =>
  sentences(providers.map((provider) => provider.afterFailure));

/** Titles in a sentence, such as `Acme or Example`. */
export const anyOf = (providers: readonly Provider[]): string =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(providers.map(({ title }) => title));
