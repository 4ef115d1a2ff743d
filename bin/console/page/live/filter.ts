/** Filters of the list of deliveries, which stand in the page's address. */
import type { DeliveryRow } from '../../api/live';
import { hasWords } from '../parts/words';

/** What a row must have; an empty text asks for nothing. */
export interface Filter {
  readonly provider: string;
  readonly type: string;
  readonly subject: string;
  readonly outcome: string;
  /** Words that must all be somewhere in the row. */
  readonly text: string;
  /** Meetbus's own deliveries are there too: the probe sends one every minute. */
  readonly probe: boolean;
}

const TEXTS = ['provider', 'type', 'subject', 'outcome', 'text'] as const;

/** The filter in an address. */
export function filterOf(query: URLSearchParams): Filter {
  const [provider = '', type = '', subject = '', outcome = '', text = ''] = TEXTS.map((name) => query.get(name) ?? '');
  return { provider, type, subject, outcome, text, probe: query.has('probe') };
}

/** The filter as the query of an address: what asks for nothing is left out. */
export const queryOf = (filter: Filter): Record<string, string> => ({
  ...Object.fromEntries(TEXTS.flatMap((name) => (filter[name] ? [[name, filter[name]]] : []))),
  ...(filter.probe && { probe: 'yes' }),
});

/** The function that tells whether a row passes. */
export function passes({ provider, type, subject, outcome, text, probe }: Filter): (row: DeliveryRow) => boolean {
  const hasText = hasWords(text);
  const isIn = (part: string, whole: string) => whole.toLowerCase().includes(part.toLowerCase());
  return (row) =>
    (probe || !row.isOwn) &&
    (!provider || row.provider === provider) &&
    (!type || isIn(type, row.type)) &&
    (!outcome || row.outcome === outcome) &&
    (!subject || isIn(subject, row.subject)) &&
    hasText(Object.values(row).join('\n'));
}

/** Whether the filter hides something that a person has asked to hide. */
export const isNarrow = (filter: Filter): boolean => TEXTS.some((name) => filter[name] !== '');
