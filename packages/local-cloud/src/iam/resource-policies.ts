/** The policies that a stack attaches to its resources. A queue's is an attribute of the queue itself. */

import { localArn } from '../template/resource-types';
import type { ResolvedStack, StackResource } from '../template/stack';
import { readPolicy, type Statement } from './policy';

/** A policy and what it is attached to. */
export interface ResourcePolicy {
  /** ARN patterns of the resources that it guards. */
  readonly attachedTo: readonly string[];
  readonly statements: readonly Statement[];
}

type Properties = Readonly<Record<string, string | undefined>>;

/** Where each type of policy is attached, and what it says. */
const READERS: Readonly<Record<string, (properties: Properties) => { attachedTo: string[]; document: unknown }>> = {
  'AWS::Events::EventBusPolicy': ({ EventBusName = 'default', Statement }) => ({
    attachedTo: [localArn('events', `event-bus/${EventBusName}`), localArn('events', `rule/${EventBusName}/*`)],
    document: { Statement },
  }),
  'AWS::Lambda::Permission': (permission) => ({
    attachedTo: [functionArn(permission.FunctionName)],
    document: { Statement: permissionStatement(permission) },
  }),
  // A policy of CloudWatch Logs is the account's, and names its log groups as resources.
  'AWS::Logs::ResourcePolicy': ({ PolicyDocument }) => ({
    attachedTo: [localArn('logs', '*')],
    document: PolicyDocument,
  }),
  'AWS::S3::BucketPolicy': ({ Bucket, PolicyDocument }) => ({
    attachedTo: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    document: PolicyDocument,
  }),
};

/** @throws Error that names the policy that the local cloud cannot read */
export function readResourcePolicies(stack: ResolvedStack): ResourcePolicy[] {
  return Object.entries(READERS).flatMap(([type, read]) =>
    stack.ofType(type).map(({ logicalId, properties }: StackResource) => {
      const { attachedTo, document } = read(properties as Properties);
      return { attachedTo, statements: readPolicy(document, logicalId) };
    }),
  );
}

const functionArn = (nameOrArn = '') =>
  nameOrArn.startsWith('arn:') ? nameOrArn : localArn('lambda', `function:${nameOrArn}`);

/** A permission is a statement of the function's policy, spelt in its own way. */
function permissionStatement({ Action, FunctionName, Principal = '', SourceArn, SourceAccount }: Properties): object {
  return {
    Effect: 'Allow',
    Principal: { [Principal.endsWith('.amazonaws.com') ? 'Service' : 'AWS']: Principal },
    Action,
    Resource: functionArn(FunctionName),
    Condition: {
      ...(SourceArn !== undefined && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(SourceAccount !== undefined && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    },
  };
}
