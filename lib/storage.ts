/**
 * What Meetbus remembers: deliveries and events seen, newest status times, public keys; bodies too large to travel; and
 * deliveries that their queue did not take.
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
 * Days for which large bodies are kept: longer than the message that names one, which lives for 14 days, its dead-letter
 * queue included, and as long again after each redrive.
 */
const BODY_DAYS = 60;

/** The table and the claim-check bucket. Both outlive the stack. */
export class Storage extends Construct {
  readonly table: dynamodb.TableV2;
  readonly bucket: s3.Bucket;
  private readonly objectWriters: Writers;

  /** @param trusted ARNs of the principals that may put objects, beside the functions that are granted it */
  constructor(scope: Construct, id: string, { trusted }: { readonly trusted: readonly string[] }) {
    super(scope, id);
    this.table = new dynamodb.TableV2(this, 'Table', {
      // The names that Powertools' idempotency layer uses.
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      billing: dynamodb.Billing.onDemand(),
      // So it stays even where the deployment that makes it fails: a protected table cannot be deleted.
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket = new s3.Bucket(this, 'Bucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        // Not `fallback/`: what lies there has not been published, and stays until it has.
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

  /** Lets a function run things once: the three calls that Powertools makes. */
  grantIdempotency(grantee: iam.IGrantable): void {
    this.table.grant(grantee, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
  }

  /** Lets a function store objects below a prefix. */
  grantPut(grantee: iam.IGrantable, prefix: string): void {
    this.objectWriters.grant(grantee, this.bucket.arnForObjects(`${prefix}*`));
  }

  /** Lets a function read objects below a prefix. */
  grantGet(grantee: iam.IGrantable, prefix: string): void {
    this.grantObjects(grantee, 's3:GetObject', prefix);
  }

  /** Lets a function find the objects below a prefix, read them, and delete them. */
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

  // CDK's own grants bring actions that no function uses.
  private grantObjects(grantee: iam.IGrantable, action: string, prefix: string): void {
    iam.Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.bucket.arnForObjects(`${prefix}*`)] });
  }
}
