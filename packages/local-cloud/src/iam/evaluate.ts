/** Decides about a request as IAM does within one account. */

import { LOCAL_ACCOUNT } from '../service';
import { fillIn, type RequestContext } from './condition';
import { matchesAction, matchesArn } from './match';
import type { Patterns, Statement } from './policy';

/** The caller: a role in a session, a user, or an AWS service. */
export type Principal =
  | { readonly type: 'role'; readonly arn: string; readonly sessionArn: string }
  | { readonly type: 'user'; readonly arn: string }
  | { readonly type: 'service'; readonly name: string };

export interface AccessRequest {
  readonly principal: Principal;
  /** Such as `sqs:SendMessage`. */
  readonly action: string;
  /** ARN, or `*` for an action that knows no resources. */
  readonly resource: string;
  readonly context: RequestContext;
}

/** The policies that bear on a request. */
export interface Policies {
  /** Those of the role or user; none for a service. */
  readonly identity: readonly Statement[];
  /** Those of the resource. */
  readonly resource: readonly Statement[];
}

export type Decision =
  | { readonly allowed: true; readonly by: readonly Statement[] }
  | { readonly allowed: false; readonly because: 'explicit_deny'; readonly policy: 'identity' | 'resource' }
  | { readonly allowed: false; readonly because: 'no_allow' };

/** An explicit deny wins; else one allow suffices, of the identity's policies or of the resource's. */
export function evaluate(policies: Policies, request: AccessRequest): Decision {
  const identity = policies.identity.filter((statement) => applies(statement, request));
  const resource = policies.resource.filter(
    (statement) => isFor(statement, request.principal) && applies(statement, request),
  );
  if (identity.some(denies)) return { allowed: false, because: 'explicit_deny', policy: 'identity' };
  if (resource.some(denies)) return { allowed: false, because: 'explicit_deny', policy: 'resource' };
  const by = [...identity, ...resource];
  return by.length > 0 ? { allowed: true, by } : { allowed: false, because: 'no_allow' };
}

/** The name of a caller: the session of a role, the ARN of a user, or the name of a service. */
export function callerOf(principal: Principal): string {
  if (principal.type === 'service') return principal.name;
  return principal.type === 'role' ? principal.sessionArn : principal.arn;
}

const ACCOUNT: readonly string[] = [LOCAL_ACCOUNT, `arn:aws:iam::${LOCAL_ACCOUNT}:root`];

const denies = ({ effect }: Statement) => effect === 'Deny';

function applies({ actions, resources, conditions }: Statement, { action, resource, context }: AccessRequest): boolean {
  return (
    matchesAny(actions, (pattern) => matchesAction(pattern, action)) &&
    matchesAny(resources, (pattern) => matchesArn(fillIn(pattern, context), resource)) &&
    conditions.every((holds) => holds(context))
  );
}

function isFor({ principals, effect }: Statement, principal: Principal): boolean {
  const names = namesOf(principal, effect);
  return principals !== undefined && matchesAny(principals, (pattern) => names.includes(pattern));
}

/**
 * The names by which the policy of a resource can mean a principal. The account as a whole is one of them only where it is denied:
 * to allow the account is to leave it to the policies of its roles.
 */
export function namesOf(principal: Principal, effect: Statement['effect']): string[] {
  if (principal.type === 'service') return ['*', `Service:${principal.name}`];
  const account = effect === 'Deny' ? ACCOUNT : [];
  return ['*', ...[principal.arn, callerOf(principal), ...account].map((name) => `AWS:${name}`)];
}

/**
 * Decides whether a role may be assumed. Its trust policy has to allow that; where it allows the account as a whole, the policies
 * of who asks have to allow it too.
 */
export function evaluateTrust(
  trust: readonly Statement[],
  identity: readonly Statement[],
  request: AccessRequest,
): Decision {
  // A trust policy names no resource: it is about the role that has it.
  const byTrust = evaluate({ identity: [], resource: trust }, { ...request, resource: '' });
  if (byTrust.allowed || byTrust.because === 'explicit_deny' || request.principal.type === 'service') return byTrust;
  const leavesItToPolicies = trust.some(
    (statement) =>
      !denies(statement) &&
      applies(statement, { ...request, resource: '' }) &&
      statement.principals !== undefined &&
      matchesAny(statement.principals, (pattern) => ACCOUNT.some((name) => pattern === `AWS:${name}`)),
  );
  return leavesItToPolicies ? evaluate({ identity, resource: [] }, request) : byTrust;
}

function matchesAny({ patterns, negated }: Patterns, matches: (pattern: string) => boolean): boolean {
  return patterns.some(matches) !== negated;
}
