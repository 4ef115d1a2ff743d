/** The schema registry as the template declares it. */

import { CATALOGUE, MEETING_EVENT_TYPES, type MeetingEventType } from '@meetbus/events';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { openApiOf } from '../../lib/schema-registry';
import { defaultTemplate } from '../support/template';

const SHARED_TYPES = MEETING_EVENT_TYPES.filter((type) => type !== 'event.unrecognized');

it('has a schema for every type of the shared bus, and none for what is not on it', () => {
  const template = defaultTemplate();
  template.hasResourceProperties('AWS::EventSchemas::Registry', { RegistryName: 'Meetbus' });
  const schemas = Object.values(template.findResources('AWS::EventSchemas::Schema')).map(
    ({ Properties }) => Properties,
  );
  expect(schemas.map(({ SchemaName }) => SchemaName).sort()).toEqual(
    SHARED_TYPES.map((type) => `meetbus@${type}`).sort(),
  );
  for (const { SchemaName, Type, Content, RegistryName } of schemas) {
    expect({ Type, RegistryName }).toEqual({ Type: 'OpenApi3', RegistryName: 'Meetbus' });
    // What EventBridge takes for the name and the content of a schema.
    expect(SchemaName).toMatch(/^[\w.@-]{1,385}$/);
    expect(Content.length).toBeLessThanOrEqual(100_000);
  }
});

it.each(SHARED_TYPES.map((type) => [type]))('the schema of %s accepts its example', (type: MeetingEventType) => {
  const document = openApiOf(type, 'meetbus.acme');
  const ajv = addFormats(new Ajv({ strict: false }));
  ajv.addSchema(document, 'document');
  const event = {
    version: '0',
    id: 'e',
    account: '1',
    time: '2026-03-02T09:30:00Z',
    region: 'r',
    resources: [],
    source: 's',
    'detail-type': type,
    detail: CATALOGUE[type].example,
  };
  const isValid = ajv.compile({ $ref: 'document#/components/schemas/AWSEvent' });
  expect(isValid(event)).toBe(true);
  expect(isValid({ ...event, detail: { ...event.detail, id: 7 } })).toBe(false);
});
