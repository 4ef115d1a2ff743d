/** Reads what a provider's API says, compares it with the notes, and sends what is missing. */
import { randomUUID } from 'node:crypto';
import {
  type ApiAccess,
  type BackfillWindow,
  type Gap,
  isGap,
  type ProviderBackfill,
} from '../../../providers/backfill';
import type { Provider } from '../../../providers/provider';
import type { Deployment } from '../../deployment';
import { messageOf } from '../../errors';
import { asOperator } from '../../operator';
import { startProgress } from '../../output';
import { Outbox } from '../events/outbox';
import { createApi } from './api';
import type { Notes } from './known';
import { distinct, type Found, findingOf, isKnown } from './plan';

interface Options {
  readonly provider: Provider;
  readonly source: ProviderBackfill;
  readonly access: ApiAccess;
  readonly deployment: Deployment;
  readonly notes: Notes;
  readonly window: BackfillWindow;
  readonly perSecond: number;
  readonly isDryRun: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What became of an event: Meetbus knew it, or it was sent, or it is missing still. */
export type State = 'known' | 'sent' | 'missing';

/** An event that the API reports, and what became of it. */
export type Item = Found & { readonly state: State };

export interface BackfillResult {
  readonly items: readonly Item[];
  readonly gaps: readonly (Gap & { readonly count: number })[];
  readonly requests: number;
  /** Of everything that this run sends. */
  readonly correlationId: string;
  /** False if it was stopped. */
  readonly isWhole: boolean;
  /** Why sending has failed. */
  readonly error?: string;
}

/** Messages that are sent at a time. */
const LANES = 8;

/** @throws Error if the API refuses the key, or the notes cannot be read: nothing is sent then */
export async function runBackfill(options: Options): Promise<BackfillResult> {
  const { deployment, notes, isDryRun, signal } = options;
  const correlationId = `backfill-${randomUUID()}`;
  // Assumed before the API is read, so that a missing permission costs no requests.
  const operator = isDryRun ? undefined : await asOperator(deployment);
  const read = await readEvents(options).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return undefined;
  });
  if (!read) return { items: [], gaps: [], requests: 0, correlationId, isWhole: false };
  const { found, gaps, requests } = read;
  const known = await notes
    .read(
      found.map(({ noteKey }) => noteKey),
      signal,
    )
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return new Map<string, never>();
    });
  if (signal.aborted) return { items: [], gaps, requests, correlationId, isWhole: false };
  const missing = new Set(found.filter((event) => !isKnown(event, known)));
  const { sent, error } = operator
    ? await send(options, operator, correlationId, [...missing])
    : { sent: new Set<Found>() };
  const stateOf = (event: Found): State => (sent.has(event) ? 'sent' : missing.has(event) ? 'missing' : 'known');
  const items = found.map((event) => ({ ...event, state: stateOf(event) }));
  return { items, gaps, requests, correlationId, isWhole: !signal.aborted, ...(error !== undefined && { error }) };
}

/** What the API says about the window, each event once, and its gaps. */
async function readEvents({ provider, source, access, window, perSecond, signal }: Options) {
  const progress = startProgress(`Reading the API of ${provider.title}`, 1);
  const api = createApi(access, { perSecond, signal, onRequest: (done, expected) => progress.update(done, expected) });
  const { runtime } = await provider.runtime();
  const found: Found[] = [];
  const gaps = new Map<string, Gap & { count: number }>();
  const addGap = (said: Gap) => {
    // It may hold a foreign id, and control characters could steer a terminal.
    const gap = said.gap.replace(/\p{C}/gu, '\uFFFD');
    gaps.set(gap, { ...said, gap, count: (gaps.get(gap)?.count ?? 0) + 1 });
  };
  try {
    for await (const said of source.read(api, window)) {
      if (isGap(said)) addGap(said);
      else {
        const event = findingOf({ name: provider.name, runtime }, said, window);
        if (event === 'not_understood') addGap({ gap: `${said.event}: Meetbus does not understand what the API says` });
        else if (event === 'too_large') addGap({ gap: `${said.event}: too large for a message`, isIncomplete: true });
        else if (event !== 'outside') found.push(event);
      }
    }
  } finally {
    progress.stop();
  }
  return { found: distinct(found), gaps: [...gaps.values()], requests: api.requests() };
}

/** Sends events to the queues of their families. What fails is sent by the next run. */
async function send(
  { provider, deployment, signal }: Options,
  operator: Deployment,
  correlationId: string,
  missing: readonly Found[],
) {
  const outbox = new Outbox(deployment, operator);
  const progress = startProgress('Sending', missing.length);
  const sent = new Set<Found>();
  const waiting = [...missing];
  let error: string | undefined;
  const lane = async () => {
    for (let event = waiting.shift(); event && !signal.aborted && error === undefined; event = waiting.shift()) {
      const { family, eventId, providerEvent, body, groupId } = event;
      const message = {
        ...{ provider: provider.name, providerEvent, family, eventId, correlationId },
        proof: 'reconciled',
        // The webhook's own id is in no API.
        deliveryId: eventId,
        receivedTime: new Date().toISOString(),
      } as const;
      await outbox.send(message, body, groupId);
      sent.add(event);
      progress.update(sent.size);
    }
  };
  try {
    const lanes = Array.from({ length: LANES }, () =>
      lane().catch((failure: unknown) => {
        error ??= messageOf(failure);
      }),
    );
    await Promise.all(lanes);
  } finally {
    progress.stop();
    outbox.close();
  }
  return { sent, ...(error !== undefined && { error }) };
}
