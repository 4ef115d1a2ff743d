/** Webhooks and plans as people read them. */
import { colors } from '../../../local/colors';
import { type Column, tableOf } from '../../output';
import type { Webhook } from './api';
import { printable } from './errors';
import { type Difference, type SyncPlan, type SyncResult, WEBHOOK_EVENTS } from './sync';

const COLUMNS: readonly Column<Webhook>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'ENABLED', value: ({ enabled }) => (enabled ? 'yes' : 'no') },
  { title: 'EVENTS', value: ({ events }) => `${events.length} of ${WEBHOOK_EVENTS.length}` },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'URL', value: ({ url }) => url },
];

/** A webhook as it may be shown: a receiver may keep a token in its URL, so what can hold one is cut off. */
export function shown(webhook: Webhook): Webhook {
  return { ...webhook, name: printable(webhook.name), url: shownUrl(webhook.url) };
}

/** A line for each webhook. */
export const webhookTable = (webhooks: readonly Webhook[]): string => tableOf(COLUMNS, webhooks.map(shown));

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

/** What a plan would change, or has changed. */
export function planLines({ own, wanted, differences }: SyncPlan): string {
  if (!own) return `+ ${wanted.name}\n  ${wanted.url}\n  ${wanted.events.join(', ')}`;
  return [`${own.id}  ${printable(own.name)}`, ...differences.map(differenceLine)].join('\n');
}

/** Webhooks that come beside the own one, and what to do about them. */
export function remainingLines({ duplicates, others }: SyncPlan, removed: readonly Webhook[]): string[] {
  const kept = duplicates.filter((webhook) => !removed.includes(webhook));
  return [
    ...(removed.length > 0 ? [`Deleted, because they had the same URL:\n${webhookTable(removed)}`] : []),
    ...(kept.length > 0
      ? [colors.yellow(`These have the same URL and bring events twice; --prune deletes them:\n${webhookTable(kept)}`)]
      : []),
    ...(others.length > 0 ? [`Left alone, because they are of others:\n${webhookTable(others)}`] : []),
  ];
}

/** A plan and what came of it, for machines. */
export const planJson = ({ own, wanted, differences, duplicates, others }: SyncPlan, result?: SyncResult) => ({
  action: result?.action ?? 'none',
  id: result?.webhook.id ?? own?.id ?? null,
  wanted: { ...wanted, url: shownUrl(wanted.url) },
  differences: own ? differences.map(shownDifference) : null,
  duplicates: duplicates.map(shown),
  removed: (result?.removed ?? []).map(({ id }) => id),
  others: others.map(shown),
});

function differenceLine(difference: Difference): string {
  const { setting, found, wanted } = shownDifference(difference);
  if (!Array.isArray(found) || !Array.isArray(wanted)) return `  ${setting}: ${found} -> ${wanted}`;
  const added = wanted.filter((event) => !found.includes(event)).map((event) => `+${event}`);
  const gone = found.filter((event) => !wanted.includes(event)).map((event) => `-${event}`);
  return `  ${setting}: ${[...added, ...gone].join(' ')}`;
}

function shownDifference({ setting, found, wanted }: Difference): Difference {
  const show = (value: Difference['found']) => (typeof value === 'string' ? shownUrl(value) : value);
  return { setting, found: show(found), wanted: show(wanted) };
}

/** A URL without its user, query and fragment; any other text without what would steer a terminal. */
function shownUrl(text: string): string {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return printable(text);
  const { origin, pathname, search, hash } = new URL(text);
  return `${origin}${pathname}${search || hash ? '?…' : ''}`;
}
