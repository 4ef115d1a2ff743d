/** The optional firewall in front of the API: a rate limit for each address, and no rule that could lose a delivery. */
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

interface FirewallProps {
  readonly stage: apigateway.Stage;
  /** Requests of one address in five minutes above which it is blocked. */
  readonly requestsPerFiveMinutes: number;
}

const RESPONSE_KEY = 'unavailable';

/**
 * A web ACL with one rule, which blocks an address that sends too much. It answers 503: the address may be a
 * provider's, and some providers drop a delivery for good after AWS WAF's default 403. It has no managed rule groups of
 * AWS for the same reason: they block bodies because of their size or words.
 */
export class Firewall extends Construct {
  readonly webAcl: wafv2.CfnWebACL;

  constructor(scope: Construct, id: string, { stage, requestsPerFiveMinutes }: FirewallProps) {
    super(scope, id);
    const visibility = (metricName: string): wafv2.CfnWebACL.VisibilityConfigProperty => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      // Samples show query strings in the console, and those hold tokens.
      sampledRequestsEnabled: false,
    });
    this.webAcl = new wafv2.CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('MeetbusFirewall'),
      customResponseBodies: {
        [RESPONSE_KEY]: { contentType: 'APPLICATION_JSON', content: '{"status":"unavailable"}' },
      },
      rules: [
        {
          name: 'RequestsPerAddress',
          priority: 0,
          statement: { rateBasedStatement: { limit: requestsPerFiveMinutes, aggregateKeyType: 'IP' } },
          action: {
            block: {
              customResponse: {
                responseCode: 503,
                customResponseBodyKey: RESPONSE_KEY,
                responseHeaders: [{ name: 'Retry-After', value: '30' }],
              },
            },
          },
          visibilityConfig: visibility('MeetbusRequestsPerAddress'),
        },
      ],
    });
    new wafv2.CfnWebACLAssociation(this, 'Association', {
      resourceArn: stage.stageArn,
      webAclArn: this.webAcl.attrArn,
    });
  }
}
