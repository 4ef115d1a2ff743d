/** Changes of single members of a JSON body, as `--set data.bot.metadata.team=blue` says them. */
import { InvalidArgumentError } from 'commander';
import { isExactNumber, keepDigits } from '../providers/kit/json';
import { UsageError } from './usage';

/** A name of an object's member, or an index of a list. */
type Step = string | number;

/** A value for one place in a body. */
export interface Assignment {
  readonly path: readonly Step[];
  readonly value: unknown;
}

/** The example of the messages. */
const EXAMPLE = 'data.bot.metadata.team=blue or data.words[0].text=Hi';

/** `.name`, `[0]`, or `["any.name"]`. The first name has no dot. */
const STEP = /(?:\.?([^.[\]="]+))|\[(\d{1,6})\]|\[("(?:[^"\\]|\\.)*")\]/y;

/**
 * Reads `<path>=<value>`. A path is names and indexes: `data.words[0].text`; a name with other characters is quoted:
 * `data["a.b"]`. The value is JSON, where it is some; else it is a text.
 *
 * @throws InvalidArgumentError for what is no such path
 */
export function assignmentOf(text: string): Assignment {
  const path: Step[] = [];
  let end = 0;
  while (text[end] !== '=' || end === 0) {
    STEP.lastIndex = end;
    const step = stepOf(STEP.exec(text), end === 0);
    if (step === undefined) throw new InvalidArgumentError(`Give <path>=<value>, such as ${EXAMPLE}.`);
    path.push(step);
    end = STEP.lastIndex;
  }
  const value = text.slice(end + 1);
  const json = parsed(value);
  return { path, value: json === undefined ? value : json };
}

/** The step that a match of {@link STEP} has; undefined where there is none, or its dot is missing or too much. */
function stepOf(match: RegExpExecArray | null, isFirst: boolean): Step | undefined {
  const [step = '', name, index, quoted] = match ?? [];
  if (name !== undefined) return step.startsWith('.') === isFirst ? undefined : name;
  return index === undefined ? (parsed(quoted ?? '') as string | undefined) : Number(index);
}

/** The text as JSON; undefined where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    return undefined;
  }
}

/**
 * A copy of a body with other values. What a path leads through is made where there is nothing, or null.
 *
 * @param body JSON
 * @throws UsageError for a path through a text, a number or a boolean, or through a list by a name. It shows no value
 */
export function withAssignments(body: unknown, assignments: readonly Assignment[]): unknown {
  return assignments.reduce((whole, { path, value }) => withValue(whole, path, value, []), body);
}

/** @param walked the steps that led to `at` */
function withValue(at: unknown, [step, ...rest]: readonly Step[], value: unknown, walked: readonly Step[]): unknown {
  if (step === undefined) return value;
  const next = (member: unknown) => withValue(member, rest, value, [...walked, step]);
  const there = at ?? (typeof step === 'number' ? [] : {});
  if (typeof there !== 'object' || isExactNumber(there)) {
    throw new UsageError(
      `--set: ${pathOf(walked)} is a ${typeof at === 'object' ? 'number' : kindOf(at)}, so it has no ${nameOf(step)}.`,
    );
  }
  if (!Array.isArray(there)) {
    if (typeof step === 'number')
      throw new UsageError(`--set: ${pathOf(walked)} is no list, so it has no ${nameOf(step)}.`);
    return {
      ...there,
      [step]: next(Object.hasOwn(there, step) ? (there as Record<string, unknown>)[step] : undefined),
    };
  }
  // A whole number after a dot is an index too, where there is a list.
  const index = typeof step === 'string' && /^\d{1,6}$/.test(step) ? Number(step) : step;
  if (typeof index === 'string') {
    throw new UsageError(
      `--set: ${pathOf(walked)} is a list. Name an entry by its index, such as ${pathOf(walked)}[0].`,
    );
  }
  if (index > there.length) {
    throw new UsageError(
      `--set: ${pathOf(walked)} has ${there.length} entries: the next one is ${pathOf(walked)}[${there.length}].`,
    );
  }
  return there.toSpliced(index, 1, next(there[index]));
}

const kindOf = (value: unknown): string => (typeof value === 'string' ? 'text' : typeof value);

const nameOf = (step: Step): string => (typeof step === 'number' ? `entry ${step}` : `member ${step}`);

/** The path as it is written; `the body` for none. */
const pathOf = (path: readonly Step[]): string => {
  if (path.length === 0) return 'the body';
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[^.[\]="]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('')
    .replace(/^\./, '');
};
