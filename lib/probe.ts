/** The probe: goes end to end, from the API to the shared bus and back, and measures it. docs/adr/0016-probe.md explains it. */

import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { TOO_LATE_MS } from '../lambdas/probe/arrival';
import { probe } from '../providers/probe';
import { SIGNING_KEYS } from '../providers/probe/secret';
import { PROBE_SOURCE } from '../providers/probe/types';
import type { Provider } from '../providers/provider';
import type { Configuration } from './configuration';
import type { EventBuses } from './event-buses';
import type { Ingress } from './ingress';
import { MeetbusFunction } from './meetbus-function';

/** Two tries of a delivery, the deadline of each eleven seconds, and time for a slow start. */
const TIMEOUT = Duration.seconds(30);

/** Characters of the generated key, from 62: more than 256 bits. */
const KEY_LENGTH = 48;

/** The provider of the probe; undefined if the setting turns it off. @param name of the Meetbus */
export const probeOf = (name: string, { probe: { everyMinutes } }: Configuration): Provider | undefined =>
  everyMinutes > 0 ? probe({ secretName: `meetbus/${name}/probe` }) : undefined;

interface ProbeProps {
  readonly provider: Provider;
  readonly ingress: Ingress;
  readonly buses: EventBuses;
  readonly configuration: Configuration;
}

/** The prober: the function, its key, its schedule, and the rule that brings the events back. */
export class Probe extends Construct {
  readonly function: MeetbusFunction;

  constructor(scope: Construct, id: string, { provider, ingress, buses, configuration }: ProbeProps) {
    super(scope, id);
    const { name: secretName = '' } = provider.secret ?? {};
    const secret = new secretsmanager.Secret(this, 'Secret', {
      secretName,
      description: 'Key of the probe. Replace it at any time.',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: SIGNING_KEYS,
        passwordLength: KEY_LENGTH,
        excludePunctuation: true,
      },
    });
    this.function = new MeetbusFunction(this, 'Function', {
      code: { name: 'prober', handler: 'prober' },
      description: 'Sends the probe through the API, and measures what comes back from the shared bus.',
      timeout: TIMEOUT,
      configuration,
      environment: { API_URL: ingress.api.url, SECRET_NAME: secretName },
    });
    iam.Grant.addToPrincipal({
      grantee: this.function,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [secret.secretArn],
    });
    const every = Duration.minutes(configuration.probe.everyMinutes);
    new events.Rule(this, 'Schedule', {
      description: 'Sends the probe.',
      schedule: events.Schedule.rate(every),
      // The next run comes soon.
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    new events.Rule(this, 'ReturnRule', {
      eventBus: buses.shared,
      description: 'Brings the events of the probe back to it.',
      eventPattern: { source: [PROBE_SOURCE] },
      targets: [new targets.LambdaFunction(this.function, { maxEventAge: Duration.millis(TOO_LATE_MS) })],
    });
  }
}
