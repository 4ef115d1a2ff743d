/** The stack that the app deploys: one Meetbus, and the outputs with which people and commands find its parts. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { version } from '../package.json';
import type { Provider } from '../providers/provider';
import type { MeetbusSettings } from './configuration';
import { Meetbus } from './meetbus';
import { LOG_GROUPS_OUTPUT, type LoggedBy } from './monitoring/queries';
import { pascalCase } from './pascal-case';

const LOG_GROUPS_DESCRIPTION: Readonly<Record<LoggedBy, string>> = {
  verifiers: 'Where the verifiers log.',
  consumers: 'Where the consumers log.',
  functions: 'Where all functions log.',
  requests: 'Where the API logs its requests.',
  events: 'Where the events of the shared bus are logged.',
  everything: 'Where the functions, the API and the shared bus log.',
};

/** Props of {@link MeetbusStack}. */
export interface MeetbusStackProps extends StackProps {
  readonly settings?: MeetbusSettings;
}

/** A stack with one {@link Meetbus}, named after it. */
export class MeetbusStack extends Stack {
  readonly meetbus: Meetbus;

  constructor(scope: Construct, id: string, { settings, ...props }: MeetbusStackProps = {}) {
    super(scope, id, props);
    // CDK omits "Default" from logical ids: the parts are called BotLaneQueue, not MeetbusBotLaneQueue.
    this.meetbus = new Meetbus(this, 'Default', settings);
    const { configuration, ingress, intakeBus, sharedBus, schemas, buses, lanes, storage } = this.meetbus;
    this.output('Version', version, 'Version of Meetbus that is deployed.');
    this.output('ApiUrl', ingress.api.url, 'Base URL of the routes that providers post to.');
    this.output('IntakeBusName', intakeBus.eventBusName, 'Bus of everything verified; private to Meetbus.');
    this.output('SharedBusName', sharedBus.eventBusName, 'Bus that other teams subscribe to.');
    if (schemas)
      this.output('SchemaRegistryName', schemas.registryName, 'Registry with the schema of every event type.');
    this.output('SharedBusArn', sharedBus.eventBusArn, 'ARN of the shared bus, for rules of other accounts.');
    this.output('IntakeArchiveArn', buses.intakeArchive.archiveArn, 'Archive of the intake bus.');
    this.output('SharedArchiveArn', buses.sharedArchive.archiveArn, 'Archive of the shared bus.');
    this.output('TableName', storage.table.tableName, 'Table of what was seen, status times and public keys.');
    this.output('BucketName', storage.bucket.bucketName, 'Bucket of bodies too large to travel.');
    for (const provider of configuration.providers) this.providerOutputs(provider);
    this.output(
      'RepublishDeadLetterQueueUrl',
      buses.republishDeadLetterQueue.queueUrl,
      'Not brought to the shared bus.',
    );
    this.output('OperatorRoleArn', this.meetbus.operator.role.roleArn, 'Role in which commands write.');
    this.output(
      'ConsumerConcurrency',
      String(configuration.consumerConcurrency),
      'Concurrent executions of each consumer.',
    );
    this.output('AlarmTopicArn', this.meetbus.monitoring.alarmTopic.topicArn, 'Topic that every alarm notifies.');
    if (this.meetbus.probe) {
      const { functionName, logGroup } = this.meetbus.probe.function;
      this.output('ProberFunctionName', functionName, 'Function that sends the probe.');
      this.output('ProberLogGroupName', logGroup.logGroupName, 'Where the prober logs.');
    }
    for (const [family, { queue, deadLetterQueue }] of Object.entries(lanes)) {
      this.output(`${pascalCase(family)}QueueUrl`, queue.queueUrl, `Queue of the ${family} family.`);
      this.output(
        `${pascalCase(family)}DeadLetterQueueUrl`,
        deadLetterQueue.queueUrl,
        `Dead-letter queue of its consumer.`,
      );
    }
    for (const [by, names] of Object.entries(this.meetbus.logGroupNames)) {
      this.output(LOG_GROUPS_OUTPUT[by as LoggedBy], names.join(','), LOG_GROUPS_DESCRIPTION[by as LoggedBy]);
    }
  }

  private providerOutputs({ name, title, secret, outputs = [] }: Provider): void {
    if (secret) this.output(`${pascalCase(name)}SecretName`, secret.name, `Secret of ${title}.`);
    for (const output of outputs) this.output(output.name, output.value, output.description);
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
