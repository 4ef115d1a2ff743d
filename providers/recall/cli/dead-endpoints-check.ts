/** Real-time endpoints that Recall.ai has given up: it sends nothing more for their bots. */

import type { LookBack } from '../../../bin/commands/doctor/look-back';
import { type Finding, ok, problem } from '../../../bin/findings';
import { readable } from '../../../bin/insights';

const CHECK = 'real-time endpoints';

/** Most endpoints that get a finding each. */
const MOST_NAMED = 5;

const QUERY = 'npx meetbus query dead-endpoints';
const REMEDY = `Why: npx meetbus query refusals-by-reason. Then docs/runbook.md#dead-real-time-endpoint.`;

export async function checkDeadEndpoints(back: LookBack): Promise<Finding[]> {
  const dead = await back.askSaved('dead-endpoints');
  if (dead.length === 0) return [ok(CHECK, `none has died ${back.words}`)];
  const named = dead.slice(0, MOST_NAMED).map(({ bot = '', '@timestamp': at = '' }) => {
    const when = readable('@timestamp', at);
    return problem(
      CHECK,
      `That of ${bot ? `bot ${bot}` : 'a bot'} has died at ${when}: nothing more comes from it.`,
      REMEDY,
    );
  });
  if (dead.length <= MOST_NAMED) return named;
  return [...named, problem(CHECK, `${dead.length - MOST_NAMED} more have died ${back.words}.`, `See all: ${QUERY}`)];
}
