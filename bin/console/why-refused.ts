/** Why a delivery was not accepted: the answer does not say so, but the log of the verifier does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { withLogSearch } from '../commands/trace/log-search';
import { stepOf } from '../commands/trace/steps';
import type { Deployment } from '../deployment';
import { maskedText } from '../masked';

/** A line may come after the answer. */
const LOOKS = 10;
const PAUSE_MS = 100;

/** How far back to look, for clocks that differ. */
const SINCE_MS = 60_000;

/** The reason in the word of the log; undefined if the log does not have it soon. */
export async function whyRefused(deployment: Deployment, correlationId: string): Promise<string | undefined> {
  return withLogSearch(deployment, 'verifiers', Date.now() - SINCE_MS, async (search) => {
    for (let look = 0; look < LOOKS; look++) {
      if (look > 0) await sleep(PAUSE_MS);
      for (const line of await search.linesWith([correlationId])) {
        const step = stepOf(line);
        if (step?.stage === 'verifier') return maskedText(step.outcome);
      }
    }
    return undefined;
  });
}
