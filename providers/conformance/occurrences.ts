/** What the events of a provider report: by its key and time, a backfill finds out what is missing. */
import { utcTimeOf } from '../kit/time';
import { expectThat, unlessItThrows } from './check';
import { allBodies, normalize } from './events';
import type { Stage } from './stage';

export async function occurrences(stage: Stage): Promise<void> {
  const { runtime } = stage;
  /** The event that has a key, by its type and subject. */
  const owners = new Map<string, string>();
  for (const { event, name, body } of allBodies(stage)) {
    const what = `${event} (${name})`;
    const normalized = normalize(stage, body, event, what);
    if (normalized === undefined || 'problems' in normalized) continue;
    const occurrence = unlessItThrows(`occurrenceOf of ${what}`, () => runtime.occurrenceOf?.(normalized));
    if (occurrence === undefined) continue;
    const { key, time } = occurrence;
    expectThat(key !== '', `occurrenceOf gives ${what} an empty key.`);
    expectThat(
      time === undefined || utcTimeOf(time) === time,
      `occurrenceOf gives ${what} a time that normalize would write in another way. Take it from the event.`,
    );
    const own = `${normalized.type} of ${normalized.subject}`;
    const owner = owners.get(key) ?? own;
    expectThat(
      owner === own,
      `occurrenceOf gives ${what} the key of another event: a backfill would miss one of them.`,
    );
    owners.set(key, owner);
  }
}
