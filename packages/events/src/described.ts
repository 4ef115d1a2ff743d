/** What fields mean, told in the schemas: documentation, JSON Schemas and declarations have it from there. */
import * as z from 'zod/mini';

/**
 * The schema, with a clause on what a field of it means: unit, format, and what to mind. An optional field has the clause
 * of what is in it, unless it has its own.
 */
export function described<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  // A copy: one schema stands for many fields, each with a meaning of its own.
  const copy = z.clone(schema);
  z.globalRegistry.add(copy, { description });
  return copy;
}
