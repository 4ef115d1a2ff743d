/** What the events of a provider report, and what begins with them: so a backfill finds out what is missing. */
import { utcTimeOf } from '../kit/time';
import { expectThat, fail, unlessItThrows } from './check';
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

export async function beginnings(stage: Stage): Promise<void> {
  const { runtime, provider } = stage;
  if (runtime.beginningOf === undefined) return;
  const source = (await provider.backfill?.())?.backfill;
  if (source === undefined)
    fail('beginningOf needs the backfill of the definition: its API is asked about what has begun.');
  const isSubject = (subject: string) => source.subjects.some((form) => formOf(form).test(subject));
  for (const { event, name, body } of allBodies(stage)) {
    const what = `${event} (${name})`;
    const normalized = normalize(stage, body, event, what);
    if (normalized === undefined || 'problems' in normalized) continue;
    const beginning = unlessItThrows(`beginningOf of ${what}`, () => runtime.beginningOf?.(normalized));
    if (beginning === undefined) continue;
    const { subject, endedBy, hours } = beginning;
    expectThat(isSubject(subject), `beginningOf gives ${what} the subject ${subject}, and a backfill takes none such.`);
    expectThat(hours > 0, `beginningOf gives ${what} no hours.`);
    expectThat(endedBy.length > 0, `beginningOf gives ${what} nothing that ends it: it would always be overdue.`);
    const own = runtime.occurrenceOf?.(normalized)?.key;
    expectThat(own === undefined || !endedBy.includes(own), `beginningOf has ${what} end itself.`);
  }
}

/** What a form of subjects takes, such as `bot/<id>`. */
const formOf = (form: string): RegExp => new RegExp(`^${form.replace('<id>', '.+')}$`);
