/** Reads what a provider's API says, compares it with the notes, and sends what is missing. */
import { randomUUID } from 'node:crypto';
import { createApi } from '../../../lambdas/reconcile/api';
import type { Notes } from '../../../lambdas/reconcile/notes';
import { type Found, isKnown } from '../../../lambdas/reconcile/plan';
import { type CountedGap, readEvents, reconciledMessageOf } from '../../../lambdas/reconcile/read';
import type { ApiAccess, BackfillWindow, ProviderBackfill } from '../../../providers/backfill';
import type { Provider } from '../../../providers/provider';
import type { Deployment } from '../../deployment';
import { messageOf } from '../../errors';
import { asOperator } from '../../operator';
import { note, startProgress } from '../../output';
import { Outbox } from '../events/outbox';

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
  readonly gaps: readonly CountedGap[];
  readonly requests: number;
  /** Of everything that this run sends. */
  readonly correlationId: string;
  /** False if it was stopped. */
  readonly isWhole: boolean;
  /** Why sending has failed. */
  readonly error?: string;
}

/** Waits of which the command says nothing. */
const SHORT_WAIT_MS = 5_000;

/** Messages that are sent at a time. */
const LANES = 8;

/** @throws Error if the API refuses the key, or the notes cannot be read: nothing is sent then */
export async function runBackfill(options: Options): Promise<BackfillResult> {
  const { deployment, notes, isDryRun, signal } = options;
  const correlationId = `backfill-${randomUUID()}`;
  // Assumed before the API is read, so that a missing permission costs no requests.
  const operator = isDryRun ? undefined : await asOperator(deployment);
  const read = await readApi(options).catch((error: unknown) => {
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
async function readApi({ provider, source: backfill, access, window, perSecond, signal }: Options) {
  const progress = startProgress(`Reading the API of ${provider.title}`, 1);
  const api = createApi(access, {
    ...{ perSecond, signal },
    onRequest: (done, expected) => progress.update(done, expected),
    onWait: ({ message }, waitMs) => {
      if (waitMs > SHORT_WAIT_MS) note(`${message}: trying again in ${Math.ceil(waitMs / 1_000)} s …`);
    },
  });
  const { runtime } = await provider.runtime();
  try {
    const read = await readEvents({ name: provider.name, runtime, backfill }, api, window);
    return { ...read, requests: api.requests() };
  } finally {
    progress.stop();
  }
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
      const message = reconciledMessageOf(provider.name, event, correlationId);
      await outbox.send(message, event.body, event.groupId);
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
