/** JSON Schemas of meeting events, for languages other than TypeScript. */
import * as z from 'zod/mini';
import { CATALOGUE } from './catalogue';
import type { MeetingEventType } from './event-types';

/** A JSON Schema, with the keywords that Meetbus reads. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly [keyword: string]: unknown;
}

/** Dialects: `draft-2020-12` for validators, `openapi-3.0` for EventBridge's schema registry. */
export type JsonSchemaDialect = 'draft-2020-12' | 'openapi-3.0';

/** The schema of a type's whole CloudEvent, which is the `detail` of the EventBridge event. */
export function jsonSchemaOf(type: MeetingEventType, dialect: JsonSchemaDialect = 'draft-2020-12'): JsonSchema {
  return z.toJSONSchema(CATALOGUE[type].schema, {
    target: dialect,
    io: 'input',
    // The format covers everything except the UTC zone. zod's own pattern would need 300 characters for that.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time') jsonSchema.pattern = 'Z$';
    },
  }) as JsonSchema;
}
