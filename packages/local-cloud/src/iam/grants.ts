/** Keeps count of the grants of a stack that were used, so that a test can find those that nothing needs. */

import { matchesAction, matchesArn } from './match';
import type { Patterns, Statement } from './policy';

/** One action on one resource that a statement allows. */
export interface Grant {
  /** As the policy spells it; `NotAction …` where it names what it does not allow. */
  readonly action: string;
  readonly resource: string;
  /** The statement's condition, as JSON text. */
  readonly condition?: string;
  /** Requests that were allowed by it. */
  used: number;
}

/** Grants by who holds them: a role by its name, a service as `Service:events.amazonaws.com`. */
export type GrantReport = Readonly<Record<string, readonly Readonly<Grant>[]>>;

interface CountedGrant {
  readonly holder: string;
  readonly grant: Grant;
  readonly covers: (action: string, resource: string) => boolean;
}

/** The grants of a stack. */
export class Grants {
  readonly #byStatement = new Map<Statement, CountedGrant[]>();

  /**
   * Adds what statements allow, unused yet.
   *
   * @param role the role that has them; left out for the policy of a resource, which says itself whom it is for
   */
  add(statements: readonly Statement[], role?: string): void {
    for (const statement of statements) {
      if (statement.effect === 'Allow') this.#byStatement.set(statement, grantsOf(statement, role));
    }
  }

  /**
   * Counts a request that the statements have allowed, for those of their grants that cover it.
   *
   * @param holders every name of the caller
   */
  use(statements: readonly Statement[], holders: readonly string[], action: string, resource: string): void {
    for (const { holder, grant, covers } of statements.flatMap((one) => this.#byStatement.get(one) ?? [])) {
      if (holders.includes(holder) && covers(action, resource)) grant.used += 1;
    }
  }

  report(): GrantReport {
    const all = [...this.#byStatement.values()].flat();
    return Object.fromEntries(
      [...new Set(all.map(({ holder }) => holder))]
        .sort()
        .map((holder) => [
          holder,
          all.filter((counted) => counted.holder === holder).map(({ grant }) => ({ ...grant })),
        ]),
    );
  }
}

function grantsOf(
  { principals, actions, resources, conditionText }: Statement,
  role: string | undefined,
): CountedGrant[] {
  const holders = role === undefined ? (principals?.patterns ?? []) : [role];
  return holders.flatMap((holder) =>
    spelt(actions, 'NotAction').flatMap((action) =>
      spelt(resources, 'NotResource').map((resource) => ({
        holder,
        grant: { action, resource, ...(conditionText && { condition: conditionText }), used: 0 },
        covers: (asked: string, on: string) =>
          (actions.negated || matchesAction(action, asked)) && (resources.negated || matchesArn(resource, on)),
      })),
    ),
  );
}

const spelt = ({ patterns, negated }: Patterns, element: string): readonly string[] =>
  negated ? [`${element} ${patterns.join(', ')}`] : patterns;
