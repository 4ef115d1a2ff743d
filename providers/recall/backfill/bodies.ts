/** Rows of Recall.ai's API as bodies of its webhooks: pure functions. Links, URLs and tokens in rows are left out. */
import type { ApiEvent, Gap } from '../../backfill';
import { utcTimeOf } from '../../kit/time';
import { asObject, type JsonObject, memberAt, textAt } from '../../kit/values';

/** Codes of a bot in the API that are no webhook. */
const NO_WEBHOOK = /^(ready|recording_done|media_expired|analysis_\w+)$/;

/** The files of a recording that a row of the list of recordings embeds. */
const SHORTCUTS = ['participant_events', 'meeting_metadata', 'video_mixed', 'audio_mixed', 'transcript'] as const;

/** Kinds of files with a list of their own that is read, because rows of recordings embed none, or only one of them. */
export const LISTED_KINDS = ['transcript', 'video_separate', 'audio_separate'] as const;

const EARLIER = 'earlier statuses of recordings and their files: the API has the last one only';

const CODE = /^[a-z0-9_]{1,64}$/;

/** The things that an event names beside its own, such as the bot of a recording. */
type Named = Readonly<Record<string, JsonObject | undefined>>;

/** A thing as webhooks name it; undefined without an id. */
export function entityOf(row: unknown): { readonly id: string; readonly metadata: object } | undefined {
  const id = textAt(row, 'id');
  return id === undefined ? undefined : { id, metadata: asObject(memberAt(row, 'metadata')) ?? {} };
}

function statusEvent(kind: string, status: unknown, timeMember: string, named: Named): (ApiEvent | Gap)[] {
  const code = textAt(status, 'code');
  const time = textAt(status, timeMember);
  if (code === undefined || !CODE.test(code) || utcTimeOf(time) === undefined || named[kind] === undefined) {
    return [{ gap: `rows about ${kind} without an id, a status or its time` }];
  }
  const data = { code, sub_code: textAt(status, 'sub_code') ?? null, updated_at: time };
  const objects = Object.fromEntries(Object.entries(named).filter(([, one]) => one !== undefined));
  return [{ event: `${kind}.${code}`, body: { event: `${kind}.${code}`, data: { data, ...objects } } }];
}

/** The statuses of a bot: the whole history. Its order is not reliable, so the times decide. */
export function eventsOfBot(row: JsonObject): (ApiEvent | Gap)[] {
  const bot = entityOf(row);
  const changes = row.status_changes;
  if (!Array.isArray(changes)) return [{ gap: 'bots without their statuses', isIncomplete: true }];
  const isExpired = changes.some((change) => textAt(change, 'code') === 'media_expired');
  const statuses = changes.filter((change) => !NO_WEBHOOK.test(textAt(change, 'code') ?? ''));
  return [
    ...statuses.flatMap((change) => statusEvent('bot', change, 'created_at', { bot })),
    ...(isExpired ? [{ gap: 'bots whose media has expired: what happened to their files since is not known' }] : []),
  ];
}

/** The last status of a recording, and of the files that its row embeds. */
export function eventsOfRecording(row: JsonObject, now: number): (ApiEvent | Gap)[] {
  const recording = entityOf(row);
  const bot = entityOf(row.bot);
  const files = SHORTCUTS.flatMap((kind) => {
    const file = memberAt(row, 'media_shortcuts', kind);
    return asObject(file) ? lastStatusOf(kind, asObject(file) as JsonObject, { recording, bot }) : [];
  });
  const expiresAt = Date.parse(textAt(row, 'expires_at') ?? '');
  return [
    ...lastStatusOf('recording', row, { bot }),
    ...files,
    ...(asObject(row.media_shortcuts) ? [] : [{ gap: 'recordings without their files', isIncomplete: true } as const]),
    ...(expiresAt < now ? [{ gap: 'recordings whose media has expired: what happened since is not known' }] : []),
  ];
}

/** The last status of a thing of that kind. */
export function lastStatusOf(kind: string, row: JsonObject, named: Named): (ApiEvent | Gap)[] {
  const events = statusEvent(kind, row.status, 'updated_at', { [kind]: entityOf(row), ...named });
  const isFirst = ['processing', 'running'].includes(textAt(row, 'status', 'code') ?? '');
  return isFirst ? events : [...events, { gap: EARLIER }];
}

/** `calendar.sync_events` for each calendar, at its newest change. */
export function eventsOfCalendars(rows: readonly JsonObject[]): ApiEvent[] {
  const newest = new Map<string, string>();
  for (const row of rows) {
    const calendar = textAt(row, 'calendar_id');
    const time = textAt(row, 'updated_at');
    if (calendar === undefined || utcTimeOf(time) === undefined) continue;
    const before = newest.get(calendar);
    if (before === undefined || Date.parse(String(time)) > Date.parse(before)) newest.set(calendar, String(time));
  }
  const event = 'calendar.sync_events';
  return [...newest].map(([id, time]) => ({
    event,
    body: { event, data: { calendar_id: id, last_updated_ts: time } },
  }));
}
