/** The `Condition` element of a policy statement. */

import { matchesArn, matchesWildcards } from './match';

/** What is known of a request, by condition key in lower case, such as `aws:sourcearn`. */
export type RequestContext = Readonly<Record<string, string>>;

/** One key of one operator; a statement counts only where all of its conditions hold. */
export type Condition = (context: RequestContext) => boolean;

type Comparison = (wanted: string, actual: string) => boolean;

const equal: Comparison = (wanted, actual) => wanted === actual;
const equalIgnoringCase: Comparison = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: equalIgnoringCase,
  StringEquals: equal,
  StringEqualsIgnoreCase: equalIgnoringCase,
  StringLike: matchesWildcards,
};

const IF_EXISTS = 'IfExists';

/**
 * Reads the `Condition` element of a statement.
 *
 * @param where names the statement in errors
 * @throws Error when an operator is not known to the local cloud
 */
export function readConditions(element: object = {}, where: string): Condition[] {
  return Object.entries(element).flatMap(([operator, keys]) =>
    Object.entries(keys as object).map(([key, values]) =>
      readCondition(operator, key, [values].flat().map(String), where),
    ),
  );
}

function readCondition(operator: string, key: string, values: readonly string[], where: string): Condition {
  const actualOf = (context: RequestContext) => context[key.toLowerCase()];
  if (operator === 'Null') {
    return (context) => values.some((value) => (value === 'true') === (actualOf(context) === undefined));
  }
  const ifExists = operator.endsWith(IF_EXISTS);
  const name = ifExists ? operator.slice(0, -IF_EXISTS.length) : operator;
  const negated = /^(Arn|String)Not/.test(name);
  const compare = COMPARISONS[name.replace('Not', '')];
  if (!compare) {
    const known = Object.keys(COMPARISONS).join(', ');
    throw new Error(`${where}: the local cloud does not know the condition operator ${operator}. It knows: ${known}.`);
  }
  return (context) => {
    const actual = actualOf(context);
    if (actual === undefined) return negated || ifExists;
    return values.some((value) => compare(fillIn(value, context), actual)) !== negated;
  };
}

/** Replaces policy variables such as `${aws:PrincipalAccount}`; one without a value matches nothing. */
export function fillIn(text: string, context: RequestContext): string {
  return text.replace(/\$\{([^}]+)\}/g, (_, key: string) => context[key.toLowerCase()] ?? '\0');
}
