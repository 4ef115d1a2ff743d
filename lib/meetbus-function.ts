/** The base of all functions: runtime, size, bundling, logs and tracing. */
import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { codeOf, type FunctionCode } from './bundles';
import type { Configuration } from './configuration';
import { KEPT } from './kept';

interface MeetbusFunctionProps {
  readonly code: FunctionCode;
  readonly description: string;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  readonly configuration: Configuration;
}

/** A function with its own role, which can only write logs and traces until it gets grants. */
export class MeetbusFunction extends lambda.Function {
  constructor(scope: Construct, id: string, props: MeetbusFunctionProps) {
    const { code, description, timeout, environment, configuration } = props;
    const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
      retention: configuration.logDays,
      removalPolicy: KEPT,
    });
    const role = new iam.Role(scope, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    super(scope, id, {
      code: lambda.Code.fromAsset(codeOf(scope, code)),
      handler: 'index.handler',
      description,
      timeout,
      role,
      logGroup,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 512,
      tracing: lambda.Tracing.ACTIVE,
      loggingFormat: lambda.LoggingFormat.JSON,
      // Metrics are log lines without a level, which Lambda treats as INFO: a higher level here would drop them.
      applicationLogLevelV2: lambda.ApplicationLogLevel[configuration.logLevel === 'DEBUG' ? 'DEBUG' : 'INFO'],
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_LOGGER_LOG_EVENT: 'false',
        POWERTOOLS_LOG_LEVEL: configuration.logLevel,
        ...environment,
      },
    });
    logGroup.grantWrite(role);
  }
}
