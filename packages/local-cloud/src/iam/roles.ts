/** The roles of a stack with all policies attached to them. */

import type { ResolvedStack, StackResource } from '../template/stack';
import { readPolicy, type Statement } from './policy';

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** Who may assume it. */
  readonly trust: readonly Statement[];
  readonly statements: readonly Statement[];
}

/** What AWS's own policies allow that roles of functions are given; theirs is for the Lambda service itself. */
const AWS_MANAGED: Readonly<Record<string, readonly string[]>> = {
  AWSLambdaBasicExecutionRole: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  AWSXRayDaemonWriteAccess: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  AmazonAPIGatewayPushToCloudWatchLogs: ['logs:*'],
};

interface RoleProperties {
  readonly AssumeRolePolicyDocument: object;
  readonly Policies?: readonly { readonly PolicyDocument: object }[];
  readonly ManagedPolicyArns?: readonly string[];
  readonly PermissionsBoundary?: string;
}

interface PolicyProperties {
  readonly PolicyDocument: object;
  readonly Roles?: readonly string[];
}

/**
 * The roles that a stack declares, by ARN.
 *
 * @throws Error that names the role or policy that the local cloud cannot evaluate
 */
export function readRoles(stack: ResolvedStack): ReadonlyMap<string, Role> {
  const managed = stack.ofType('AWS::IAM::ManagedPolicy');
  const attached = [...managed, ...stack.ofType('AWS::IAM::Policy')];
  return new Map(
    stack.ofType('AWS::IAM::Role').map((resource) => {
      const role = readRole(resource, managed, attached);
      return [role.arn, role];
    }),
  );
}

function readRole(
  resource: StackResource,
  managed: readonly StackResource[],
  attached: readonly StackResource[],
): Role {
  const { logicalId, name, attributes } = resource;
  const properties = resource.properties as unknown as RoleProperties;
  const { Policies = [], ManagedPolicyArns = [], PermissionsBoundary } = properties;
  if (PermissionsBoundary !== undefined) {
    throw new Error(`${logicalId}: the local cloud does not know permissions boundaries.`);
  }
  return {
    name,
    arn: attributes.Arn ?? '',
    trust: readPolicy(properties.AssumeRolePolicyDocument, logicalId),
    statements: [
      ...Policies.flatMap(({ PolicyDocument }) => readPolicy(PolicyDocument, logicalId)),
      ...ManagedPolicyArns.flatMap((arn) => managedPolicy(arn, managed, logicalId)),
      ...attached
        .filter(({ properties: policy }) => (policy as unknown as PolicyProperties).Roles?.includes(name))
        .flatMap((policy) => readPolicy(policy.properties.PolicyDocument, policy.logicalId)),
    ],
  };
}

function managedPolicy(arn: string, managed: readonly StackResource[], roleId: string): Statement[] {
  const own = managed.find(({ ref }) => ref === arn);
  if (own) return readPolicy(own.properties.PolicyDocument, own.logicalId);
  const Action = AWS_MANAGED[arn.slice(arn.lastIndexOf('/') + 1)];
  if (Action) return readPolicy({ Statement: { Effect: 'Allow', Action, Resource: '*' } }, arn);
  throw new Error(
    `${roleId}: the local cloud does not know what ${arn} allows. Add it to src/iam/roles.ts, or write the statements in a policy of the role.`,
  );
}
