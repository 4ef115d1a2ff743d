import type { ProviderBody } from '../../kit/sandbox/delivery';
import { sampleId } from '../../kit/sandbox/ids';
import {
  MEDIA_OBJECTS,
  microseconds,
  type RecallObject,
  type RecallOptions,
  recallObjects,
  withDefaults,
} from './objects';

interface StatusFamily {
  readonly codes: readonly string[];
  /** The objects that the event carries. */
  readonly objects: readonly RecallObject[];
}

const BOT_CODES = [
  'joining_call',
  'in_waiting_room',
  'in_call_not_recording',
  'recording_permission_allowed',
  'recording_permission_denied',
  'in_call_recording',
  'breakout_room_entered',
  'breakout_room_left',
  'breakout_room_opened',
  'breakout_room_closed',
  'call_ended',
  'done',
  'fatal',
];
const SDK_UPLOAD_CODES = ['complete', 'completed', 'failed', 'uploading', 'recording_started', 'recording_ended'];
const MEDIA_CODES = ['processing', 'done', 'failed', 'deleted'];

const STATUS_FAMILIES: Readonly<Record<string, StatusFamily>> = {
  bot: { codes: BOT_CODES, objects: ['bot'] },
  recording: { codes: [...MEDIA_CODES, 'paused'], objects: ['recording', 'bot'] },
  ...Object.fromEntries(
    MEDIA_OBJECTS.map((media) => [media, { codes: MEDIA_CODES, objects: [media, 'recording', 'bot'] }]),
  ),
  realtime_endpoint: { codes: ['running', 'done', 'failed'], objects: ['realtime_endpoint', 'recording', 'bot'] },
  sdk_upload: { codes: SDK_UPLOAD_CODES, objects: ['sdk_upload', 'recording'] },
  slack_team: { codes: ['invited', 'active', 'access_revoked'], objects: ['slack_team'] },
};

const SUB_CODES: Readonly<Record<string, string>> = {
  'bot.recording_permission_denied': 'host_denied_request',
  'bot.call_ended': 'everyone_left',
  'bot.fatal': 'connection_lost',
  'recording.failed': 'capture_interrupted',
  'transcript.failed': 'provider_connection_failed',
};

function statusChange(event: string, options: RecallOptions): ProviderBody {
  const { seed, at, subCode = SUB_CODES[event] ?? null } = withDefaults(options);
  const [prefix, code] = event.split('.') as [string, string];
  const status = { code, sub_code: subCode, updated_at: microseconds(at) };
  const failure =
    event === 'realtime_endpoint.failed'
      ? { error: { code: 'retry_limit_reached', message: 'The endpoint did not acknowledge a message.' } }
      : {};
  return {
    event,
    data: { data: { ...status, ...failure }, ...recallObjects(STATUS_FAMILIES[prefix]!.objects, seed) },
  };
}

/** The event that older accounts get instead of every other `bot.*` event. */
function olderStatusChange(event: string, options: RecallOptions): ProviderBody {
  const { seed, at, subCode = null } = withDefaults(options);
  const status = { code: 'in_waiting_room', created_at: microseconds(at), sub_code: subCode };
  return { event, data: { bot_id: sampleId(`${seed}/recall/bot`), status } };
}

function calendarChange(event: string, options: RecallOptions): ProviderBody {
  const { seed, at } = withDefaults(options);
  const lastUpdated = event === 'calendar.sync_events' ? { last_updated_ts: microseconds(at) } : {};
  return { event, data: { calendar_id: sampleId(`${seed}/recall/calendar`), ...lastUpdated } };
}

/** Recall publishes the name of this event, not its body: the body here is the one of its other Slack events. */
function huddleState(event: string, options: RecallOptions): ProviderBody {
  const { seed, at } = withDefaults(options);
  const status = { code: 'active', sub_code: null, updated_at: microseconds(at) };
  return { event, data: { data: status, ...recallObjects(['slack_team'], seed) } };
}

const statusNames = Object.entries(STATUS_FAMILIES).flatMap(([prefix, { codes }]) =>
  codes.map((code) => `${prefix}.${code}`),
);

/** The builder of every event that comes through the dashboard's webhooks, by event name. */
export const dashboardBuilders: Readonly<Record<string, (event: string, options: RecallOptions) => ProviderBody>> = {
  ...Object.fromEntries(statusNames.map((name) => [name, statusChange])),
  'bot.status_change': olderStatusChange,
  'calendar.update': calendarChange,
  'calendar.sync_events': calendarChange,
  'slack.huddle_state': huddleState,
};
