/** Meetbus as a construct: a whole deployment in one account and region. */

import { FAMILIES, type Family } from '@meetbus/events';
import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { PROBE_NAME } from '../providers/probe/names';
import { type Configuration, ConfigurationError, isName, type MeetbusSettings, parseSettings } from './configuration';
import { busNameOf, EventBuses } from './event-buses';
import { Fallback } from './fallback';
import { FamilyLane } from './family-lane';
import { Ingress } from './ingress';
import type { MeetbusFunction } from './meetbus-function';
import { Monitoring } from './monitoring/monitoring';
import type { LoggedBy } from './monitoring/queries';
import { logGroupsOf } from './monitoring/saved-queries';
import { Operator } from './operator';
import { pascalCase } from './pascal-case';
import { Probe, probeOf } from './probe';
import { checkRegion } from './regions';
import { hasApi, Repair } from './repair';
import { SchemaRegistry } from './schema-registry';
import { Storage } from './storage';

/** The buses of a Meetbus, in this app or elsewhere. */
export interface IMeetbus {
  /** Receives every verified event, including unrecognized ones; private to Meetbus. */
  readonly intakeBus: events.IEventBus;
  /** Meeting events, for other teams to subscribe to. */
  readonly sharedBus: events.IEventBus;
  /** Names of its providers; undefined for the Meetbus of another app. */
  readonly providerNames?: readonly string[];
}

/** The location of a Meetbus that another app deploys. */
export interface MeetbusLocation {
  /** @default the account of the stack that looks for it */
  readonly account?: string;
  /** @default the region of the stack that looks for it */
  readonly region?: string;
}

/**
 * The ingress, a lane for each family, the buses, and the schemas of their events.
 *
 * @example
 * ```ts
 * const meetbus = new Meetbus(this, 'Meetbus', { providers: [acme()] });
 * ```
 */
export class Meetbus extends Construct implements IMeetbus {
  /** Prefix of resource names: the setting `name`, or the stack's name. */
  readonly name: string;
  readonly intakeBus: events.EventBus;
  readonly sharedBus: events.EventBus;
  readonly providerNames: readonly string[];
  readonly ingress: Ingress;
  readonly lanes: Readonly<Record<Family, FamilyLane>>;
  readonly fallback: Fallback;
  /** Absent with the setting `probe.everyMinutes: 0`. */
  readonly probe: Probe | undefined;
  /** Absent unless the settings enable it. */
  readonly repair: Repair | undefined;
  readonly buses: EventBuses;
  readonly storage: Storage;
  /** Absent with the setting `schemas: false`. */
  readonly schemas: SchemaRegistry | undefined;
  readonly monitoring: Monitoring;
  readonly operator: Operator;
  readonly configuration: Configuration;

  /** The Meetbus of another app, found by its name: the setting `name`, or the stack's name. */
  static fromName(scope: Construct, id: string, name: string, location: MeetbusLocation = {}): IMeetbus {
    const bus = (which: 'intake' | 'shared') =>
      events.EventBus.fromEventBusArn(
        scope,
        `${id}${which === 'intake' ? 'Intake' : 'Shared'}Bus`,
        Stack.of(scope).formatArn({
          service: 'events',
          resource: 'event-bus',
          resourceName: busNameOf(name, which),
          ...location,
        }),
      );
    return { intakeBus: bus('intake'), sharedBus: bus('shared') };
  }

  /** @throws ConfigurationError with one line that names every wrong setting */
  constructor(scope: Construct, id: string, settings: MeetbusSettings = {}) {
    super(scope, id);
    this.configuration = parseSettings(settings);
    const { configuration } = this;
    this.providerNames = configuration.providers.map((provider) => provider.name);
    const name = configuration.name ?? defaultName(this);
    checkOnlyOne(this, name);
    checkRegion(this, configuration);
    this.name = name;
    this.storage = new Storage(this, 'Storage', { trusted: configuration.trustedPrincipals });
    this.buses = new EventBuses(this, 'Buses', { name, configuration });
    this.intakeBus = this.buses.intake;
    this.sharedBus = this.buses.shared;
    const { storage, buses } = this;
    const probe = probeOf(name, configuration);
    const providers = [...configuration.providers, ...(probe ? [probe] : [])];
    this.lanes = Object.fromEntries(
      FAMILIES.map((family) => [
        family,
        new FamilyLane(this, `${pascalCase(family)}Lane`, { family, storage, buses, configuration, providers }),
      ]),
    ) as Record<Family, FamilyLane>;
    this.schemas = configuration.schemas
      ? new SchemaRegistry(this, 'Schemas', { name, providers: configuration.providers })
      : undefined;
    this.ingress = new Ingress(this, 'Ingress', { name, storage, lanes: this.lanes, configuration, probe });
    this.fallback = new Fallback(this, 'Fallback', { storage, lanes: this.lanes, configuration });
    this.probe = probe && new Probe(this, 'Probe', { provider: probe, ingress: this.ingress, buses, configuration });
    this.repair =
      configuration.repair.enabled && configuration.providers.some(hasApi)
        ? new Repair(this, 'Repair', { storage, ingress: this.ingress, lanes: this.lanes, configuration })
        : undefined;
    // The dimension `service` of the metrics, which separates those of two Meetbuses in one account.
    for (const lambdaFunction of this.functions) lambdaFunction.addEnvironment('POWERTOOLS_SERVICE_NAME', name);
    const { ingress, lanes, fallback, repair } = this;
    this.operator = new Operator(this, 'Operator', { lanes: Object.values(lanes), buses });
    this.monitoring = new Monitoring(this, 'Monitoring', {
      ...{ name, ingress, lanes, fallback, repair, buses, storage, configuration, probe: this.probe },
    });
  }

  /** Names of all providers that it verifies deliveries of, the probe too. */
  get deployedNames(): readonly string[] {
    return [...this.providerNames, ...(this.probe ? [PROBE_NAME] : [])];
  }

  private get functions(): readonly MeetbusFunction[] {
    const consumers = Object.values(this.lanes).map(({ consumer }) => consumer);
    const { ingress, fallback, probe, repair } = this;
    const others = [ingress.probeVerifier, fallback.function, probe?.function, repair?.function];
    return [...Object.values(ingress.verifiers), ...consumers, ...others].filter((one) => one !== undefined);
  }

  /** Names of log groups, by who logs there: `requests` is the API, `events` the shared bus. */
  get logGroupNames(): Readonly<Record<LoggedBy, readonly string[]>> {
    const named = Object.entries(logGroupsOf(this)).map(([by, groups]) => [by, groups.map((one) => one.logGroupName)]);
    return Object.fromEntries(named);
  }
}

/** @throws ConfigurationError if the stack's name is not a valid name */
function defaultName(scope: Construct): string {
  const { stackName } = Stack.of(scope);
  if (isName(stackName)) return stackName;
  throw new ConfigurationError(
    'Wrong settings. meetbus.name: set one of at most 48 letters, digits, dots, hyphens and underscores, because the name of the stack is longer, or not known at synth.',
  );
}

/** @throws ConfigurationError for a second Meetbus with that name in a stack: their buses would have the same names */
function checkOnlyOne(meetbus: Meetbus, name: string): void {
  const inStack = Stack.of(meetbus).node.findAll();
  if (!inStack.some((one) => one instanceof Meetbus && one !== meetbus && one.name === name)) return;
  throw new ConfigurationError(
    `Wrong settings. meetbus.name: the stack has another Meetbus named ${name}. Set a name.`,
  );
}
