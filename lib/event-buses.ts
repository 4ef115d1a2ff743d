/**
 * The two buses: the intake bus, which receives every verified event, and the shared bus, which other teams subscribe
 * to.
 */

import { type MeetingEventType, sourceOf } from '@meetbus/events';
import { Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { PROBE_SOURCE } from '../providers/probe/types';
import type { Configuration } from './configuration';
import { newDeadLetterQueue } from './dead-letter-queue';
import { KEPT } from './kept';
import { LOG_WRITERS, logTarget } from './log-target';
import { Writers } from './writers';

const UNRECOGNIZED: MeetingEventType = 'event.unrecognized';

/** Name of a bus of the Meetbus with that name. */
export const busNameOf = (name: string, bus: 'intake' | 'shared'): string => `${name}-${bus}`;

interface EventBusesProps {
  /** Prefix of the names of the buses. */
  readonly name: string;
  readonly configuration: Configuration;
}

/** Intake bus, shared bus, and the rule between them. */
export class EventBuses extends Construct {
  readonly intake: events.EventBus;
  readonly shared: events.EventBus;
  readonly intakeArchive: events.Archive;
  readonly sharedArchive: events.Archive;
  readonly sharedLogGroup: logs.LogGroup;
  /** Events that the rule `republish` could not forward to the shared bus. */
  readonly republishDeadLetterQueue: sqs.Queue;
  /** Forwards meeting events from the intake bus to the shared bus. */
  readonly republishRule: events.Rule;
  readonly intakeWriters: Writers;
  readonly sharedWriters: Writers;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EventBusesProps,
  ) {
    super(scope, id);
    const { configuration } = props;
    [this.intake, this.intakeArchive] = this.bus(
      'Intake',
      'Everything verified, unrecognized events too. Private to Meetbus.',
    );
    [this.shared, this.sharedArchive] = this.bus('Shared', 'Meeting events, for other teams to subscribe to.');
    this.intakeWriters = this.writersOf(this.intake);
    this.sharedWriters = this.writersOf(this.shared);
    this.republishDeadLetterQueue = newDeadLetterQueue(this, 'RepublishDeadLetterQueue', {
      trusted: configuration.trustedPrincipals,
      // Only EventBridge sends here. No queue uses it as its dead-letter queue, so none is allowed to.
      redriveAllowPolicy: { redrivePermission: sqs.RedrivePermission.DENY_ALL },
    });
    this.republishRule = this.republish();
    // CDK creates the role with which EventBridge forwards events to the shared bus under the rule.
    this.sharedWriters.except(this.republishRule.node.findChild('EventsRole') as iam.Role);
    this.sharedLogGroup = this.logSharedBus(configuration);
  }

  private bus(name: 'Intake' | 'Shared', description: string): [events.EventBus, events.Archive] {
    const bus = new events.EventBus(this, `${name}Bus`, {
      eventBusName: busNameOf(this.props.name, name === 'Intake' ? 'intake' : 'shared'),
      description,
    });
    const archive = new events.Archive(this, `${name}Archive`, {
      sourceEventBus: bus,
      description: `Events of the ${name.toLowerCase()} bus.`,
      // A replay of the probe would say nothing.
      eventPattern: { account: [Stack.of(this).account], source: events.Match.anythingBut(PROBE_SOURCE) },
      retention: Duration.days(this.props.configuration.archiveDays),
    });
    // The archive has its own rule on the bus, and a bus with rules cannot be deleted: either both stay, or neither.
    archive.applyRemovalPolicy(KEPT);
    bus.applyRemovalPolicy(KEPT);
    return [bus, archive];
  }

  private writersOf(bus: events.EventBus): Writers {
    const { trustedPrincipals: trusted } = this.props.configuration;
    const writers = new Writers({ action: 'events:PutEvents', resourceArn: bus.eventBusArn, trusted });
    bus.addToResourcePolicy(writers.denial);
    return writers;
  }

  /** The sources of the events of this Meetbus. */
  private get sources(): string[] {
    return this.props.configuration.providers.map(({ name }) => sourceOf(name));
  }

  /** All events except `event.unrecognized` go to the shared bus. */
  private republish(): events.Rule {
    return new events.Rule(this, 'RepublishRule', {
      eventBus: this.intake,
      description: 'Brings meeting events from the intake bus to the shared bus.',
      eventPattern: {
        source: [...this.sources, ...(this.props.configuration.probe.everyMinutes > 0 ? [PROBE_SOURCE] : [])],
        detailType: events.Match.anythingBut(UNRECOGNIZED),
      },
      targets: [new targets.EventBus(this.shared, { deadLetterQueue: this.republishDeadLetterQueue })],
    });
  }

  /** A line for each event of the shared bus, without its data, which may hold personal data and download links. */
  private logSharedBus({ logDays }: Configuration): logs.LogGroup {
    const logGroup = new logs.LogGroup(this, 'SharedBusLogs', {
      logGroupName: `/aws/events/${this.props.name}/shared`,
      retention: logDays,
      removalPolicy: KEPT,
    });
    new logs.ResourcePolicy(this, 'SharedBusLogsPolicy', {
      // CDK would derive the name from the construct alone, and a second Meetbus in the account could not be deployed.
      resourcePolicyName: `${this.props.name}-shared-bus-logs`,
      policyStatements: [
        new iam.PolicyStatement({
          principals: LOG_WRITERS,
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logGroup.logGroupArn],
        }),
      ],
    });
    new events.Rule(this, 'LogRule', {
      eventBus: this.shared,
      description: 'Logs a line for each event of the shared bus.',
      eventPattern: { source: this.sources },
      // CDK's own target would add a custom resource for the policy above.
      targets: [{ bind: () => logTarget(logGroup) }],
    });
    return logGroup;
  }
}
