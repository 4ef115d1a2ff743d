/**
 * A stand-in for RealtimeKit's API of sessions and recordings, after the types of Cloudflare's package: `page_no` and
 * `per_page`, and `paging.total_count`. Rows hold what the real ones hold besides: links and keys of the customer's storage.
 */
import { type ApiFault, found, type JsonAnswer, JsonApi, NOT_FOUND } from '../../../../test/support/json-api';
import { ACCOUNT_ID, APP_ID } from '../../../../test/support/realtimekit-api';

export type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** A link that lets its reader download. */
export const LINK = 'https://files.example.org/recording.mp4?signature=realtimekit-link-secret';
const STORAGE_KEY = 'storage-key-secret';

/** A session, and what the API has of it. */
export interface FakeSession {
  readonly row: Row;
  readonly participants: readonly Row[];
  /** Names of the files that are ready. */
  readonly files: readonly ('transcript' | 'summary' | 'chat')[];
}

interface SessionTimes {
  readonly start: string;
  readonly end?: string;
}

export const newSession = (id: string, meeting: string, { start, end }: SessionTimes): Row => ({
  ...{
    id,
    associated_id: meeting,
    meeting_display_name: 'Planning',
    organization_id: 'organization-1',
    type: 'meeting',
  },
  ...{ created_at: start, started_at: start, updated_at: end ?? start, status: end ? 'ENDED' : 'LIVE' },
  ...{ live_participants: 0, max_concurrent_participants: 2, minutes_consumed: 30, breakout_rooms: [] },
  ...(end && { ended_at: end }),
});

export const newParticipant = (id: string, joined: string, left: string | null): Row => ({
  ...{ id, display_name: 'Guest', custom_participant_id: `custom-${id}`, preset_name: 'group', user_id: 'u' },
  ...{ created_at: joined, joined_at: joined, left_at: left },
});

export const newRecording = (id: string, meeting: string, session: string, more: object): Row => ({
  ...{ id, output_file_name: 'planning.mp4', session_id: session, audio_download_url: null, download_url_expiry: null },
  ...{ download_url: LINK, file_size: 1_000, recording_duration: 60, stopped_time: null, started_time: null },
  meeting: { id: meeting, title: 'Planning', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
  storage_config: { type: 'aws', access_key: STORAGE_KEY, secret: STORAGE_KEY, bucket: 'customer' },
  ...more,
});

/** What must be printed nowhere. */
export const SECRETS = ['realtimekit-link-secret', STORAGE_KEY];

const ROOT = `/client/v4/accounts/${ACCOUNT_ID}/realtime/kit/${APP_ID}`;

export class SessionsApi {
  readonly token = 'cloudflare-token-of-a-test';
  sessions: FakeSession[] = [];
  recordings: Row[] = [];
  /** What the API of webhooks lists. */
  webhooks: readonly object[] = [];
  /** The most rows in a page, whatever is asked for. */
  mostPerPage = 100;
  /** Each page of recordings has rows that no other has. */
  endless = false;
  /** Called before each page of sessions. */
  onSessions: () => void = () => {};
  readonly api = new JsonApi(`Bearer ${this.token}`, (url) => this.#answer(url));

  static async start(): Promise<SessionsApi> {
    const fake = new SessionsApi();
    await fake.api.start();
    return fake;
  }

  get environment(): Record<string, string> {
    return {
      CLOUDFLARE_BASE_URL: `${this.api.url}/client/v4`,
      CLOUDFLARE_API_TOKEN: this.token,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID,
      REALTIMEKIT_APP_ID: APP_ID,
    };
  }

  fail(path: RegExp, fault: ApiFault): void {
    this.api.rules.push({ path, fault });
  }

  /** Requests, by what follows the app in their path. */
  of = (path: string): string[] => this.api.of(`${ROOT}${path}`);

  reset(): void {
    this.api.reset();
    Object.assign(this, {
      sessions: [],
      recordings: [],
      webhooks: [],
      mostPerPage: 100,
      endless: false,
      onSessions: () => {},
    });
  }

  #answer(url: URL): JsonAnswer {
    if (!url.pathname.startsWith(`${ROOT}/`)) return NOT_FOUND;
    const [kind, id, part] = url.pathname.slice(ROOT.length + 1).split('/');
    if (kind === 'webhooks') return found({ success: true, data: this.webhooks });
    if (kind === 'recordings' && this.endless) {
      const data = [newRecording(`r${url.searchParams.get('page_no')}`, 'm', 's', {})];
      return found({ success: true, data, paging: { total_count: 1_000_000 } });
    }
    if (kind === 'recordings') return this.#page(url, this.recordings, (rows) => rows, 'invoked_time');
    if (kind !== 'sessions') return NOT_FOUND;
    if (id === undefined) {
      this.onSessions();
      return this.#page(
        url,
        this.sessions.map(({ row }) => row),
        (sessions) => ({ sessions }),
        'started_at',
      );
    }
    const session = this.sessions.find(({ row }) => row.id === id);
    if (session === undefined) return NOT_FOUND;
    if (part === 'participants') return this.#page(url, session.participants, (participants) => ({ participants }), '');
    if (!session.files.some((file) => file === part)) return NOT_FOUND;
    // The summary is spelled in another way than the others.
    return found({
      success: true,
      data:
        part === 'summary'
          ? { sessionId: id, summaryDownloadUrl: LINK, summaryDownloadUrlExpiry: '2026-12-01T00:00:00Z' }
          : { sessionId: id, [`${part}_download_url`]: LINK, [`${part}_download_url_expiry`]: '2026-12-01T00:00:00Z' },
    });
  }

  #page(url: URL, all: readonly Row[], dataOf: (rows: readonly Row[]) => unknown, timeMember: string): JsonAnswer {
    const query = (name: string) => url.searchParams.get(name);
    const [start, end] = [query('start_time') ?? '', query('end_time') ?? '9999'];
    const meeting = query('associated_id') ?? query('meeting_id');
    const rows = all.filter((row) => {
      const time = String(row[timeMember] ?? '');
      const of = row.associated_id ?? Object(row.meeting).id;
      return (timeMember === '' || (time >= start && time < end)) && (meeting === null || of === meeting);
    });
    const size = Math.min(this.mostPerPage, Number(query('per_page') ?? 20));
    const from = (Number(query('page_no') ?? 1) - 1) * size;
    const page = rows.slice(from, from + size);
    const paging = { total_count: rows.length, start_offset: from, end_offset: from + page.length };
    return found({ success: true, data: dataOf(page), paging });
  }
}
