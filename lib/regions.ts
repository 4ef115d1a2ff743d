/** Services that some regions lack, so that synth reports what a deployment would fail on. */
import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Configuration, ConfigurationError } from './configuration';

/**
 * Regions without EventBridge Schemas, according to CDK's own check of regions (F3006) and CloudFormation's lists of
 * resources.
 */
const WITHOUT_SCHEMAS: ReadonlySet<string> = new Set([
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'il-central-1',
  'mx-central-1',
]);

/**
 * Regions without `AWS::Events::Archive` according to cfn-lint. AWS does not document this: a warning, not an error.
 */
const PERHAPS_WITHOUT_ARCHIVES: ReadonlySet<string> = new Set(['ca-west-1', 'mx-central-1']);

/**
 * Checks the region of a Meetbus, if it is known at synth.
 *
 * @throws ConfigurationError if it lacks a service that the settings require
 */
export function checkRegion(scope: Construct, { schemas }: Configuration): void {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region)) return;
  if (schemas && WITHOUT_SCHEMAS.has(region)) {
    throw new ConfigurationError(
      `Wrong settings. meetbus.schemas: set it to false, because ${region} has no EventBridge Schemas.`,
    );
  }
  if (PERHAPS_WITHOUT_ARCHIVES.has(region)) {
    Annotations.of(scope).addWarningV2(
      'meetbus:archives',
      `${region} may have no archives of EventBridge. If the deployment fails with AWS::Events::Archive, choose another region.`,
    );
  }
}
