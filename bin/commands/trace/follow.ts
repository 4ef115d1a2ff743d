/** Follows an event through the logs, from one of its ids to all others. */
import type { LogLine, LogSearch } from './log-search';
import { bears, idsOf, type Step, stepOf } from './steps';

/**
 * Search rounds: event id to correlation ids, then these to their requests; a delivery id needs one more, and the last
 * round finds nothing new.
 */
const MAX_ROUNDS = 4;

/** A step, and the line that tells of it. */
export interface FoundStep {
  readonly step: Step;
  readonly line: LogLine;
}

/**
 * Searches for the ids in the lines found, until no line contains a new one.
 *
 * @param id event id, delivery id or correlation id
 * @returns in no order
 */
export async function follow(id: string, search: LogSearch): Promise<FoundStep[]> {
  const found = new Map<string, FoundStep>();
  const known = new Set([id]);
  let fresh = [id];
  for (let round = 0; round < MAX_ROUNDS && fresh.length > 0; round++) {
    for (const line of await search.linesWith(fresh)) {
      const step = stepOf(line);
      if (step && bears(step, known)) found.set(`${line.logGroup} ${line.id}`, { step, line });
    }
    const ids = [...found.values()].flatMap(({ step }) => idsOf(step));
    fresh = [...new Set(ids)].filter((one) => !known.has(one));
    for (const one of fresh) known.add(one);
  }
  return [...found.values()];
}
