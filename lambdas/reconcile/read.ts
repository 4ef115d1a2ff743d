/** Reads what a provider's API says about a window, each event once. */
import { type Api, type BackfillWindow, type Gap, isGap } from '../../providers/backfill';
import type { DeliveryMessage } from '../ingest/delivery-message';
import type { Source } from '../platform/bundled-providers';
import { distinct, type Found, findingOf } from './plan';

/** A gap, and how often it came. */
export type CountedGap = Gap & { readonly count: number };

/** What the API says. */
export interface Read {
  readonly found: readonly Found[];
  readonly gaps: readonly CountedGap[];
}

/** @throws ApiError if the key is refused */
export async function readEvents({ name, runtime, backfill }: Source, api: Api, window: BackfillWindow): Promise<Read> {
  const found: Found[] = [];
  const gaps = new Map<string, CountedGap>();
  const addGap = (said: Gap) => {
    // It may hold a foreign id, and control characters could steer a terminal.
    const gap = said.gap.replace(/\p{C}/gu, '\uFFFD');
    gaps.set(gap, { ...said, gap, count: (gaps.get(gap)?.count ?? 0) + 1 });
  };
  for await (const said of backfill.read(api, window)) {
    if (isGap(said)) {
      addGap(said);
      continue;
    }
    const event = findingOf({ name, runtime }, said, window);
    if (event === 'not_understood') addGap({ gap: `${said.event}: Meetbus does not understand what the API says` });
    else if (event === 'too_large') addGap({ gap: `${said.event}: too large for a message`, isIncomplete: true });
    else if (event !== 'outside') found.push(event);
  }
  return { found: distinct(found), gaps: [...gaps.values()] };
}

/** The message of an event that the API has reported, without its body. */
export const reconciledMessageOf = (
  provider: string,
  { family, eventId, providerEvent }: Found,
  correlationId: string,
): Omit<DeliveryMessage, 'body'> => ({
  ...{ provider, providerEvent, family, eventId, correlationId },
  proof: 'reconciled',
  // The webhook's own id is in no API.
  deliveryId: eventId,
  receivedTime: new Date().toISOString(),
});
