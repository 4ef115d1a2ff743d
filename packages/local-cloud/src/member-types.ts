/**
 * Holds the input of a call against the types that its members have in the SDK's own client. AWS refuses what has another
 * type before the service sees it, and so do the operations here never meet it.
 */
import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError, type AwsService } from './service';

type Schema = NormalizedSchema;

/**
 * The input as the operation may take it: without members that are null, which AWS takes for absent.
 *
 * @throws AwsError `SerializationException` for a member of a wrong type, the service's own for one that is missing
 */
export async function checkInput({ client, missing }: AwsService, operation: string, input: object): Promise<object> {
  const schemas = (await client?.()) as Readonly<Record<string, unknown>> | undefined;
  const schema = schemas?.[`${operation}$`];
  if (!Array.isArray(schema)) return input;
  return checked(NormalizedSchema.of(schema[INPUT]), input, '', missing ?? 'ValidationException') as object;
}

/** Where a static schema of an operation has its input, and one of a structure the number of its required members. */
const INPUT = 4;
const REQUIRED_COUNT = 6;

/** The types of members that hold no others: how each shows in a schema, and in JSON. */
const SCALARS: readonly { readonly name: string; is(schema: Schema): boolean; takes(value: unknown): boolean }[] = [
  { name: 'a string', is: (schema) => schema.isStringSchema(), takes: (value) => typeof value === 'string' },
  { name: 'base64', is: (schema) => schema.isBlobSchema(), takes: (value) => typeof value === 'string' },
  { name: 'true or false', is: (schema) => schema.isBooleanSchema(), takes: (value) => typeof value === 'boolean' },
  { name: 'a number', is: (schema) => schema.isNumericSchema(), takes: (value) => typeof value === 'number' },
  {
    name: 'seconds since 1970',
    is: (schema) => schema.isTimestampSchema(),
    takes: (value) => typeof value === 'number',
  },
];

function checked(schema: Schema, value: unknown, path: string, missing: string): unknown {
  const scalar = SCALARS.find(({ is }) => is(schema));
  if (scalar) {
    if (scalar.takes(value)) return value;
    throw wrongType(path, scalar.name);
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw wrongType(path, 'a list');
    return value.map((item, index) => checked(schema.getValueSchema(), item, `${path}[${index}]`, missing));
  }
  if (!schema.isStructSchema() && !schema.isMapSchema()) return value;
  if (!isObject(value)) throw wrongType(path, 'an object');
  const nameOf = (key: string) => (path === '' ? key : `${path}.${key}`);
  const schemaOf = (key: string) => (schema.isMapSchema() ? schema.getValueSchema() : membersOf(schema).get(key));
  const members = Object.entries(value)
    .filter(([, member]) => member !== null)
    .map(([key, member]) => {
      const inner = schemaOf(key);
      return [key, inner ? checked(inner, member, nameOf(key), missing) : member];
    });
  // Last, as on AWS: a body that cannot be read is refused before anything is missed in it.
  if (schema.isStructSchema()) checkRequired(schema, value, nameOf, missing);
  return Object.fromEntries(members);
}

const membersOf = (schema: Schema): ReadonlyMap<string, Schema> => new Map(schema.structIterator());

function checkRequired(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  nameOf: (key: string) => string,
  missing: string,
): void {
  const count = Number((schema.getSchema() as readonly unknown[])[REQUIRED_COUNT] ?? 0);
  const absent = [...membersOf(schema).keys()].slice(0, count).find((key) => (value[key] ?? null) === null);
  if (absent !== undefined) throw new AwsError(missing, `The request must contain the parameter ${nameOf(absent)}.`);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrongType = (path: string, type: string): AwsError =>
  new AwsError('SerializationException', `${path || 'The body of the call'} must be ${type}.`);
