/** Descriptions of fields, in the schemas: documentation, JSON Schemas and declarations take them from there. */
import * as z from 'zod/mini';

/**
 * The schema with a description: meaning, unit, format, and what to mind. An optional field without a description has that
 * of the schema in it.
 */
export function described<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  // A copy: many fields share one schema, each with a description of its own.
  const copy = z.clone(schema);
  z.globalRegistry.add(copy, { description });
  return copy;
}
