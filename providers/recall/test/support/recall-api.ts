/**
 * A stand-in for Recall.ai's API, as its reference describes the lists: `results` and `next`; `count` too, where pages have
 * numbers. Rows hold what the real ones hold besides: links, and the URL of an endpoint with its token.
 */
import { type ApiFault, found, type JsonAnswer, JsonApi, NOT_FOUND } from '../../../../test/support/json-api';

/** A row of a list. */
export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Status {
  readonly code: string;
  readonly sub_code?: string | null;
  readonly at: string;
}

/** A link that lets its reader download, and must be printed nowhere. */
export const LINK = 'https://files.example.org/download?signature=recall-link-secret';

export const newStatus = ({ code, sub_code = null, at }: Status) => ({ code, sub_code, updated_at: at });

export const newBot = (id: string, statuses: readonly Status[], joinAt = statuses[0]?.at ?? null): Row => ({
  id,
  join_at: joinAt,
  metadata: { booking: 'room-12' },
  meeting_url: { meeting_id: '123', platform: 'zoom' },
  // The order of the history is not reliable.
  status_changes: statuses
    .map(({ code, sub_code = null, at }) => ({ code, message: null, sub_code, created_at: at }))
    .toReversed(),
  recordings: [],
});

/** A file of a recording. */
export const newFile = (id: string, status: Status, more: object = {}): Row => ({
  ...{ id, metadata: {}, created_at: status.at, status: newStatus(status), data: { download_url: LINK } },
  ...more,
});

export const newRecording = (
  id: string,
  bot: string,
  status: Status,
  files: Readonly<Record<string, Row>> = {},
): Row => ({
  ...newFile(id, status, { bot: { id: bot, metadata: { booking: 'room-12' } }, expires_at: null }),
  media_shortcuts: { video_mixed: null, audio_mixed: null, ...files },
});

const LISTS = ['recording', 'transcript', 'video_separate', 'audio_separate', 'realtime_endpoint'] as const;

export class RecallApi {
  readonly key = 'recall-api-key-of-a-test';
  bots: Row[] = [];
  readonly lists: Record<(typeof LISTS)[number], Row[]> = {
    ...{ recording: [], transcript: [], video_separate: [], audio_separate: [], realtime_endpoint: [] },
  };
  calendarEvents: Row[] = [];
  pageSize = 100;
  /** Bots by page number, as without `use_cursor`. */
  hasPageNumbers = false;
  /** Called before each page of bots. */
  onBots: () => void = () => {};
  readonly api = new JsonApi(`Token ${this.key}`, (url) => this.#answer(url));

  static async start(): Promise<RecallApi> {
    const fake = new RecallApi();
    await fake.api.start();
    return fake;
  }

  get environment(): Record<string, string> {
    return { RECALL_API_KEY: this.key, RECALL_BASE_URL: this.api.url };
  }

  fail(path: RegExp, fault: ApiFault): void {
    this.api.rules.push({ path, fault });
  }

  reset(): void {
    this.api.reset();
    this.bots = [];
    this.calendarEvents = [];
    for (const name of LISTS) this.lists[name] = [];
    Object.assign(this, { pageSize: 100, hasPageNumbers: false, onBots: () => {} });
  }

  #answer(url: URL): JsonAnswer {
    const { pathname, searchParams: query } = url;
    const between = (rows: readonly Row[], member: string, after: string, before: string) =>
      rows.filter((row) => isBetween(row[member], query.get(after), query.get(before)));
    if (pathname === '/api/v1/bot/') {
      this.onBots();
      return this.#page(url, between(this.bots, 'join_at', 'join_at_after', 'join_at_before'), this.hasPageNumbers);
    }
    const [, bot] = /^\/api\/v1\/bot\/([^/]+)\/$/.exec(pathname) ?? [];
    if (bot !== undefined) {
      const row = this.bots.find(({ id }) => id === bot);
      return row ? found(row) : NOT_FOUND;
    }
    if (pathname === '/api/v2/calendar-events/') {
      return this.#page(url, between(this.calendarEvents, 'updated_at', 'updated_at__gte', ''), false);
    }
    const name = LISTS.find((one) => pathname === `/api/v1/${one}/`);
    if (name === undefined) return NOT_FOUND;
    const rows = between(this.lists[name], 'created_at', 'created_at_after', 'created_at_before');
    const [botId, recordingId] = [query.get('bot_id'), query.get('recording_id')];
    const code = query.get('status_code');
    const isWanted = ({ bot: ofBot, recording, status }: Row) =>
      (code === null || Object(status).code === code) &&
      (botId === null || Object(ofBot).id === botId) &&
      (recordingId === null || Object(recording).id === recordingId);
    return this.#page(url, rows.filter(isWanted), false);
  }

  #page(url: URL, rows: readonly Row[], hasNumbers: boolean): JsonAnswer {
    const name = hasNumbers ? 'page' : 'cursor';
    const page = Number(url.searchParams.get(name) ?? 1);
    const end = page * this.pageSize;
    const next = new URL(url);
    next.searchParams.set(name, String(page + 1));
    return found({
      ...(hasNumbers && { count: rows.length }),
      // The real one names its public host, whatever host was asked.
      next: end < rows.length ? next.href.replace(url.origin, 'https://us-east-1.recall.ai') : null,
      previous: null,
      results: rows.slice(end - this.pageSize, end),
    });
  }
}

/** Whether a time is between two others; a row without one is in no list with such a filter. */
function isBetween(time: unknown, after: string | null, before: string | null): boolean {
  if (after === null && before === null) return true;
  const at = Date.parse(String(time));
  return at >= Date.parse(after ?? '1970-01-01T00:00:00Z') && at < Date.parse(before ?? '9999-01-01T00:00:00Z');
}
