/** JSON Schema of meeting events, for those who do not use TypeScript. */
import * as z from 'zod/mini';
import { CATALOGUE } from './catalogue';
import type { MeetingEventType } from './event-types';

/** A JSON Schema, as far as code here looks into it. */
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

/** The dialects that are asked for: for validators, and for EventBridge's schema registry. */
export type JsonSchemaDialect = 'draft-2020-12' | 'openapi-3.0';

/** The schema of a type's whole CloudEvent, which is the `detail` of the EventBridge event. */
export function jsonSchemaOf(type: MeetingEventType, dialect: JsonSchemaDialect = 'draft-2020-12'): JsonSchema {
  return z.toJSONSchema(CATALOGUE[type].schema, {
    target: dialect,
    io: 'input',
    // The format says all but that the zone is UTC; zod's own pattern would say that in 300 characters.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time') jsonSchema.pattern = 'Z$';
    },
  }) as JsonSchema;
}
