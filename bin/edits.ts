/** Carries the changes that somebody made to one JSON value over to another one of the same form. */
import { isExactNumber } from '../providers/kit/json';

/** A value before it was edited, and after. */
export interface Edit {
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * The value with the changes: what was not changed stays as it is there. Entries of a list are compared one by one where it has as
 * many as before; else the edited list is taken whole.
 */
export function withEdits({ before, after }: Edit, fresh: unknown): unknown {
  if (JSON.stringify(before) === JSON.stringify(after)) return fresh;
  if (isObject(before) && isObject(after) && isObject(fresh)) {
    const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
    const changed = Object.keys(after).map((name) => {
      const isNew = !Object.hasOwn(before, name) || !Object.hasOwn(fresh, name);
      return [name, isNew ? after[name] : withEdits({ before: before[name], after: after[name] }, fresh[name])];
    });
    const kept = Object.entries(fresh).filter(([name]) => !removed.includes(name));
    return Object.fromEntries([...kept, ...changed]);
  }
  const lists = [before, after, fresh];
  if (lists.every(Array.isArray) && new Set(lists.map(({ length }) => length)).size === 1) {
    return (after as unknown[]).map((entry, index) =>
      withEdits({ before: (before as unknown[])[index], after: entry }, (fresh as unknown[])[index]),
    );
  }
  return after;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
