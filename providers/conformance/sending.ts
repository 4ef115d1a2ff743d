/** Deliveries as a provider sends them, and as others change them. */
import type { Delivery } from '../runtime';
import { fail } from './check';
import type { Keys, Stage } from './stage';

/** What a check wants to be special about a delivery. The rest is that of the sample. */
export interface Wish {
  readonly body?: Buffer;
  /** Other ids in the sample. */
  readonly seed?: string;
  /** The delivery's own id. */
  readonly id?: string;
  /** When it is sent, milliseconds since 1970. @default now */
  readonly at?: number;
  readonly keys?: Keys;
}

/** A signed delivery, before anybody has read it. */
export interface Sent {
  /** Path of the route, without a slash before it. */
  readonly route: string;
  readonly event: string;
  readonly body: Buffer;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** What follows the route in the URL. */
  readonly urlEnd: string;
}

const SEED = 'conformance';

/** The sample of an event, signed as the provider signs. */
export function send(stage: Stage, event: string, wish: Wish = {}): Sent {
  const { sandbox } = stage;
  const { seed = SEED, at = stage.now, keys = stage.keys } = wish;
  const sample = () => Buffer.from(JSON.stringify(sandbox.body(event, { seed, at: new Date(stage.now) })));
  return sign(stage, { route: sandbox.routeOf(event), event, body: wish.body ?? sample(), id: wish.id, at, keys });
}

interface Unsigned {
  readonly route: string;
  readonly event: string;
  readonly body: Buffer;
  readonly id?: string | undefined;
  readonly at: number;
  readonly keys: Keys;
}

/** Signs any body for any route. */
export function sign(stage: Stage, { route, event, body, id, at, keys }: Unsigned): Sent {
  const unsigned = { route, body, at: new Date(at), id: id ?? 'conformance-delivery' };
  const { headers = {}, urlEnd = '' } = stage.sandbox.sign(unsigned, stage.signingKeys(keys));
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { route: route.replace(/^\//, ''), event, body, headers: Object.fromEntries(named), urlEnd };
}

/** A delivery as a verifier reads it. */
export function received(stage: Stage, { route, body, headers, urlEnd }: Sent): Delivery {
  const url = new URL(`https://receiver.example/${route}${urlEnd}`);
  const end = urlEnd.startsWith('/') ? url.pathname.slice(route.length + 2) : undefined;
  const query = new Map<string, string[]>();
  for (const [name, value] of url.searchParams) query.set(name, [...(query.get(name) ?? []), value]);
  return {
    method: 'POST',
    path: url.pathname,
    body,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value].flat()])),
    query,
    pathToken: end === undefined ? undefined : decodeURIComponent(end),
    receivedAt: stage.now,
  };
}

/** The first event that is sent to each route, by its path. */
export function probes(stage: Stage): ReadonlyMap<string, string> {
  const { provider, sandbox } = stage;
  const found = new Map<string, string>();
  for (const event of sandbox.events) {
    const route = sandbox.routeOf(event).replace(/^\//, '');
    if (!found.has(route)) found.set(route, event);
  }
  for (const { path } of provider.routes)
    if (!found.has(path)) fail(`No sample is sent to ${path}. Let routeOf of the sandbox give it for an event.`);
  return found;
}

/** Names of the headers that depend on the body: these hold the proof. */
export function proofHeaders(stage: Stage, event: string): readonly string[] {
  const [one, other] = ['{"a":1}', '{"a":2}'].map((text) => send(stage, event, { body: Buffer.from(text) }).headers);
  return Object.keys(one ?? {}).filter((name) => one?.[name] !== other?.[name]);
}

/** A copy with one character in the middle of its longest word replaced by another. */
export function damaged(text: string): string {
  const [longest = ''] = (text.match(/[A-Za-z0-9]+/g) ?? []).sort((a, b) => b.length - a.length);
  const at = text.indexOf(longest) + Math.floor(longest.length / 2);
  const letter = text[at] === '1' ? '2' : '1';
  return text.slice(0, at) + letter + text.slice(at + 1);
}

/** Other headers in place of some. */
export const withHeaders = (sent: Sent, headers: Sent['headers']): Sent => ({
  ...sent,
  headers: { ...sent.headers, ...headers },
});
