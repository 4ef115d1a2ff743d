/** Reads a fake API as `meetbus backfill` does, without a deployment. */
import { createApi } from '../../lambdas/reconcile/api';
import type { ApiEvent, BackfillWindow, Gap, ProviderBackfill } from '../../providers/backfill';

/** What was read. */
export interface Read {
  readonly events: readonly ApiEvent[];
  readonly gaps: readonly Gap[];
}

/** Reads everything of a window, with short waits. */
export async function readAll(
  source: ProviderBackfill,
  environment: Readonly<Record<string, string>>,
  window: BackfillWindow,
  signal: AbortSignal = new AbortController().signal,
): Promise<Read> {
  const api = createApi(source.access(environment), { perSecond: 100_000, signal, firstWaitMs: 1 });
  const [events, gaps]: [ApiEvent[], Gap[]] = [[], []];
  for await (const said of source.read(api, window)) 'gap' in said ? gaps.push(said) : events.push(said);
  return { events, gaps };
}
