/** What is wrong with RealtimeKit's webhook for a deployment: pure functions, for the doctor and for the function `repair`. */
import { memberAt, textAt } from '../../kit/values';

/** Path of the route below the API's root. A token may follow it. */
export const ROUTE = 'realtimekit/webhooks';

const WITH_TOKEN = new RegExp(`^(.*/${ROUTE})/([^/]+)/?$`);

/** Every event that RealtimeKit offers. `cli/sync.ts` has the compiler compare the list with Cloudflare's own types. */
export const WEBHOOK_EVENTS = [
  'meeting.started',
  'meeting.ended',
  'meeting.participantJoined',
  'meeting.participantLeft',
  'meeting.chatSynced',
  'meeting.transcript',
  'meeting.summary',
  'recording.statusUpdate',
  'livestreaming.statusUpdate',
] as const;

/** The members of a webhook that decide whether events come. */
export interface WebhookState {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
}

/** The URL without the token. All URLs of one route have the same. */
export function addressOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const whole = new URL(url);
  whole.pathname = whole.pathname.replace(WITH_TOKEN, '$1').replace(/\/$/, '');
  return whole.href;
}

/** The token at the end of a URL of the route. */
export const tokenIn = (url: string): string | undefined =>
  URL.canParse(url) ? WITH_TOKEN.exec(new URL(url).pathname)?.[2] : undefined;

/**
 * Why events do not come: a sentence each, without a token.
 *
 * @param own the deployment's webhook, if there is one
 * @param url of the deployment's route, without a token
 */
export function webhookTroubles(own: WebhookState | undefined, url: string): string[] {
  if (!own) return [`There is none for ${url}.`];
  const missing = WEBHOOK_EVENTS.filter((event) => !own.events.includes(event));
  return [
    ...(addressOf(own.url) === addressOf(url) ? [] : [`${own.id} sends to another URL.`]),
    ...(own.enabled ? [] : [`${own.id} is disabled.`]),
    ...(missing.length > 0 ? [`${own.id} does not send ${missing.join(', ')}.`] : []),
  ];
}

/** The webhooks in an answer of the API; undefined if it is no list of them. */
export function webhooksIn(answer: unknown): WebhookState[] | undefined {
  const rows = memberAt(answer, 'data');
  if (!Array.isArray(rows)) return undefined;
  return rows.flatMap((row) => {
    const [id, url, events] = [textAt(row, 'id'), textAt(row, 'url'), memberAt(row, 'events')];
    if (id === undefined || url === undefined || !Array.isArray(events)) return [];
    return [{ id, url, events: events.map(String), enabled: memberAt(row, 'enabled') === true }];
  });
}
