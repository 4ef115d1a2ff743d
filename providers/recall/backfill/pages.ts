/** The lists of Recall.ai's API, page by page. */
import { type Api, ApiError, type Gap, type Query } from '../../backfill';
import { asObject, type JsonObject, memberAt } from '../../kit/values';

/** With 100 rows a page, a hundred thousand rows. */
const MOST_PAGES = 1_000;

/**
 * The rows of a list. Rows can come twice if the list changes meanwhile.
 *
 * @throws ApiError if a page cannot be read
 */
export async function* rowsOf(api: Api, path: string, query: Query): AsyncGenerator<JsonObject | Gap> {
  const ids = new Set<unknown>();
  const asked = new Set<string>();
  let count: number | undefined;
  let next: Query | undefined = query;
  while (next !== undefined) {
    const key = JSON.stringify(next);
    if (asked.has(key) || asked.size === MOST_PAGES) {
      yield { gap: `${path}: its pages have no end`, isIncomplete: true };
      return;
    }
    asked.add(key);
    api.expect(1);
    const page = await api.get(path, next);
    const rows = memberAt(page, 'results');
    if (!Array.isArray(rows)) throw new ApiError(`${path}: the answer is no list`);
    for (const row of rows.map(asObject)) {
      if (row === undefined) continue;
      ids.add(row.id);
      yield row;
    }
    const total = memberAt(page, 'count');
    if (typeof total === 'number') count = total;
    next = nextOf(memberAt(page, 'next'), path);
  }
  // Lists with page numbers have a count. If it differs, rows moved from one page to another meanwhile.
  if (count !== undefined && ids.size < count) {
    yield { gap: `${path}: ${ids.size} of ${count} rows, because it changed while it was read`, isIncomplete: true };
  }
}

/** The query of the next page. Its host and path are not used: the key goes to no other. */
function nextOf(next: unknown, path: string): Query | undefined {
  if (next === null || next === undefined || next === '') return undefined;
  if (typeof next !== 'string' || !URL.canParse(next, 'https://x')) {
    throw new ApiError(`${path}: the next page cannot be found`);
  }
  const { searchParams } = new URL(next, 'https://x');
  return Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
}
