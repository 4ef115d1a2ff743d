/** The table and the bucket as the template declares them. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { defaultTemplate } from '../support/template';

let template: Template;
beforeAll(() => {
  template = defaultTemplate();
});

const RETAINED = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

it('keeps one table whose keys expire, and which nobody deletes by mistake', () => {
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
  template.hasResource('AWS::DynamoDB::GlobalTable', {
    ...RETAINED,
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
      Replicas: [Match.objectLike({ DeletionProtectionEnabled: true })],
    },
  });
});

it('keeps large bodies for 60 days, and what no queue took until it is brought back, for nobody but Meetbus', () => {
  template.resourceCountIs('AWS::S3::Bucket', 1);
  template.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      LifecycleConfiguration: {
        Rules: [
          { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Prefix: Match.absent() },
          // What lies below `fallback/` is in no event yet, so nothing but its arrival removes it.
          ...['deliveries/', 'raw/', 'unrecognized/'].map((Prefix) => ({
            ...{ Status: 'Enabled', Prefix, ExpirationInDays: 60 },
          })),
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: { ServerSideEncryptionConfiguration: Match.anyValue() },
    },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]),
    },
  });
});
