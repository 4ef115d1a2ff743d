/** The lists of RealtimeKit's API, page by page. */
import { type Api, ApiError, type Gap, type Query } from '../../backfill';
import { asObject, type JsonObject, memberAt } from '../../kit/values';

/** Rows of a page. No maximum is published. */
const PER_PAGE = 50;

/** With 50 rows a page, fifty thousand rows. */
const MOST_PAGES = 1_000;

/** Rows move to later pages if others come before them, so one page may hold nothing new. */
const MOST_PAGES_WITHOUT_NEW = 2;

/** Where a list's rows are in its answer: `data` of recordings, `data.sessions` of sessions. */
type RowsPath = readonly string[];

/**
 * The rows of a list. Rows can come twice if the list changes meanwhile.
 *
 * @throws ApiError if a page cannot be read
 */
export async function* rowsOf(
  api: Api,
  path: string,
  { query = {}, rowsAt }: { readonly query?: Query; readonly rowsAt: RowsPath },
): AsyncGenerator<JsonObject | Gap> {
  const ids = new Set<unknown>();
  let total: number | undefined;
  let pagesWithoutNew = 0;
  for (let page = 1; pagesWithoutNew < MOST_PAGES_WITHOUT_NEW; page++) {
    if (page > MOST_PAGES) {
      yield { gap: `${path}: its pages have no end`, isIncomplete: true };
      return;
    }
    api.expect(1);
    const answer = await api.get(path, { ...query, page_no: page, per_page: PER_PAGE });
    const rows = memberAt(answer, ...rowsAt);
    if (!Array.isArray(rows)) throw new ApiError(`${path}: the answer is no list`);
    const before = ids.size;
    for (const row of rows.map(asObject)) {
      if (row === undefined) continue;
      ids.add(row.id);
      yield row;
    }
    pagesWithoutNew = ids.size > before ? 0 : pagesWithoutNew + 1;
    const count = memberAt(answer, 'paging', 'total_count');
    if (typeof count === 'number') total = count;
    // Without a total, a page that is not full is the last one. The API may allow fewer rows in a page than asked for.
    if (rows.length === 0 || (total === undefined ? rows.length < PER_PAGE : ids.size >= total)) break;
  }
  if (total !== undefined && ids.size < total) {
    yield { gap: `${path}: ${ids.size} of ${total} rows, because it changed while it was read`, isIncomplete: true };
  }
}
