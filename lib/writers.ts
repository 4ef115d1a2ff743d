/**
 * The principals that may write to the buses, queues and bucket: Meetbus's own roles with a grant, and those in the
 * settings.
 */
import { Lazy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

interface WritersProps {
  /** The action that writers are granted, such as `sqs:SendMessage`. */
  readonly action: string;
  /** Other actions that also write, which are denied to all others too. @default nothing */
  readonly alsoDenied?: readonly string[];
  /** The resources of the deny statement. */
  readonly resourceArn: string;
  /** ARNs of the roles and users that the setting `trustedPrincipals` names. */
  readonly trusted: readonly string[];
}

/**
 * The writers of one resource. Within an account, an Allow in a principal's own policy is enough, so the resource must
 * deny the action to all others.
 */
export class Writers {
  private readonly arns: Set<string>;

  constructor(private readonly props: WritersProps) {
    this.arns = new Set(props.trusted);
  }

  /** Allows the action to a role, on the whole resource or a part of it. */
  grant(grantee: iam.IGrantable, resourceArn = this.props.resourceArn): void {
    iam.Grant.addToPrincipal({ grantee, actions: [this.props.action], resourceArns: [resourceArn] });
    this.except(grantee);
  }

  /** Exempts a role from the deny statement; another policy allows it the action. */
  except(grantee: iam.IGrantable): void {
    this.arns.add((grantee.grantPrincipal as iam.IRole).roleArn);
  }

  /**
   * The deny statement for the resource's policy. `aws:PrincipalArn` of a session is the ARN of its role. A service
   * that acts for itself has none, and is exempt: it can do only what another statement allows.
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
