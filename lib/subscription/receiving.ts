/** The receiving side of a subscription that delivers to another account. */
import { Aws, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../configuration';
import { checkKey } from './target';

/** Props of {@link MeetingEventBus}. */
export interface MeetingEventBusProps {
  /** Number of the account that Meetbus runs in. */
  readonly from: string;
  /** @default a name derived from the path of the construct */
  readonly eventBusName?: string;
}

/**
 * A bus in your own account that receives meeting events from the account of Meetbus. It is the target of a
 * subscription there; any number of subscriptions in your account use it as their `meetbus`.
 *
 * @example
 * ```ts
 * const bus = new MeetingEventBus(this, 'MeetingEvents', { from: '111122223333' });
 * ```
 */
export class MeetingEventBus extends events.EventBus {
  /** @throws ConfigurationError if `from` is not an account number */
  constructor(scope: Construct, id: string, { from, eventBusName }: MeetingEventBusProps) {
    const account = checkedAccount('from', from);
    super(scope, id, {
      description: `Meeting events from account ${account}.`,
      ...(eventBusName !== undefined && { eventBusName }),
    });
    this.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'Meetbus',
        principals: [new iam.AccountPrincipal(account)],
        actions: ['events:PutEvents'],
        resources: [this.eventBusArn],
      }),
    );
  }
}

/** A subscription in another account. */
export interface MeetingEventSender {
  /** Number of the account that Meetbus and the subscription are in. */
  readonly account: string;
  /** `deliveryRoleName` of the subscription. */
  readonly roleName: string;
}

/**
 * Allows a subscription in the account of Meetbus to deliver to a queue or function in this account. Deploy the
 * subscription first: Lambda accepts only existing roles.
 *
 * @throws ConfigurationError if `account` is not an account number, if `roleName` is invalid or not known at synth, if
 *   the queue or its key is imported, or if its key cannot allow another account
 */
export function allowMeetingEvents(
  target: sqs.IQueue | lambda.IFunction,
  { account: senderAccount, roleName }: MeetingEventSender,
): void {
  const account = checkedAccount('account', senderAccount);
  if (Token.isUnresolved(roleName)) {
    throw new ConfigurationError(
      'roleName: is not known at synth. The stack of the subscription must name its account and region (env).',
    );
  }
  if (!/^[\w+=,.@-]{1,64}$/.test(roleName)) {
    throw new ConfigurationError(`roleName: must be the name of a role, without its ARN, not "${roleName}".`);
  }
  const roleArn = `arn:${Aws.PARTITION}:iam::${account}:role/${roleName}`;
  if ('functionArn' in target) {
    new lambda.CfnPermission(target, `MeetingEvents-${account}-${roleName}`, {
      action: 'lambda:InvokeFunction',
      functionName: target.functionArn,
      principal: roleArn,
    });
    return;
  }
  checkKey('target', target);
  const statement = (actions: string[], resource: string) =>
    new iam.PolicyStatement({
      // IAM binds a principal to one role, and loses it when the role is recreated; a condition compares the name.
      principals: [new iam.AccountPrincipal(account)],
      actions,
      resources: [resource],
      conditions: { ArnEquals: { 'aws:PrincipalArn': roleArn } },
    });
  checkAdded('queue', target.addToResourcePolicy(statement(['sqs:SendMessage'], target.queueArn)));
  const key = target.encryptionMasterKey;
  // In the policy of a key, `*` is the key.
  if (key) {
    checkAdded('key of the queue', key.addToResourcePolicy(statement(['kms:Decrypt', 'kms:GenerateDataKey'], '*')));
  }
}

function checkAdded(name: string, { statementAdded }: iam.AddToResourcePolicyResult): void {
  if (!statementAdded) throw new ConfigurationError(`The ${name} is imported: allow this in the stack that owns it.`);
}

function checkedAccount(name: string, account: string): string {
  if (/^\d{12}$/.test(account)) return account;
  throw new ConfigurationError(`${name}: must be the AWS account number of Meetbus, 12 digits, not "${account}".`);
}
