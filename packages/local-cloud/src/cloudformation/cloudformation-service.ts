/** CloudFormation: the stacks that run, with their outputs. Clients find there what they would find on AWS. */
import { AwsError, type AwsService } from '../service';
import { localArn } from '../template/resource-types';

/** In place of the namespace that other services have: CloudFormation speaks the Query protocol, which names it by its version. */
export const CLOUDFORMATION_PREFIX = 'CloudFormation';

/** Outputs by the name of their stack. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** ARN of a stack. On AWS its last part is new whenever the stack is created; here it is always the same. */
export const stackArn = (name: string): string => localArn('cloudformation', `stack/${name}/local`);

/**
 * Serves DescribeStacks, for {@link awsQuery} to speak for.
 *
 * @param outputs asked at each call: those with the API's URL are known only when everything has started
 */
export function createCloudFormationService(outputs: () => StackOutputs): AwsService {
  const startedAt = new Date().toISOString();
  return {
    targetPrefix: CLOUDFORMATION_PREFIX,
    operations: {
      DescribeStacks: ({ StackName }: { readonly StackName?: string }) => {
        const stacks = Object.entries(outputs()).map(([name, values]) => describe(name, values, startedAt));
        const found = stacks.filter((stack) => [undefined, stack.StackName, stack.StackId].includes(StackName));
        if (found.length === 0 && StackName !== undefined) {
          throw new AwsError('ValidationError', `Stack with id ${StackName} does not exist`);
        }
        return { Stacks: { member: found } };
      },
    },
  };
}

const describe = (name: string, values: Readonly<Record<string, unknown>>, startedAt: string) => ({
  StackId: stackArn(name),
  StackName: name,
  CreationTime: startedAt,
  StackStatus: 'CREATE_COMPLETE',
  Outputs: {
    member: Object.entries(values).map(([OutputKey, value]) => ({ OutputKey, OutputValue: String(value) })),
  },
});
