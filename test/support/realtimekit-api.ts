/**
 * A stand-in for RealtimeKit's webhooks API, after its published description: paths, fields, and errors as
 * `{success: false, error: {code, message}}`. It listens on 127.0.0.1.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const ACCOUNT_ID = '023e105f4ecef8ad9ca31a8372d0c353';
export const APP_ID = '14a396e7-ca44-4937-bf1f-050a69118543';

/** What the API knows of a webhook. */
export interface StoredWebhook {
  id: string;
  name: string;
  url: string;
  events: string[];
  enabled: boolean;
  created_at: string;
  updated_at: string;
}

/** What goes wrong with the next request. `lost`: it is done, and the answer is a 503. */
export type Fault =
  | 'hang'
  | 'reset'
  | 'lost'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown };

interface Answer {
  readonly status: number;
  readonly data?: unknown;
  readonly message?: string;
}

const EVENTS = [
  'meeting.started',
  'meeting.ended',
  'meeting.participantJoined',
  'meeting.participantLeft',
  'meeting.chatSynced',
  'recording.statusUpdate',
  'livestreaming.statusUpdate',
  'meeting.transcript',
  'meeting.summary',
];

const REQUIRED = ['name', 'url', 'events'] as const;

/** What is wrong with each field of a body; undefined where nothing is. */
const RULES: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  name: (value) => (typeof value === 'string' && value !== '' ? undefined : '"name" must be a string'),
  url: (value) => (URL.canParse(String(value)) ? undefined : '"url" must be a valid uri'),
  enabled: (value) => (typeof value === 'boolean' ? undefined : '"enabled" must be a boolean'),
  events: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((event) => EVENTS.includes(event))
      ? undefined
      : '"events" must be one of the supported events',
};

const found = (data: unknown): Answer => ({ status: 200, data });
const NO_ROUTE: Answer = { status: 404, message: 'Error: resource not found' };

/** The API of one app of one account. */
export class RealtimekitApi {
  readonly token = `cf-${randomUUID()}`;
  readonly webhooks = new Map<string, StoredWebhook>();
  /** Every request so far, as `PATCH /…/webhooks/<id>` without what all have in common. */
  readonly requests: string[] = [];
  /** Taken one for each request that comes. */
  readonly faults: Fault[] = [];
  /** Status of a body that breaks a rule. */
  invalidStatus = 400;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<RealtimekitApi> {
    const api = new RealtimekitApi();
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/client/v4`;
  }

  /** Environment of a command that is to reach it. */
  get environment(): Record<string, string> {
    return {
      CLOUDFLARE_BASE_URL: this.url,
      CLOUDFLARE_API_TOKEN: this.token,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT_ID,
      REALTIMEKIT_APP_ID: APP_ID,
    };
  }

  /** Puts a webhook there without asking whether its URL is free. */
  add(fields: Partial<StoredWebhook>): StoredWebhook {
    const now = new Date().toISOString();
    const webhook = {
      id: randomUUID(),
      name: 'somebody',
      url: 'https://example.com/hook',
      events: [...EVENTS],
      enabled: true,
      created_at: now,
      updated_at: now,
      ...fields,
    };
    this.webhooks.set(webhook.id, webhook);
    return webhook;
  }

  /** Forgets webhooks, requests and faults. */
  reset(): void {
    this.webhooks.clear();
    this.requests.length = 0;
    this.faults.length = 0;
    this.invalidStatus = 400;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url?.replace(`/client/v4/accounts/${ACCOUNT_ID}/realtime/kit/${APP_ID}`, '') ?? '';
    this.requests.push(`${request.method} ${path}`);
    const fault = this.faults.shift();
    if (fault === 'hang') return;
    if (fault === 'reset') {
      request.socket.destroy();
      return;
    }
    if (fault !== undefined && fault !== 'lost') {
      reply(response, fault.status, fault.body ?? {}, fault.headers);
      return;
    }
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      reply(response, 401, { message: 'Unauthorized' });
      return;
    }
    const text = Buffer.concat(chunks).toString();
    const { status, data, message } = this.#answer(String(request.method), path, text ? JSON.parse(text) : {});
    if (fault === 'lost') reply(response, 503, {}, { 'retry-after-ms': '1' });
    else if (status < 300) reply(response, status, { success: true, data });
    else reply(response, status, { success: false, error: { code: status, message } });
  }

  #answer(method: string, path: string, body: Record<string, unknown>): Answer {
    const [, id] = /^\/webhooks(?:\/([^/]+))?$/.exec(path) ?? [];
    if (!path.startsWith('/webhooks')) return NO_ROUTE;
    if (id === undefined) {
      if (method === 'GET') return found([...this.webhooks.values()]);
      return this.#checked(body, undefined, REQUIRED) ?? { status: 201, data: this.add({ enabled: true, ...body }) };
    }
    const webhook = this.webhooks.get(id);
    if (!webhook) return NO_ROUTE;
    if (method === 'GET') return found(webhook);
    if (method === 'DELETE') {
      this.webhooks.delete(id);
      return found(webhook);
    }
    const refusal = this.#checked(body, id, method === 'PUT' ? REQUIRED : []);
    if (refusal) return refusal;
    Object.assign(webhook, method === 'PUT' && { enabled: true }, body, { updated_at: new Date().toISOString() });
    return found(webhook);
  }

  /** Why a body is refused; undefined where it is not. */
  #checked(body: Record<string, unknown>, id: string | undefined, required: readonly string[]): Answer | undefined {
    const missing = required.find((field) => body[field] === undefined);
    const wrong = Object.entries(body).map(([field, value]) =>
      (RULES[field] ?? (() => `"${field}" is not allowed`))(value),
    );
    const problem = missing ? `"${missing}" is required` : wrong.find((message) => message !== undefined);
    if (problem) return { status: this.invalidStatus, message: `BAD_REQUEST: ${problem}` };
    const isTaken = [...this.webhooks.values()].some((other) => other.id !== id && other.url === body.url);
    return isTaken ? { status: 409, message: 'CONFLICT: webhook with this url already exists' } : undefined;
  }
}

function reply(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/html' : 'application/json',
    ...headers,
  });
  response.end(text);
}
