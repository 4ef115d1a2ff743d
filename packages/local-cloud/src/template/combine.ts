import type { ResolvedStack, StackResource } from './stack';

/**
 * Several stacks of one account and region as one, so that what one declares meets what the others declare.
 *
 * @throws Error that names what two of them declare under one name
 */
export function combineStacks(stacks: readonly ResolvedStack[]): ResolvedStack {
  const owners = new Map<StackResource, ResolvedStack>();
  const declared = new Map<string, string>();
  for (const stack of stacks) {
    for (const resource of stack.resources) {
      owners.set(resource, stack);
      const { Arn } = resource.attributes;
      if (Arn === undefined) continue;
      const other = declared.get(Arn);
      if (other !== undefined) throw new Error(`The stacks ${other} and ${stack.stackName} both declare ${Arn}.`);
      declared.set(Arn, stack.stackName);
    }
  }
  const resources = [...owners.keys()];
  return {
    stackName: stacks.map(({ stackName }) => stackName).join(', '),
    resources,
    passedOver: stacks.flatMap(({ passedOver }) => passedOver),
    ofType: (type) => resources.filter((resource) => resource.type === type),
    assetFolder: (lambdaFunction) => {
      const owner = owners.get(lambdaFunction);
      if (!owner) throw new Error(`${lambdaFunction.logicalId} belongs to none of the stacks.`);
      return owner.assetFolder(lambdaFunction);
    },
    localizeUrls: (text, apiUrl) => stacks.reduce((localized, stack) => stack.localizeUrls(localized, apiUrl), text),
    resolveOutputs: (options) => Object.assign({}, ...stacks.map((stack) => stack.resolveOutputs(options))),
  };
}
