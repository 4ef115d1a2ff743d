/**
 * The storage of Meetbus: known deliveries and events, newest status times, notes of what was published, public keys;
 * bodies too large for their message or event; and stored deliveries.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { OBJECT_PREFIX } from '../lambdas/platform/object-store';
import { KEPT } from './kept';
import { Writers } from './writers';

/**
 * Days for which large bodies are kept: longer than the message that refers to one, which lives for 14 days, including
 * its time in the dead-letter queue, and as long again after each redrive.
 */
const BODY_DAYS = 60;

/** The table and the claim-check bucket. Both outlive the stack. */
export class Storage extends Construct {
  readonly table: dynamodb.TableV2;
  readonly bucket: s3.Bucket;
  private readonly objectWriters: Writers;

  /** @param trusted ARNs of principals that may put objects, besides the functions with a grant */
  constructor(scope: Construct, id: string, { trusted }: { readonly trusted: readonly string[] }) {
    super(scope, id);
    this.table = new dynamodb.TableV2(this, 'Table', {
      // The names that Powertools' idempotency layer uses.
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billing: dynamodb.Billing.onDemand(),
      // So it stays even if the deployment that creates it fails: a protected table cannot be deleted.
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = new s3.Bucket(this, 'Bucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        // Not `fallback/`: stored deliveries are not published yet, and must stay until they are.
        ...[OBJECT_PREFIX.deliveries, OBJECT_PREFIX.raw, OBJECT_PREFIX.unrecognized].map((prefix) => ({
          prefix,
          expiration: Duration.days(BODY_DAYS),
        })),
      ],
      removalPolicy: KEPT,
    });
    const resourceArn = this.bucket.arnForObjects('*');
    this.objectWriters = new Writers({
      ...{ action: 's3:PutObject', alsoDenied: ['s3:ReplicateObject'], resourceArn, trusted },
    });
    this.bucket.addToResourcePolicy(this.objectWriters.denial);
  }

  /** Allows a function to use the idempotency table: the three calls that Powertools makes. */
  grantIdempotency(grantee: iam.IGrantable): void {
    this.table.grant(grantee, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
  }

  /** Allows a function to store objects under a prefix. */
  grantPut(grantee: iam.IGrantable, prefix: string): void {
    this.objectWriters.grant(grantee, this.bucket.arnForObjects(`${prefix}*`));
  }

  /** Allows a function to read objects under a prefix. */
  grantGet(grantee: iam.IGrantable, prefix: string): void {
    this.grantObjects(grantee, 's3:GetObject', prefix);
  }

  /** Allows a function to list, read and delete objects under a prefix. */
  grantBringBack(grantee: iam.IGrantable, prefix: string): void {
    this.grantGet(grantee, prefix);
    this.grantObjects(grantee, 's3:DeleteObject', prefix);
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:ListBucket'],
      resourceArns: [this.bucket.bucketArn],
      conditions: { StringEquals: { 's3:prefix': prefix } },
    });
  }

  // CDK's own grants include actions that no function uses.
  private grantObjects(grantee: iam.IGrantable, action: string, prefix: string): void {
    iam.Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.bucket.arnForObjects(`${prefix}*`)] });
  }
}
