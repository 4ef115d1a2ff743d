/** Webhooks and plans as people read them. */
import { colors } from '../../../bin/colors';
import { type Column, tableOf } from '../../../bin/output';
import { WEBHOOK_EVENTS } from '../backfill/webhook';
import type { Webhook } from './api';
import type { Difference, SyncPlan, SyncResult } from './sync';
import { printable, shownUrl, standingOf, type TokenStanding, type UrlTokens } from './url';

/** A webhook, and the standing of the token in its URL. */
type ShownWebhook = Webhook & { readonly token?: TokenStanding | undefined };

const COLUMNS: readonly Column<ShownWebhook>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'ENABLED', value: ({ enabled }) => (enabled ? 'yes' : 'no') },
  { title: 'EVENTS', value: ({ events }) => `${events.length} of ${WEBHOOK_EVENTS.length}` },
  { title: 'TOKEN', value: ({ token = '?' }) => (token === 'other' ? '' : token) },
  { title: 'NAME', value: ({ name }) => name, narrow: 'cut' },
  { title: 'URL', value: ({ url }) => url, narrow: 'cut' },
];

/** A webhook for output. The URL of any receiver may hold a token, so the parts that can hold one are cut off. */
export function shown(webhook: Webhook, tokens?: UrlTokens): ShownWebhook {
  const token = tokens && standingOf(webhook.url, tokens);
  return { ...webhook, name: printable(webhook.name), url: shownUrl(webhook.url), ...(token && { token }) };
}

/** A line for each webhook. */
export const webhookTable = (webhooks: readonly Webhook[], tokens?: UrlTokens): string =>
  tableOf(
    COLUMNS,
    webhooks.map((webhook) => shown(webhook, tokens)),
  );

/** One webhook, a line for each field. */
export function webhookLines(webhook: Webhook): string {
  const { id, name, url, enabled, events, created_at, updated_at } = shown(webhook);
  return [
    `id       ${id}`,
    `name     ${name}`,
    `url      ${url}`,
    `enabled  ${enabled ? 'yes' : 'no'}`,
    `events   ${events.join('\n         ')}`,
    `created  ${printable(created_at)}`,
    `updated  ${printable(updated_at)}`,
  ].join('\n');
}

/** What a plan changes. */
export function planLines({ own, wanted, differences }: SyncPlan, tokens: UrlTokens): string {
  if (!own) return `+ ${wanted.name}\n  ${urlWithStanding(wanted.url, tokens)}\n  ${wanted.events.join(', ')}`;
  const lines = differences.map((difference) => differenceLine(difference, tokens));
  return [`${own.id}  ${printable(own.name)}`, ...lines].join('\n');
}

/** The other webhooks of the app, and what to do about them. */
export function remainingLines(
  { duplicates, others }: SyncPlan,
  removed: readonly Webhook[],
  tokens: UrlTokens,
): string[] {
  const kept = duplicates.filter((webhook) => !removed.includes(webhook));
  const table = (webhooks: readonly Webhook[]) => webhookTable(webhooks, tokens);
  return [
    ...(removed.length > 0 ? [`Deleted, because they had the same URL:\n${table(removed)}`] : []),
    ...(kept.length > 0
      ? [colors.yellow(`These have the same URL and bring events twice; --prune deletes them:\n${table(kept)}`)]
      : []),
    ...(others.length > 0 ? [`Left alone, because they are of others:\n${table(others)}`] : []),
  ];
}

/** A plan and its result, for machines. */
export function planJson(
  { own, wanted, differences, duplicates, others }: SyncPlan,
  tokens: UrlTokens,
  result?: SyncResult,
) {
  const all = (webhooks: readonly Webhook[]) => webhooks.map((webhook) => shown(webhook, tokens));
  return {
    action: result?.action ?? 'none',
    id: result?.webhook.id ?? own?.id ?? null,
    wanted: { ...wanted, url: shownUrl(wanted.url) },
    token: own ? standingOf(own.url, tokens) : null,
    differences: own ? differences.map(shownDifference) : null,
    duplicates: all(duplicates),
    removed: (result?.removed ?? []).map(({ id }) => id),
    others: all(others),
  };
}

function differenceLine(difference: Difference, tokens: UrlTokens): string {
  const { setting, found, wanted } = difference;
  if (!Array.isArray(found) || !Array.isArray(wanted)) {
    const show = (value: unknown) => (setting === 'url' ? urlWithStanding(String(value), tokens) : shownValue(value));
    return `  ${setting}: ${show(found)} -> ${show(wanted)}`;
  }
  const added = wanted.filter((event) => !found.includes(event)).map((event) => `+${event}`);
  const gone = found.filter((event) => !wanted.includes(event)).map((event) => `-${event}`);
  return `  ${setting}: ${[...added, ...gone].join(' ')}`;
}

const shownDifference = ({ setting, found, wanted }: Difference) => ({
  setting,
  found: shownValue(found),
  wanted: shownValue(wanted),
});

const shownValue = (value: unknown) => (typeof value === 'string' ? shownUrl(value) : value);

const STANDINGS: Readonly<Record<TokenStanding, string>> = {
  newest: ' (newest token)',
  older: ' (older token)',
  unknown: ' (unknown token)',
  none: ' (no token)',
  other: '',
};

const urlWithStanding = (url: string, tokens: UrlTokens): string => shownUrl(url) + STANDINGS[standingOf(url, tokens)];
