/** Why a delivery was not accepted: the answer does not say so, but the log of the verifier does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LOG_GROUPS_OUTPUT } from '../../lib/monitoring/queries';
import { LogSearch } from '../commands/trace/log-search';
import { stepOf } from '../commands/trace/steps';
import { type Deployment, outputOf } from '../deployment';
import { maskedText } from '../masked';

/** A line may come after the answer. */
const LOOKS = 10;
const PAUSE_MS = 100;

/** How far back to look, for clocks that differ. */
const SINCE_MS = 60_000;

/** The reason in the word of the log; undefined if the log does not have it soon. */
export async function whyRefused(deployment: Deployment, correlationId: string): Promise<string | undefined> {
  const logGroups = outputOf(deployment, LOG_GROUPS_OUTPUT.verifiers).split(',');
  const search = new LogSearch(deployment.clientConfig, logGroups, Date.now() - SINCE_MS);
  try {
    for (let look = 0; look < LOOKS; look++) {
      if (look > 0) await sleep(PAUSE_MS);
      for (const line of await search.linesWith([correlationId])) {
        const step = stepOf(line);
        if (step?.stage === 'verifier') return maskedText(step.outcome);
      }
    }
    return undefined;
  } finally {
    search.close();
  }
}
