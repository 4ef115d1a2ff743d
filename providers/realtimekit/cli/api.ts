/** RealtimeKit's webhooks API, called with Cloudflare's own client. */
import {
  BaseWebhooks,
  type WebhookEditWebhookParams,
  type WebhookGetWebhooksResponse,
} from 'cloudflare/resources/realtime-kit/webhooks';
import { createClient } from 'cloudflare/tree-shakable';
import type { RealtimekitApp } from '../backfill/app';
import { MAX_TRIES } from './app';
import { explain, isMissing } from './errors';

/** A webhook as RealtimeKit keeps it. */
export type Webhook = WebhookGetWebhooksResponse.Data;

/** Name of an event that a webhook can subscribe to. */
export type WebhookEvent = Webhook['events'][number];

/** The settings of a webhook. */
export interface WebhookSettings {
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly enabled: boolean;
}

/** Cloudflare may ask for a wait of five minutes, and the client would wait without a word. Beyond this, the command fails instead. */
const LONGEST_WAIT_MS = 10_000;

const CONFLICT = 409;

/** Calls the API for the webhooks of one app. A call that fails throws an Error that says what to do. */
export class RealtimekitWebhooks {
  readonly #client;

  constructor(readonly app: RealtimekitApp) {
    this.#client = createClient({
      resources: [BaseWebhooks],
      baseURL: app.apiUrl,
      apiToken: app.token,
      // The client would send other credentials that it finds in the environment along with the token.
      apiKey: null,
      apiEmail: null,
      userServiceKey: null,
      maxRetries: MAX_TRIES - 1,
      timeout: app.timeoutMs,
      logLevel: 'off',
      fetch: fetchWhole,
    }).realtimeKit.webhooks;
  }

  list(): Promise<Webhook[]> {
    const { accountId, appId } = this.app;
    return this.#call(areWebhooks, () => this.#client.getWebhooks(appId, { account_id: accountId }));
  }

  get(id: string): Promise<Webhook> {
    return this.#call(isWebhook, () => this.#client.getWebhookByID(id, this.#path), { id });
  }

  create(settings: WebhookSettings): Promise<Webhook> {
    const { accountId, appId } = this.app;
    const body = { ...settings, events: [...settings.events] };
    return this.#call(isWebhook, () => this.#client.createWebhook(appId, { account_id: accountId, ...body }), {
      url: settings.url,
    });
  }

  replace(id: string, settings: WebhookSettings): Promise<Webhook> {
    const body = { ...settings, events: [...settings.events] };
    return this.#call(isWebhook, () => this.#client.replaceWebhook(id, { ...this.#path, ...body }), {
      id,
      url: settings.url,
    });
  }

  edit(id: string, { events, ...changes }: Partial<WebhookSettings>): Promise<Webhook> {
    const body: Partial<WebhookEditWebhookParams> = { ...changes, ...(events && { events: [...events] }) };
    return this.#call(isWebhook, () => this.#client.editWebhook(id, { ...this.#path, ...body }), {
      id,
      url: changes.url,
    });
  }

  /** Deletes a webhook. One that does not exist is no error: an earlier try, whose answer was lost, may have deleted it. */
  async delete(id: string): Promise<void> {
    await this.#client.deleteWebhook(id, this.#path).catch((error: unknown) => {
      if (!isMissing(error)) throw explain(error, { app: this.app, id });
    });
  }

  get #path() {
    return { account_id: this.app.accountId, app_id: this.app.appId };
  }

  async #call<T>(
    isExpected: (data: unknown) => data is T,
    call: () => Promise<{ data: unknown }>,
    named: { id?: string; url?: string | undefined } = {},
  ): Promise<T> {
    const answer = await call().catch((error: unknown) => {
      throw explain(error, { app: this.app, ...named });
    });
    const data: unknown = answer?.data;
    if (isExpected(data)) return data;
    throw new Error(`${this.app.apiUrl} does not answer as Cloudflare's API does. Check --api-url.`);
  }
}

/** Whether an answer has what commands read of a webhook. */
function isWebhook(data: unknown): data is Webhook {
  const { id, url, events } = (data ?? {}) as Readonly<Record<string, unknown>>;
  return typeof id === 'string' && typeof url === 'string' && Array.isArray(events);
}

const areWebhooks = (data: unknown): data is Webhook[] => Array.isArray(data) && data.every(isWebhook);

/**
 * Fetches an answer with its body, so that the time limit covers both. The client retries conflicts, which do not pass by
 * themselves, and waits for as long as the answer asks. The header `x-should-retry` tells it not to.
 */
const fetchWhole: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const headers = new Headers(response.headers);
  if (response.status === CONFLICT || waitMs(headers) > LONGEST_WAIT_MS) headers.set('x-should-retry', 'false');
  const body = (await response.text()) || null;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
};

/** The wait that an answer asks for: `Retry-After` is in seconds, or a date. */
function waitMs(headers: Headers): number {
  const asked = headers.get('retry-after');
  if (asked === null) return 0;
  return /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now();
}
