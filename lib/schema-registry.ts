/** Publishes the contract in an EventBridge schema registry, from which IDEs and the console generate code. */

import {
  CATALOGUE,
  CONTRACT_VERSION,
  FAMILY_OF,
  jsonSchemaOf,
  MEETING_EVENT_TYPES,
  type MeetingEventType,
  sourceOf,
} from '@meetbus/events';
import * as eventschemas from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
import type { Provider } from '../providers/provider';
import { pascalCase } from './pascal-case';

/** Attributes that EventBridge adds around every event. */
const ENVELOPE = {
  version: { type: 'string' },
  id: { type: 'string' },
  account: { type: 'string' },
  time: { type: 'string', format: 'date-time' },
  region: { type: 'string' },
  resources: { type: 'array', items: { type: 'string' } },
  source: { type: 'string' },
  'detail-type': { type: 'string' },
};

interface SchemaRegistryProps {
  readonly name: string;
  readonly providers: readonly Provider[];
}

/** A registry with a schema for every type that the providers can publish on the shared bus. */
export class SchemaRegistry extends Construct {
  readonly registryName: string;

  constructor(scope: Construct, id: string, { name, providers }: SchemaRegistryProps) {
    super(scope, id);
    this.registryName = name;
    const registry = new eventschemas.CfnRegistry(this, 'Registry', {
      registryName: this.registryName,
      description: `Meeting events, version ${CONTRACT_VERSION} of the contract.`,
    });
    for (const type of MEETING_EVENT_TYPES.filter((one) => one !== 'event.unrecognized')) {
      const sender = providers.find(({ families }) => families.includes(FAMILY_OF[type]));
      if (!sender) continue;
      const schema = new eventschemas.CfnSchema(this, pascalCase(type), {
        registryName: this.registryName,
        schemaName: `meetbus@${type}`,
        type: 'OpenApi3',
        description: CATALOGUE[type].description,
        content: JSON.stringify(openApiOf(type, sourceOf(sender.name))),
      });
      schema.addResourceDependency(registry);
    }
  }
}

/**
 * The OpenAPI document of a type, in the format from which EventBridge generates code: the envelope refers to the
 * detail.
 *
 * @param source one of the type's sources: EventBridge does not accept a list
 */
export function openApiOf(type: MeetingEventType, source: string): object {
  const name = pascalCase(type);
  return {
    openapi: '3.0.0',
    info: { version: String(CONTRACT_VERSION), title: name },
    paths: {},
    components: {
      schemas: {
        AWSEvent: {
          type: 'object',
          required: [...Object.keys(ENVELOPE), 'detail'],
          'x-amazon-events-detail-type': type,
          'x-amazon-events-source': source,
          properties: { ...ENVELOPE, detail: { $ref: `#/components/schemas/${name}` } },
        },
        [name]: jsonSchemaOf(type, 'openapi-3.0'),
      },
    },
  };
}
