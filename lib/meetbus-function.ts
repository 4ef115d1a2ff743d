/** What all functions share: runtime, size, bundling, logs and tracing. */
import { join } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Configuration } from './configuration';

const PROJECT_ROOT = join(__dirname, '..');

interface MeetbusFunctionProps {
  /** Path of the handler's file below `lambdas/`, without its ending. */
  readonly entry: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  readonly configuration: Configuration;
}

/** A function with a role of its own that may write its log and traces, and nothing else until it is granted. */
export class MeetbusFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: MeetbusFunctionProps) {
    const { entry, description, timeout, environment, configuration } = props;
    const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
      retention: configuration.logDays,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = new iam.Role(scope, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    super(scope, id, {
      entry: join(PROJECT_ROOT, 'lambdas', `${entry}.ts`),
      description,
      timeout,
      role,
      logGroup,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 512,
      tracing: lambda.Tracing.ACTIVE,
      loggingFormat: lambda.LoggingFormat.JSON,
      // Metrics are lines without a level, which Lambda takes for INFO: a higher level here would drop them.
      applicationLogLevelV2: lambda.ApplicationLogLevel[configuration.logLevel === 'DEBUG' ? 'DEBUG' : 'INFO'],
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_LOGGER_LOG_EVENT: 'false',
        POWERTOOLS_LOG_LEVEL: configuration.logLevel,
        ...environment,
      },
      projectRoot: PROJECT_ROOT,
      depsLockFilePath: join(PROJECT_ROOT, 'package-lock.json'),
      bundling: {
        // The runtime's own SDK changes under us; a bundled one is the one that was tested, and starts faster.
        bundleAwsSDK: true,
        format: OutputFormat.CJS,
        mainFields: ['module', 'main'],
        target: 'node24',
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        esbuildArgs: {
          '--legal-comments': 'none',
          '--alias:@aws-sdk/credential-provider-node': './lambdas/platform/credentials.ts',
        },
      },
    });
    logGroup.grantWrite(role);
  }
}
