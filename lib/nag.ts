/** The AWS Solutions rules of cdk-nag, and a reason for each acknowledged finding. */

import { type App, type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { storedPrefixOf } from '../lambdas/ingest/stored-message';
import { OBJECT_PREFIX } from '../lambdas/platform/object-store';
import type { Meetbus } from './meetbus';

/** Acknowledged findings by rule, with the reason. */
const ACKNOWLEDGED: Readonly<Record<string, string>> = {
  'AwsSolutions-APIG2': 'The verifiers check every request; a request that the gateway refused could never be retried.',
  'AwsSolutions-APIG3': 'Every delivery is proved by its signature or token. A firewall may be added in front.',
  'AwsSolutions-APIG4': 'Providers cannot authenticate to API Gateway; the verifiers prove each delivery.',
  'AwsSolutions-COG4': 'Providers are no Cognito users; the verifiers prove each delivery.',
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
    'The one policy that AWS documents for the role with which API Gateway writes logs.',
  'AwsSolutions-IAM5[Resource::*]': 'The actions with which X-Ray takes traces know no resources.',
  'AwsSolutions-DDB3':
    'Without it no event is lost: it holds what was seen, newest status times, and public keys, which are fetched again.',
  'AwsSolutions-SQS3': 'The queue is the dead-letter queue of an EventBridge rule, which the check does not see.',
  'AwsSolutions-SMG4':
    'The one secret of the stack is the key of the probe. It proves only that the probe sent a delivery, whose events reach no subscriber. It can be replaced by hand at any time.',
  'AwsSolutions-S1': 'Only the functions reach the bucket; CloudTrail data events serve an account that audits them.',
};

/** Checks the app at every synth: a finding that is not acknowledged fails it. */
export function checkAwsSolutions(app: App, meetbus: Meetbus): void {
  // A check of cdk-nag reads a deprecated property of each bus policy, and every synth would warn of it.
  process.env.JSII_DEPRECATED ??= 'quiet';
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const bucket = Stack.of(meetbus).getLogicalId(meetbus.storage.bucket.node.defaultChild as CfnElement);
  const prefixes = [
    OBJECT_PREFIX.raw,
    OBJECT_PREFIX.unrecognized,
    OBJECT_PREFIX.deliveries,
    OBJECT_PREFIX.fallback,
    ...meetbus.deployedNames.flatMap((name) => [`${OBJECT_PREFIX.deliveries}${name}/`, storedPrefixOf(name)]),
  ];
  const objects = prefixes.map((prefix) => [
    `AwsSolutions-IAM5[Resource::<${bucket}.Arn>/${prefix}*]`,
    'Objects are named after the event that they belong to; the prefix is as narrow as it can be.',
  ]);
  for (const [rule, reason = ''] of [...Object.entries(ACKNOWLEDGED), ...objects]) {
    Validations.of(meetbus).acknowledge({ id: `AwsSolutions::${rule}`, reason });
  }
}
