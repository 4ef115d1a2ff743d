/** How the EventBridge API answers with lists and times. */

/** What a caller asks for of a list. */
export interface Page {
  readonly Limit?: number;
  readonly NextToken?: string;
}

/** Most items of one answer, where the caller does not ask for fewer. */
const PAGE_SIZE = 100;

/** One page of a listing; the token is the place of the next item. */
export function listed<Item>(member: string, items: readonly Item[], page: Page, show: (item: Item) => unknown) {
  const start = Number(page.NextToken ?? 0);
  const end = start + (page.Limit ?? PAGE_SIZE);
  const more = end < items.length ? { NextToken: String(end) } : {};
  return { [member]: items.slice(start, end).map(show), ...more };
}

/** Seconds since 1970, as AWS's JSON protocol writes a time. */
export const seconds = (date: Date): number => date.getTime() / 1000;
