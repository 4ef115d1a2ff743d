/** Changes RealtimeKit's webhooks to what a deployment needs: first a plan, then its steps. */

import type { WEBHOOK_EVENTS } from '../backfill/webhook';
import type { RealtimekitWebhooks, Webhook, WebhookEvent, WebhookSettings } from './api';
import { WebhookConflictError } from './errors';
import { addressOf } from './url';

/** The list of events has each of Cloudflare's own types: the compiler compares them. */
type Same<A, B> = [A, B] extends [B, A] ? true : never;
true satisfies Same<(typeof WEBHOOK_EVENTS)[number], WebhookEvent>;

/** A setting that differs from the wanted one. */
export interface Difference {
  readonly setting: keyof WebhookSettings;
  readonly found: WebhookSettings[keyof WebhookSettings];
  readonly wanted: WebhookSettings[keyof WebhookSettings];
}

/** The webhooks that exist, from the view of one deployment, and what has to change. */
export interface SyncPlan {
  readonly wanted: WebhookSettings;
  /** The deployment's webhook; undefined where it must be created. */
  readonly own: Webhook | undefined;
  readonly differences: readonly Difference[];
  /** Further webhooks with its URL, with any token: they send events twice. */
  readonly duplicates: readonly Webhook[];
  /** Webhooks of others. */
  readonly others: readonly Webhook[];
}

/** Result of {@link applyPlan}. */
export interface SyncResult {
  readonly plan: SyncPlan;
  readonly action: 'created' | 'updated' | 'unchanged';
  readonly webhook: Webhook;
  readonly removed: readonly Webhook[];
}

const SETTINGS = ['name', 'url', 'events', 'enabled'] as const satisfies readonly (keyof WebhookSettings)[];

/** The settings of a webhook that differ from the wanted ones. The order of events and the spelling of the URL do not matter. */
export function differencesBetween(wanted: WebhookSettings, found: WebhookSettings): Difference[] {
  return SETTINGS.filter((setting) => comparable(wanted, setting) !== comparable(found, setting)).map((setting) => ({
    setting,
    found: found[setting],
    wanted: wanted[setting],
  }));
}

/**
 * Finds a deployment's webhook by its URL, with any token. Of several, it takes the one with the wanted token, then the one with
 * its name, else the oldest. Where none has its URL, it looks for its name, because a new API has a new URL.
 */
export function planSync(wanted: WebhookSettings, webhooks: readonly Webhook[]): SyncPlan {
  const oldestFirst = webhooks.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  const isNamed = ({ name }: Webhook) => name === wanted.name;
  const [sameUrl, rest] = partition(oldestFirst, ({ url }) => addressOf(url) === addressOf(wanted.url));
  // RealtimeKit takes no URL twice: another one could not be given that of this one.
  const whole = sameUrl.filter(({ url }) => hrefOf(url) === hrefOf(wanted.url));
  const best = whole.length > 0 ? whole : sameUrl;
  const own = best.find(isNamed) ?? best[0] ?? rest.find(isNamed);
  return {
    wanted,
    own,
    differences: own ? differencesBetween(wanted, own) : [],
    duplicates: sameUrl.filter((webhook) => webhook !== own),
    others: rest.filter((webhook) => webhook !== own),
  };
}

/** Carries out a plan. Duplicates are deleted only with `prune`, and after the deployment's own webhook is right. */
export async function applyPlan(api: RealtimekitWebhooks, plan: SyncPlan, prune: boolean): Promise<SyncResult> {
  if (!plan.own) return create(api, plan, prune);
  const { own, differences, wanted, duplicates } = plan;
  const changes = Object.fromEntries(differences.map(({ setting }) => [setting, wanted[setting]]));
  const webhook = differences.length > 0 ? await api.edit(own.id, changes) : own;
  const removed = prune ? duplicates : [];
  for (const { id } of removed) await api.delete(id);
  return { plan, action: differences.length > 0 ? 'updated' : 'unchanged', webhook, removed };
}

/** Creates the webhook. A conflict can mean that an earlier try, whose answer was lost, has created it. */
async function create(api: RealtimekitWebhooks, plan: SyncPlan, prune: boolean): Promise<SyncResult> {
  try {
    return { plan, action: 'created', webhook: await api.create(plan.wanted), removed: [] };
  } catch (error) {
    if (!(error instanceof WebhookConflictError)) throw error;
    const present = planSync(plan.wanted, await api.list());
    if (!present.own) throw error;
    return applyPlan(api, present, prune);
  }
}

function comparable(settings: WebhookSettings, setting: keyof WebhookSettings): string {
  if (setting === 'url') return hrefOf(settings.url);
  return setting === 'events' ? [...new Set(settings.events)].sort().join() : String(settings[setting]);
}

const hrefOf = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);

const partition = <T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] => [
  items.filter(test),
  items.filter((item) => !test(item)),
];
