/** Policies as IAM has them, read into one shape. */

import { type Condition, readConditions } from './condition';

/** Names or patterns. One has to match, or none where `negated`. */
export interface Patterns {
  readonly patterns: readonly string[];
  /** True for `NotAction`, `NotResource` and `NotPrincipal`. */
  readonly negated: boolean;
}

/** A statement of a policy. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** Whom it is for; undefined in an identity-based policy. Everyone is `*`, all others are `<type>:<value>`. */
  readonly principals?: Patterns;
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly conditions: readonly Condition[];
  /** The `Condition` element as JSON text, undefined where there is none. */
  readonly conditionText?: string;
}

interface Document {
  readonly Statement: RawStatement | readonly RawStatement[];
}

type OneOrMore = string | readonly string[];
type RawPrincipal = string | Readonly<Record<string, OneOrMore>>;

interface RawStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: RawPrincipal;
  readonly NotPrincipal?: RawPrincipal;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: object;
}

/**
 * Reads the statements of a policy document.
 *
 * @param document an object, or JSON text
 * @param where names the policy in errors
 * @throws Error when a statement is none, or has a condition that the local cloud does not know
 */
export function readPolicy(document: unknown, where: string): Statement[] {
  const { Statement: statements } = (typeof document === 'string' ? JSON.parse(document) : document) as Document;
  return [statements].flat().map((statement) => readStatement(statement, where));
}

function readStatement(raw: RawStatement, where: string): Statement {
  if (!['Allow', 'Deny'].includes(raw?.Effect) || (raw.Action ?? raw.NotAction) === undefined) {
    throw new Error(`${where}: a statement needs the Effect Allow or Deny, and an Action: ${JSON.stringify(raw)}.`);
  }
  const principals = raw.Principal ?? raw.NotPrincipal;
  return {
    effect: raw.Effect,
    ...(principals !== undefined && {
      principals: { patterns: principalNames(principals), negated: raw.Principal === undefined },
    }),
    actions: patterns(raw.Action, raw.NotAction),
    // Only a trust policy names no resource: it is about the role that has it.
    resources: patterns(raw.Resource ?? (raw.NotResource === undefined ? '' : undefined), raw.NotResource),
    conditions: readConditions(raw.Condition, where),
    ...(raw.Condition && { conditionText: JSON.stringify(raw.Condition) }),
  };
}

const patterns = (wanted: OneOrMore | undefined, unwanted: OneOrMore = []): Patterns => ({
  patterns: [wanted ?? unwanted].flat(),
  negated: wanted === undefined,
});

function principalNames(principal: RawPrincipal): string[] {
  if (typeof principal === 'string') return [principal];
  return Object.entries(principal).flatMap(([type, values]) =>
    [values].flat().map((value) => (value === '*' ? value : `${type}:${value}`)),
  );
}
