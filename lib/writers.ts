/** Who may write to the buses, queues and bucket: Meetbus's own roles, as they are granted it, and whom the settings trust. */
import { Lazy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

interface WritersProps {
  /** What writers are granted, such as `sqs:SendMessage`. */
  readonly action: string;
  /** What others are denied beside it, because it writes as well. @default nothing */
  readonly alsoDenied?: readonly string[];
  /** What the denial covers. */
  readonly resourceArn: string;
  /** ARNs of the roles and users that the setting `trustedPrincipals` names. */
  readonly trusted: readonly string[];
}

/**
 * The writers of one resource. An allowance in an identity's own policy is enough within an account, so the resource has to
 * deny the action to all others.
 */
export class Writers {
  private readonly arns: Set<string>;

  constructor(private readonly props: WritersProps) {
    this.arns = new Set(props.trusted);
  }

  /** Allows a role the action, on the whole resource or on a part. */
  grant(grantee: iam.IGrantable, resourceArn = this.props.resourceArn): void {
    iam.Grant.addToPrincipal({ grantee, actions: [this.props.action], resourceArns: [resourceArn] });
    this.except(grantee);
  }

  /** Takes a role out of the denial that is allowed the action elsewhere. */
  except(grantee: iam.IGrantable): void {
    this.arns.add((grantee.grantPrincipal as iam.IRole).roleArn);
  }

  /**
   * The denial, for the resource's policy. `aws:PrincipalArn` of a session is the ARN of its role. A service that acts for
   * itself has none, and is left out: it may do only what another statement allows it.
   */
  get denial(): iam.PolicyStatement {
    const { action, alsoDenied = [], resourceArn } = this.props;
    const notThese = Lazy.any({
      produce: () => (this.arns.size > 0 ? { 'aws:PrincipalArn': [...this.arns] } : undefined),
    });
    return new iam.PolicyStatement({
      sid: 'OnlyMeetbusWrites',
      effect: iam.Effect.DENY,
      principals: [new iam.StarPrincipal()],
      actions: [action, ...alsoDenied],
      resources: [resourceArn],
      conditions: { ArnNotEquals: notThese, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
    });
  }
}
