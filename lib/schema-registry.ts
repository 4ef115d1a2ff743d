/** Publishes the contract in an EventBridge schema registry, from which IDEs and the console make code. */

import { CATALOGUE, CONTRACT_VERSION, jsonSchemaOf, MEETING_EVENT_TYPES, type MeetingEventType } from '@meetbus/events';
import * as eventschemas from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
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

/** A registry with a schema for every type that is on the shared bus. */
export class SchemaRegistry extends Construct {
  readonly registryName: string;

  constructor(scope: Construct, id: string, { name }: { readonly name: string }) {
    super(scope, id);
    this.registryName = name;
    const registry = new eventschemas.CfnRegistry(this, 'Registry', {
      registryName: this.registryName,
      description: `Meeting events, version ${CONTRACT_VERSION} of the contract.`,
    });
    for (const type of MEETING_EVENT_TYPES.filter((name) => name !== 'event.unrecognized')) {
      const schema = new eventschemas.CfnSchema(this, pascalCase(type), {
        registryName: this.registryName,
        schemaName: `meetbus@${type}`,
        type: 'OpenApi3',
        description: CATALOGUE[type].description,
        content: JSON.stringify(openApiOf(type)),
      });
      schema.addResourceDependency(registry);
    }
  }
}

/** The OpenAPI document of a type, in the form that EventBridge makes code from: the envelope refers to the detail. */
export function openApiOf(type: MeetingEventType): object {
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
          'x-amazon-events-source': CATALOGUE[type].example.source,
          properties: { ...ENVELOPE, detail: { $ref: `#/components/schemas/${name}` } },
        },
        [name]: jsonSchemaOf(type, 'openapi-3.0'),
      },
    },
  };
}
