/** The order of findings, which come in any. Pure functions. */
import type { CheckProgress, Finding } from '../../api/health';

const checksIn = (values: readonly CheckProgress[]): readonly string[] =>
  values.flatMap((value) => ('checks' in value ? value.checks : []));

const RANKS: Readonly<Record<Finding['status'], number>> = { problem: 0, warning: 1, ok: 2 };

/** Problems first, then warnings; alike ones in the order of the checks. */
export function findingsIn(values: readonly CheckProgress[]): readonly Finding[] {
  const done = values.flatMap((value) => ('check' in value ? [value] : []));
  const order = checksIn(values);
  return done
    .toSorted((a, b) => order.indexOf(a.check) - order.indexOf(b.check))
    .flatMap(({ findings }) => findings)
    .toSorted((a, b) => RANKS[a.status] - RANKS[b.status]);
}

/** The checks whose findings are not there yet. */
export function pendingIn(values: readonly CheckProgress[]): readonly string[] {
  const done = values.flatMap((value) => ('check' in value ? [value.check] : []));
  return checksIn(values).filter((name) => !done.includes(name));
}
