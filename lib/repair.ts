/** Asks the APIs of providers about what has begun and not ended. */
import type { Family } from '@meetbus/events';
import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { apiSecretNameOf, queueUrlVariable, REPAIR_VARIABLE } from '../lambdas/platform/environment';
import type { Provider } from '../providers/provider';
import type { Configuration } from './configuration';
import type { FamilyLane } from './family-lane';
import type { Ingress } from './ingress';
import { MeetbusFunction } from './meetbus-function';
import { pascalCase } from './pascal-case';
import type { Storage } from './storage';

/** Minutes for a run. It ends before the next begins, so that two never ask for the same. */
const LONGEST_RUN = 10;

interface RepairProps {
  readonly storage: Storage;
  readonly ingress: Ingress;
  readonly lanes: Readonly<Record<Family, FamilyLane>>;
  readonly configuration: Configuration;
}

/** Whether the API of a provider can be asked. */
export const hasApi = ({ backfillFile }: Provider): boolean => backfillFile !== undefined;

/** The function that asks, and its schedule. Consumers remember for it what begins. */
export class Repair extends Construct {
  readonly function: MeetbusFunction;
  /** Those whose API is asked. */
  readonly providers: readonly Provider[];
  /** Minutes between two runs. */
  readonly everyMinutes: number;

  constructor(scope: Construct, id: string, { storage, ingress, lanes, configuration }: RepairProps) {
    super(scope, id);
    const { everyMinutes, requestsPerRun } = configuration.repair;
    this.everyMinutes = everyMinutes;
    this.providers = configuration.providers.filter(hasApi);
    const families = [...new Set(this.providers.flatMap((provider) => provider.families))];
    const queues = families.map((family) => [queueUrlVariable(family), lanes[family].queue.queueUrl] as const);
    this.function = new MeetbusFunction(this, 'Function', {
      code: { name: 'repair', handler: 'repair', providers: this.providers, hasBackfills: true },
      description: 'Asks the APIs of providers about what has begun and not ended, and brings back what never came.',
      timeout: Duration.minutes(Math.min(LONGEST_RUN, everyMinutes - 1)),
      configuration,
      environment: {
        TABLE_NAME: storage.table.tableName,
        API_URL: ingress.api.url,
        REQUESTS_PER_RUN: String(requestsPerRun),
        ...Object.fromEntries(queues),
      },
    });
    const actions = ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];
    storage.table.grant(this.function, ...actions.map((action) => `dynamodb:${action}`));
    for (const family of families) lanes[family].queueWriters.grant(this.function);
    for (const { name } of this.providers) {
      const secret = secretsmanager.Secret.fromSecretNameV2(
        this,
        `${pascalCase(name)}ApiSecret`,
        apiSecretNameOf(name),
      );
      // Secrets Manager ends every ARN with a hyphen and six random characters.
      const resourceArns = [`${secret.secretArn}-??????`];
      iam.Grant.addToPrincipal({ grantee: this.function, actions: ['secretsmanager:GetSecretValue'], resourceArns });
    }
    for (const lane of Object.values(lanes)) lane.consumer.addEnvironment(REPAIR_VARIABLE, 'enabled');
    // The next run does the rest of a failed one. Lambda would repeat a failed run twice, beside the next.
    const noRetries = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
    this.function.configureAsyncInvoke(noRetries);
    new events.Rule(this, 'Schedule', {
      description: 'Runs the function that asks the APIs of providers about what is overdue.',
      schedule: events.Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [new targets.LambdaFunction(this.function, noRetries)],
    });
  }
}
