/** Tests event patterns. EventBridge itself decides what matches, so nothing here can disagree with a rule. */
import { type EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { checkPattern, type Pattern } from './commands/replay/narrow';
import { UsageError } from './usage';

/** Whether EventBridge matches an event, the text of an envelope, with a pattern. */
export type Matches = (pattern: Pattern, event: string) => Promise<boolean>;

export const matchesOf =
  (client: EventBridgeClient): Matches =>
  async (pattern, Event) => {
    const command = new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event });
    return (await client.send(command)).Result === true;
  };

/**
 * Reads a pattern.
 *
 * @throws UsageError that says what is wrong with it
 */
export async function readPattern(client: EventBridgeClient, text: string): Promise<Pattern> {
  const pattern = parsed(text);
  await checkPattern(client, pattern);
  return pattern;
}

function parsed(text: string): Pattern {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`The pattern is not JSON: ${(error as Error).message}.`);
  }
  if (isObject(value)) return value;
  throw new UsageError('A pattern is a JSON object, such as { "detail-type": ["recording.ready"] }.');
}

/** One test of a pattern: a field, or the alternatives of an `$or`. */
export interface FieldTest {
  /** Dotted name of the field in the event. */
  readonly field: string;
  /** What the pattern asks of it. */
  readonly wanted: unknown;
  /** The pattern with this test alone. */
  readonly pattern: Pattern;
}

/** The tests of a pattern, one by one. An event that matches the pattern passes all of them. */
export function testsOf(pattern: Pattern, path: readonly string[] = []): FieldTest[] {
  return Object.entries(pattern).flatMap(([key, wanted]) => {
    const inner = [...path, key];
    if (isObject(wanted)) return testsOf(wanted, inner);
    const alone = inner.reduceRight<unknown>((value, name) => ({ [name]: value }), wanted) as Pattern;
    return [{ field: inner.join('.'), wanted, pattern: alone }];
  });
}

/**
 * The values of a field, as a pattern sees them: a name may lead through lists, into each of their entries. Empty where the event
 * does not have the field.
 */
export function valuesAt(event: unknown, field: string): unknown[] {
  if (Array.isArray(event)) return event.flatMap((entry) => valuesAt(entry, field));
  if (field === '') return [event];
  if (!isObject(event)) return [];
  return Object.entries(event).flatMap(([key, value]) => {
    if (key === field) return valuesAt(value, '');
    return field.startsWith(`${key}.`) ? valuesAt(value, field.slice(key.length + 1)) : [];
  });
}

/** The tests that an event does not pass. Empty where it passes each, and so matches or fails by all of them together. */
export async function failedTests(matches: Matches, pattern: Pattern, event: string): Promise<FieldTest[]> {
  const tests = testsOf(pattern);
  const passed = await Promise.all(tests.map((test) => matches(test.pattern, event)));
  return tests.filter((_, index) => !passed[index]);
}

const isObject = (value: unknown): value is Pattern =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
