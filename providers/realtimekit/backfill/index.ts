/** What RealtimeKit's API still says. It has lists of sessions and recordings; everything else is asked for by session. */
import {
  type Api,
  type ApiAccess,
  ApiError,
  type ApiEvent,
  type BackfillWindow,
  type Gap,
  type InspectionTarget,
  isApiError,
  isGap,
  orGap,
  type ProviderBackfill,
  type Trouble,
} from '../../backfill';
import { NotConfiguredError } from '../../kit/stale-if-error-cache';
import { asObject, memberAt } from '../../kit/values';
import { APP_VARIABLES, appInEnvironment, VARIABLES } from './app';
import {
  eventsOfFile,
  eventsOfParticipant,
  eventsOfRecording,
  eventsOfSession,
  FILES,
  type Session,
  sessionOf,
} from './bodies';
import { rowsOf } from './pages';
import { addressOf, ROUTE, webhooksIn, webhookTroubles } from './webhook';

/** What the filters of the lists compare is not published. A session that began so long before may go on in the window. */
const MARGIN_MS = 24 * 3_600_000;

const NOT_FOUND = 404;

const iso = (at: number): string => new Date(at).toISOString();

export const backfill: ProviderBackfill = {
  subjects: ['meeting/<id>'],
  lost: [
    'why a meeting has ended',
    'pauses of recordings, and the start of one that has not ended',
    'statuses of livestreams',
    'that a participant came back under the same id',
  ],
  // Cloudflare allows 1,200 requests in five minutes for each user; half of that.
  perSecond: 2,
  variables: VARIABLES,
  access,
  read,
  inspect,
};

function access(environment: Readonly<Record<string, string | undefined>>): ApiAccess {
  const app = appInEnvironment(environment);
  if (!app) throw new NotConfiguredError(`Set ${APP_VARIABLES.slice(0, -1).join(', ')} and ${APP_VARIABLES.at(-1)}.`);
  return {
    url: `${app.apiUrl.replace(/\/$/, '')}/accounts/${app.accountId}/realtime/kit/${app.appId}`,
    headers: { authorization: `Bearer ${app.token}` },
    remedy: `Set ${APP_VARIABLES.at(-1)} to a token of this account with the permission "Realtime Admin" or "Realtime".`,
  };
}

async function* read(api: Api, window: BackfillWindow): AsyncGenerator<ApiEvent | Gap> {
  const wanted = window.subjects?.map((subject) => subject.split('/')[1]);
  const meetingId = wanted?.length === 1 ? wanted[0] : undefined;
  const times = { start_time: iso(window.from - MARGIN_MS), end_time: iso(window.to) };
  yield* orGap('recordings', recordings(api, window, { ...times, meeting_id: meetingId }));
  yield* orGap('sessions', sessions(api, window, { ...times, associated_id: meetingId }));
}

async function* recordings(api: Api, window: BackfillWindow, times: Readonly<Record<string, string | undefined>>) {
  // New rows come last, so they move no row to another page.
  const query = { ...times, sort_by: 'invokedTime', sort_order: 'ASC' };
  for await (const row of rowsOf(api, '/recordings', { query, rowsAt: ['data'] })) {
    yield* isGap(row) ? [row] : eventsOfRecording(row, (time) => isIn(time, window));
  }
}

async function* sessions(api: Api, window: BackfillWindow, times: Readonly<Record<string, string | undefined>>) {
  const query = { ...times, sort_by: 'createdAt', sort_order: 'ASC' };
  const found: Session[] = [];
  for await (const row of rowsOf(api, '/sessions', { query, rowsAt: ['data', 'sessions'] })) {
    const session = isGap(row) ? row : sessionOf(row);
    if ('gap' in session) yield session;
    else if (isWithin(session, window) && isWanted(session, window)) found.push(session);
  }
  for (const session of found) yield* eventsOfSession(session).filter((said) => isOfWindow(said, session, window));
  for (const session of found) yield* orGap(`participants of the session ${session.id}`, participants(api, session));
  const ended = found.filter(({ endedAt }) => endedAt !== undefined && isIn(endedAt, window));
  api.expect(ended.length * FILES.length);
  for (const session of ended) {
    for (const file of FILES) yield* orGap(`${file.path} of the session ${session.id}`, fileOf(api, session, file));
  }
}

const isIn = (time: string, { from, to }: BackfillWindow): boolean => Date.parse(time) >= from && Date.parse(time) < to;

/** Whether a session was live at some moment of the window. */
const isWithin = ({ startedAt, endedAt }: Session, { from, to }: BackfillWindow): boolean =>
  Date.parse(startedAt) < to && (endedAt === undefined || Date.parse(endedAt) >= from);

/** What a session has is asked for session by session, so only for those that are wanted. */
const isWanted = ({ meeting }: Session, { subjects }: BackfillWindow): boolean =>
  subjects === undefined || subjects.includes(`meeting/${meeting.id}`);

/** The occurrences of a session's start and end have no time, by which the command would leave them out. */
const isOfWindow = ({ event }: ApiEvent, { startedAt, endedAt = '' }: Session, window: BackfillWindow): boolean =>
  isIn(event === 'meeting.started' ? startedAt : endedAt, window);

async function* participants(api: Api, session: Session): AsyncGenerator<ApiEvent | Gap> {
  const path = `/sessions/${encodeURIComponent(session.id)}/participants`;
  const query = { sort_by: 'joinedAt', sort_order: 'ASC' };
  for await (const row of rowsOf(api, path, { query, rowsAt: ['data', 'participants'] })) {
    yield* isGap(row) ? [row] : eventsOfParticipant(session, row);
  }
}

/** There is no such file where the API answers 404. */
async function* fileOf(api: Api, session: Session, file: (typeof FILES)[number]): AsyncGenerator<ApiEvent> {
  try {
    const path = `/sessions/${encodeURIComponent(session.id)}/${file.path}`;
    const answer = await api.get(path);
    if (!asObject(answer) || memberAt(answer, 'success') === false)
      throw new ApiError(`${path}: the answer is no file`);
    yield* eventsOfFile(session, file, answer);
  } catch (error) {
    if (!isApiError(error) || error.status !== NOT_FOUND) throw error;
  }
}

/** What is wrong with the deployment's webhook. The token in its URL is a secret of the verifiers: the doctor looks at that. */
async function* inspect(api: Api, { apiUrl }: InspectionTarget): AsyncGenerator<Trouble> {
  const url = new URL(ROUTE, apiUrl).href;
  const webhooks = webhooksIn(await api.get('/webhooks'));
  if (webhooks === undefined) throw new ApiError('/webhooks: the answer is no list');
  const own = webhooks.filter((webhook) => addressOf(webhook.url) === addressOf(url));
  const best = own.find(({ enabled }) => enabled) ?? own[0];
  for (const trouble of webhookTroubles(best, url)) yield { trouble };
}
