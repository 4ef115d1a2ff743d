/** The error for a call that is not allowed, with the words and codes of AWS. */

import { AwsError } from '../service';
import type { Access } from './access';
import { callerOf, type Decision, type Principal } from './evaluate';

type Denied = Extract<Decision, { allowed: false }>;

/** How a service words its denials, where it differs from most. */
interface Wording {
  readonly code: string;
  readonly status: number;
  readonly action?: (action: string) => string;
  readonly resource?: (resource: string) => string;
}

const MOST: Wording = { code: 'AccessDeniedException', status: 400 };

/** By the service's target prefix. */
const WORDINGS: Readonly<Record<string, Wording>> = {
  AmazonSQS: { code: 'AccessDenied', status: 403, action: (action) => action.toLowerCase() },
  AWSSecurityTokenServiceV20110615: { code: 'AccessDenied', status: 403 },
  CloudFormation: { code: 'AccessDenied', status: 403 },
  AmazonS3: { code: 'AccessDenied', status: 403, resource: (resource) => `"${resource}"` },
};

/** @param targetPrefix of the service that was called; left out where none was, as in a delivery of EventBridge */
export function denial(principal: Principal, access: Access, decision: Denied, targetPrefix = ''): AwsError {
  const wording = WORDINGS[targetPrefix] ?? MOST;
  const action = wording.action?.(access.action) ?? access.action;
  const shown = access.shownAs ?? access.resource;
  const on = shown === '*' ? '' : ` on resource: ${wording.resource?.(shown) ?? shown}`;
  const who = `${principal.type === 'service' ? '' : 'User: '}${callerOf(principal)}`;
  const message = `${who} is not authorized to perform: ${action}${on} ${reason(principal, action, decision)}`;
  return new AwsError(wording.code, message, wording.status);
}

function reason(principal: Principal, action: string, decision: Denied): string {
  if (decision.because === 'no_allow') {
    const kind = principal.type === 'service' ? 'resource' : 'identity';
    return `because no ${kind}-based policy allows the ${action} action`;
  }
  return `with an explicit deny in ${decision.policy === 'identity' ? 'an identity' : 'a resource'}-based policy`;
}

/** A function calls an operation that is not in the table of accesses. */
export function unknownAccess(targetPrefix: string, operation: string): AwsError {
  const { code, status } = WORDINGS[targetPrefix] ?? MOST;
  return new AwsError(
    code,
    `The local cloud does not know which permission ${targetPrefix}.${operation} needs. Add it to src/iam/access.ts.`,
    status,
  );
}
