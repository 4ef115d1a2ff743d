/** Descriptions of fields, in the schemas: documentation, JSON Schemas and declarations use them. */
import * as z from 'zod/mini';

/**
 * The schema with a description: meaning, unit, format, and caveats. An optional field without a description uses that
 * of its inner schema.
 */
export function described<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  // A copy, because many fields share one schema, but each has its own description.
  const copy = z.clone(schema);
  z.globalRegistry.add(copy, { description });
  return copy;
}
