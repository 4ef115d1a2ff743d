/** Narrows a rule's event pattern: the result matches events that match both the rule's pattern and another one. */
import { type EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { UsageError } from '../../usage';

/** An EventBridge event pattern, or a part of one. */
export interface Pattern {
  readonly [field: string]: unknown;
}

/** Asks EventBridge whether an event with this value in this field passes the tests that a pattern has for it. */
type Passes = (path: readonly string[], value: unknown, tests: readonly unknown[]) => Promise<boolean>;

/**
 * The pattern of the events that match both. EventBridge has no "and" for the tests of one field. So if both test a
 * field, one of the two must list plain values: those that pass the other's tests are kept.
 *
 * @throws UsageError that names the field for which the two cannot be combined
 */
export async function narrow(client: EventBridgeClient, rule: Pattern, by: Pattern): Promise<Pattern> {
  const passes: Passes = async (path, value, tests) => {
    const EventPattern = JSON.stringify(nested(path, tests));
    const Event = JSON.stringify({ ...BLANK_EVENT, ...nested(path, value) });
    return (await client.send(new TestEventPatternCommand({ EventPattern, Event }))).Result === true;
  };
  const joined = new Set<string>();
  const narrowed = await merge(rule, by, [], async (path, own, wanted) => {
    joined.add(path.join('.'));
    return join(path, own, wanted, passes);
  });
  const ownFields = new Set(fieldsOf(rule));
  // The remaining tests are inside an $or, or have another spelling: in a merged pattern, one would replace the other.
  const clash = [...fieldsOf(by)].find((field) => ownFields.has(field) && !joined.has(field));
  if (clash !== undefined) throw cannotJoin(clash);
  return narrowed;
}

/**
 * Lets EventBridge check a pattern.
 *
 * @throws UsageError that says what is wrong with it
 */
export async function checkPattern(client: EventBridgeClient, pattern: Pattern): Promise<void> {
  try {
    const EventPattern = JSON.stringify(pattern);
    await client.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(BLANK_EVENT) }));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'InvalidEventPatternException')) throw error;
    throw new UsageError(`The pattern is not valid: ${error.message}`);
  }
}

/** The members that EventBridge requires in a test event. */
const BLANK_EVENT = {
  id: '0',
  account: '000000000000',
  source: 'none',
  time: '2000-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  'detail-type': 'none',
};

type Join = (path: readonly string[], own: readonly unknown[], wanted: readonly unknown[]) => Promise<unknown[]>;

async function merge(rule: Pattern, by: Pattern, path: readonly string[], join: Join): Promise<Pattern> {
  const merged: Record<string, unknown> = { ...rule };
  for (const [key, wanted] of Object.entries(by)) {
    const own = rule[key];
    const inner = [...path, key];
    if (own === undefined) merged[key] = wanted;
    else if (isPattern(own) && isPattern(wanted)) merged[key] = await merge(own, wanted, inner, join);
    else if (key !== '$or' && Array.isArray(own) && Array.isArray(wanted)) {
      merged[key] = await join(inner, own, wanted);
    } else throw cannotJoin(inner.join('.'));
  }
  return merged;
}

async function join(
  path: readonly string[],
  own: readonly unknown[],
  wanted: readonly unknown[],
  passes: Passes,
): Promise<unknown[]> {
  if (JSON.stringify(own) === JSON.stringify(wanted)) return [...own];
  const [values, tests] = wanted.every(isPlain) ? [wanted, own] : [own, wanted];
  if (!values.every(isPlain)) throw cannotJoin(path.join('.'));
  const kept: unknown[] = [];
  for (const value of values) if (await passes(path, value, tests)) kept.push(value);
  if (kept.length > 0) return kept;
  throw new UsageError(
    `Nothing would match: the rule tests ${path.join('.')} by ${JSON.stringify(own)}, the pattern by ${JSON.stringify(wanted)}.`,
  );
}

/** Dotted names of the fields that a pattern tests. */
function* fieldsOf(pattern: Pattern, path: readonly string[] = []): Generator<string> {
  for (const [key, value] of Object.entries(pattern)) {
    if (key === '$or' && Array.isArray(value)) for (const branch of value) yield* fieldsOf(branch, path);
    else if (isPattern(value)) yield* fieldsOf(value, [...path, key]);
    else yield [...path, key].join('.');
  }
}

const nested = (path: readonly string[], value: unknown): Record<string, unknown> =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;

const isPattern = (value: unknown): value is Pattern =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

const cannotJoin = (field: string): UsageError =>
  new UsageError(`The rule tests ${field} too, and the two tests cannot be joined. List plain values for it instead.`);
