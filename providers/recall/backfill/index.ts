/**
 * What Recall.ai's API still says. It asks for lists, never for one bot after the other: Recall.ai allows 60 requests per
 * minute to each list, for the whole workspace.
 */
import {
  type Api,
  ApiError,
  type ApiEvent,
  type BackfillWindow,
  type Gap,
  type InspectionTarget,
  isGap,
  orGap,
  type ProviderBackfill,
  type Query,
} from '../../backfill';
import { asObject, type JsonObject, textAt } from '../../kit/values';
import { access, VARIABLES } from './access';
import { entityOf, eventsOfBot, eventsOfCalendars, eventsOfRecording, LISTED_KINDS, lastStatusOf } from './bodies';
import { rowsOf } from './pages';

/** Lists have no filter by status time: what was created, or joined, so long before the window may change within it. */
const MARGIN_MS = 24 * 3_600_000;

/** Bots that the list does not have, though a recording names them: at most so many are asked for one by one. */
const MOST_SINGLE_BOTS = 100;

type Rows = AsyncIterable<JsonObject | Gap>;

const iso = (at: number): string => new Date(at).toISOString();

export const backfill: ProviderBackfill = {
  subjects: ['bot/<id>'],
  lost: [
    'live events of a call (participants, speech, chat, transcript segments)',
    'all but the last status of recordings and files',
    'bots with neither a time to join nor a recording',
    'statuses of Desktop SDK uploads and of Slack',
    'calendar.update',
    'what happened after media has expired, or was deleted',
  ],
  // Half of what Recall.ai allows: others in the workspace need the rest.
  perSecond: 0.5,
  variables: VARIABLES,
  access,
  read: (api, window) => new Reading(api, window).events(),
  inspect: deadEndpoints,
};

/** Real-time endpoints that Recall.ai has given up. What their webhooks say raises the alarm on dead endpoints. */
async function* deadEndpoints(api: Api, { from, to }: InspectionTarget): AsyncGenerator<ApiEvent> {
  const query = { status_code: 'failed', created_at_after: iso(from - MARGIN_MS), created_at_before: iso(to) };
  for await (const row of rowsOf(api, '/api/v1/realtime_endpoint/', query)) {
    if (isGap(row) || textAt(row, 'status', 'code') !== 'failed') continue;
    const named = { recording: entityOf(row.recording), bot: entityOf(row.bot) };
    for (const said of lastStatusOf('realtime_endpoint', row, named)) if (!isGap(said)) yield said;
  }
}

/** One reading of the API. */
class Reading {
  /** Bots whose history was read. */
  readonly #readBots = new Set<string>();
  /** Bots by the recordings that name them. */
  readonly #botOf = new Map<string, JsonObject | undefined>();
  /** The recordings of the one bot that is asked for. */
  readonly #botId: string | undefined;

  constructor(
    private readonly api: Api,
    private readonly window: BackfillWindow,
  ) {
    const [only, ...others] = window.subjects ?? [];
    this.#botId = others.length === 0 ? only?.split('/')[1] : undefined;
  }

  async *events(): AsyncGenerator<ApiEvent | Gap> {
    if (this.#botId === undefined) yield* orGap('bots', this.#bots());
    else yield* orGap('bot', this.#bot(this.#botId));
    yield* orGap('recordings', this.#recordings());
    for (const kind of LISTED_KINDS) yield* orGap(`files of the kind ${kind}`, this.#things(kind));
    yield* orGap('real-time endpoints', this.#things('realtime_endpoint'));
    yield* this.#botsOfRecordings();
    if (this.window.subjects === undefined) yield* orGap('calendar events', this.#calendars());
  }

  async *#bots(): AsyncGenerator<ApiEvent | Gap> {
    const { from, to } = this.window;
    const query = { use_cursor: true, join_at_after: iso(from - MARGIN_MS), join_at_before: iso(to) };
    for await (const row of rowsOf(this.api, '/api/v1/bot/', query)) yield* isGap(row) ? [row] : this.#eventsOfBot(row);
  }

  async *#bot(id: string): AsyncGenerator<ApiEvent | Gap> {
    this.#readBots.add(id);
    this.api.expect(1);
    const path = `/api/v1/bot/${encodeURIComponent(id)}/`;
    const bot = asObject(await this.api.get(path));
    if (bot === undefined) throw new ApiError(`${path}: the answer is no bot`);
    yield* this.#eventsOfBot(bot);
  }

  #eventsOfBot(row: JsonObject): (ApiEvent | Gap)[] {
    this.#readBots.add(textAt(row, 'id') ?? '');
    return eventsOfBot(row);
  }

  async *#recordings(): AsyncGenerator<ApiEvent | Gap> {
    const query = this.#botId === undefined ? this.#created() : { bot_id: this.#botId };
    for await (const row of rowsOf(this.api, '/api/v1/recording/', query)) {
      if (!isGap(row)) this.#botOf.set(textAt(row, 'id') ?? '', entityOf(row.bot));
      yield* isGap(row) ? [row] : eventsOfRecording(row, Date.now());
    }
  }

  /** The last statuses of all things of a kind. A row may name its recording only. */
  async *#things(kind: string): AsyncGenerator<ApiEvent | Gap> {
    for await (const row of this.#rowsOfThings(`/api/v1/${kind}/`)) {
      if (isGap(row)) {
        yield row;
        continue;
      }
      const recording = entityOf(row.recording);
      const bot = entityOf(row.bot) ?? this.#botOf.get(recording?.id ?? '');
      if (recording && bot && !this.#botOf.has(recording.id)) this.#botOf.set(recording.id, bot);
      yield* lastStatusOf(kind, row, { recording, bot });
    }
  }

  async *#rowsOfThings(path: string): Rows {
    if (this.#botId === undefined) yield* rowsOf(this.api, path, this.#created());
    else for (const recording of [...this.#botOf.keys()]) yield* rowsOf(this.api, path, { recording_id: recording });
  }

  /** A bot that was not scheduled may have no time at which to join, and so not be in the list. */
  async *#botsOfRecordings(): AsyncGenerator<ApiEvent | Gap> {
    const { subjects } = this.window;
    const named = subjects
      ? subjects.map((subject) => subject.split('/')[1] ?? '')
      : [...this.#botOf.values()].flatMap((bot) => textAt(bot, 'id') ?? []);
    const unread = [...new Set(named)].filter((id) => !this.#readBots.has(id));
    for (const id of unread.slice(0, MOST_SINGLE_BOTS)) yield* orGap(`bot ${id}`, this.#bot(id));
    for (const _ of unread.slice(MOST_SINGLE_BOTS)) {
      yield { gap: 'bots that the list does not have: --subject bot/<id> reads one', isIncomplete: true };
    }
  }

  async *#calendars(): AsyncGenerator<ApiEvent | Gap> {
    const rows: JsonObject[] = [];
    const query = { updated_at__gte: iso(this.window.from) };
    for await (const row of rowsOf(this.api, '/api/v2/calendar-events/', query)) {
      if (isGap(row)) yield row;
      else if (Date.parse(textAt(row, 'updated_at') ?? '') < this.window.to) rows.push(row);
    }
    yield* eventsOfCalendars(rows);
  }

  #created(): Query {
    const { from, to } = this.window;
    return { created_at_after: iso(from - MARGIN_MS), created_at_before: iso(to) };
  }
}
