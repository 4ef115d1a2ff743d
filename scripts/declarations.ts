/** Writes into the declarations of events what their fields mean, so that editors show it: the compiler takes over types alone. */
import { isMeetingEventType } from '@meetbus/events';
import { type JsonSchema, jsonSchemaOf } from '@meetbus/events/json-schema';

/** Spaces that the compiler indents by. */
const INDENT = 4;

/** The declarations, with a comment above every field of an event's schema. */
export const withMeanings = (declarations: string): string =>
  declarations.replace(/readonly type: "([^"]+)";[\s\S]*?readonly example: /g, (definition, type: string) =>
    isMeetingEventType(type) ? commented(definition, jsonSchemaOf(type)) : definition,
  );

/** @throws Error for a field that the JSON Schema does not have: then the compiler writes declarations in another way */
function commented(definition: string, schema: JsonSchema): string {
  /** Fields begin one level below `readonly schema`. */
  let base = 0;
  const parents = [schema];
  const lines = definition.split('\n').flatMap((line) => {
    const [, indent = '', keyword, name] = /^( +)(readonly )?(\w+): /.exec(line) ?? [];
    if (keyword !== undefined) base = indent.length + INDENT;
    if (keyword !== undefined || name === undefined) return [line];
    const depth = (indent.length - base) / INDENT;
    const parent = parents[depth];
    const field = (parent?.items ?? parent)?.properties?.[name];
    if (field?.description === undefined) throw new Error(`No meaning is known of the field in "${line.trim()}".`);
    parents[depth + 1] = field;
    return [`${indent}/** ${field.description} */`, line];
  });
  return lines.join('\n');
}
