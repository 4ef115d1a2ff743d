/** The stack: everything of Meetbus in one account and region. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FAMILIES, type Family } from '../events';
import type { Configuration } from './configuration';
import { EventBuses } from './event-buses';
import { FamilyLane } from './family-lane';
import { Ingress } from './ingress';
import { SchemaRegistry } from './schema-registry';
import { Storage } from './storage';

interface MeetbusStackProps extends StackProps {
  readonly configuration: Configuration;
}

/** Ingress, a lane for each family, the buses, and the schemas of what is on them. */
export class MeetbusStack extends Stack {
  readonly ingress: Ingress;
  readonly lanes: Readonly<Record<Family, FamilyLane>>;
  readonly buses: EventBuses;
  readonly storage: Storage;
  readonly schemas: SchemaRegistry;

  constructor(scope: Construct, id: string, { configuration, ...props }: MeetbusStackProps) {
    super(scope, id, props);
    this.storage = new Storage(this, 'Storage');
    this.buses = new EventBuses(this, 'Buses', configuration);
    const { storage, buses } = this;
    this.lanes = Object.fromEntries(
      FAMILIES.map((family) => [
        family,
        new FamilyLane(this, `${capitalized(family)}Lane`, { family, storage, buses, configuration }),
      ]),
    ) as Record<Family, FamilyLane>;
    this.schemas = new SchemaRegistry(this, 'Schemas');
    this.ingress = new Ingress(this, 'Ingress', { storage, lanes: this.lanes, configuration });

    this.output('ApiUrl', this.ingress.api.url, 'Base URL of the routes that providers post to.');
    this.output('IntakeBusName', buses.intake.eventBusName, 'Bus of everything verified; private to Meetbus.');
    this.output('SharedBusName', buses.shared.eventBusName, 'Bus that other teams subscribe to.');
    this.output('SchemaRegistryName', this.schemas.registryName, 'Registry with the schema of every event type.');
    this.output('SharedBusArn', buses.shared.eventBusArn, 'ARN of the shared bus, for rules of other accounts.');
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}

const capitalized = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
