/** The ingress: the HTTP API and its verifiers. */

import type { Family } from '@meetbus/events';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { storedPrefixOf } from '../lambdas/ingest/stored-message';
import { OPTIONS_VARIABLE, queueUrlVariable } from '../lambdas/platform/environment';
import { OBJECT_PREFIX } from '../lambdas/platform/object-store';
import type { Provider, ProviderRoute, ProviderSecret } from '../providers/provider';
import type { Configuration } from './configuration';
import type { FamilyLane } from './family-lane';
import { Firewall } from './firewall';
import { KEPT } from './kept';
import { MeetbusFunction } from './meetbus-function';
import type { Storage } from './storage';

/** Time for a slow cold start. No provider waits much longer. */
const VERIFIER_TIMEOUT = Duration.seconds(10);

/** API Gateway's own responses after which a provider must retry: some drop a delivery for good after a 429. */
const RETRYABLE_RESPONSES = [
  'THROTTLED',
  'QUOTA_EXCEEDED',
  'INTEGRATION_FAILURE',
  'INTEGRATION_TIMEOUT',
  'WAF_FILTERED',
] as const;

interface IngressProps {
  /** Name of the API, and so of its metrics: CloudWatch does not distinguish two APIs with the same name. */
  readonly name: string;
  readonly storage: Storage;
  readonly lanes: Readonly<Record<Family, FamilyLane>>;
  readonly configuration: Configuration;
  /** The provider of the probe; undefined if it is off. */
  readonly probe: Provider | undefined;
}

/**
 * The ingress: a regional REST API, because a REST API's gateway responses can be changed, and an HTTP API's cannot.
 */
export class Ingress extends Construct {
  readonly api: apigateway.RestApi;
  readonly accessLogs: logs.LogGroup;
  /** By the path of their route. */
  readonly verifiers: Readonly<Record<string, MeetbusFunction>>;
  /** The verifier of the probe: apart from the others, so that no number of theirs counts the probe. */
  readonly probeVerifier: MeetbusFunction | undefined;

  constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);
    const { logDays } = props.configuration;
    this.accessLogs = new logs.LogGroup(this, 'AccessLogs', {
      retention: logDays,
      removalPolicy: KEPT,
    });
    this.api = this.restApi(props);
    this.verifiers = Object.fromEntries(
      props.configuration.providers.flatMap((provider) =>
        provider.routes.map((route) => [route.path, this.route(provider, route, props)]),
      ),
    );
    const [probeRoute] = props.probe?.routes ?? [];
    this.probeVerifier = props.probe && probeRoute && this.route(props.probe, probeRoute, props);
    const { requestsPerFiveMinutes } = props.configuration.firewall;
    if (requestsPerFiveMinutes !== undefined) {
      new Firewall(this, 'Firewall', { stage: this.api.deploymentStage, requestsPerFiveMinutes });
    }
    for (const response of RETRYABLE_RESPONSES) {
      this.api.addGatewayResponse(response, {
        type: apigateway.ResponseType[response],
        statusCode: '503',
        responseHeaders: { 'Retry-After': "'2'" },
        templates: { 'application/json': '{"status":"unavailable"}' },
      });
    }
  }

  private restApi({ name, configuration: { apiGatewayAccountRole } }: IngressProps): apigateway.RestApi {
    return new apigateway.RestApi(this, 'Api', {
      restApiName: name,
      description: 'Takes in the webhooks of meeting platforms.',
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      // Providers sign the exact bytes: with any other setting the gateway decodes them as text.
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: apiGatewayAccountRole,
      cloudWatchRoleRemovalPolicy: apiGatewayAccountRole ? RemovalPolicy.RETAIN : undefined,
      deployOptions: {
        stageName: 'v1',
        // X-Ray would store the URL with its query string, and so the token. Traces begin at the functions instead.
        tracingEnabled: false,
        metricsEnabled: true,
        // Execution logs of more than errors, and data traces, would contain the token in the query string.
        loggingLevel: apigateway.MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        accessLogDestination: new apigateway.LogGroupLogDestination(this.accessLogs),
        accessLogFormat: accessLogFormat(),
      },
    });
  }

  private route(provider: Provider, route: ProviderRoute, props: IngressProps): MeetbusFunction {
    const verifier = this.verifier(provider, route, props);
    const integration = new apigateway.LambdaIntegration(verifier, { allowTestInvoke: false });
    const resource = this.api.root.resourceForPath(route.path);
    resource.addMethod('POST', integration);
    if (route.takesPathToken) resource.addResource('{token}').addMethod('POST', integration);
    return verifier;
  }

  private verifier(provider: Provider, { id, path }: ProviderRoute, props: IngressProps): MeetbusFunction {
    const { storage, lanes, configuration } = props;
    const { name, families, options = {}, secret, keepsRecords } = provider;
    const queues = families.map((family) => [queueUrlVariable(family), lanes[family].queue.queueUrl] as const);
    const verifier = new MeetbusFunction(this, id, {
      code: {
        name: `verifier-${name}`,
        handler: 'verifier',
        providers: [provider],
        deployment: { options, secretName: secret?.name },
      },
      description: `Verifies deliveries of POST /${path} and enqueues each once.`,
      timeout: VERIFIER_TIMEOUT,
      configuration,
      environment: {
        TABLE_NAME: storage.table.tableName,
        BUCKET_NAME: storage.bucket.bucketName,
        ...Object.fromEntries(queues),
        // Options that replace those in the asset, by provider: the local cloud sets them.
        [OPTIONS_VARIABLE]: '{}',
      },
    });
    storage.grantIdempotency(verifier);
    if (keepsRecords) storage.table.grant(verifier, 'dynamodb:GetItem');
    storage.grantPut(verifier, `${OBJECT_PREFIX.deliveries}${name}/`);
    storage.grantPut(verifier, storedPrefixOf(name));
    for (const family of families) lanes[family].queueWriters.grant(verifier);
    if (secret) this.grantSecret(verifier, id, secret);
    return verifier;
  }

  private grantSecret(grantee: MeetbusFunction, id: string, { name, keyArn }: ProviderSecret): void {
    const { secretArn } = secretsmanager.Secret.fromSecretNameV2(this, `${id}Secret`, name);
    // Secrets Manager ends every ARN with a hyphen and six random characters.
    const resourceArns = [`${secretArn}-??????`];
    iam.Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns });
    if (keyArn === undefined) return;
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt'],
      resourceArns: [keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com` } },
    });
  }
}

/** One JSON line per request. It has no query string, because that may contain a token. */
function accessLogFormat(): apigateway.AccessLogFormat {
  const { AccessLogField: field } = apigateway;
  return apigateway.AccessLogFormat.custom(
    JSON.stringify({
      requestId: field.contextRequestId(),
      extendedRequestId: field.contextExtendedRequestId(),
      time: field.contextRequestTime(),
      method: field.contextHttpMethod(),
      path: field.contextResourcePath(),
      status: field.contextStatus(),
      responseType: field.contextErrorResponseType(),
      integrationStatus: field.contextIntegrationStatus(),
      latencyMs: field.contextResponseLatency(),
      integrationLatencyMs: field.contextIntegrationLatency(),
      sourceIp: field.contextIdentitySourceIp(),
      userAgent: field.contextIdentityUserAgent(),
    }),
  );
}
