/** The published contract, as those hold events against it who do not know our code: JSON Schema with ajv, and `cloudevents`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { CloudEvent, type CloudEventV1 } from 'cloudevents';
import { PROJECT_ROOT } from './project';

const ajv = addFormats(new Ajv2020({ strict: false }));
const validators = new Map<string, ValidateFunction>();

/** By the schema that is published for people, see docs/schemas. */
function validatorOf(type: string): ValidateFunction {
  const known = validators.get(type);
  if (known) return known;
  const schema = readFileSync(join(PROJECT_ROOT, 'docs', 'schemas', `${type}.json`), 'utf8');
  const validator = ajv.compile(JSON.parse(schema));
  validators.set(type, validator);
  return validator;
}

/**
 * Holds an event's detail against its type's schema and the CloudEvents specification.
 *
 * @throws Error that names what breaks the contract; none for a type that has no schema
 */
export function assertContract(detail: { readonly type: string }): void {
  const { type } = detail;
  const validate = validatorOf(type);
  if (!validate(detail)) throw new Error(`A ${type} breaks its schema: ${ajv.errorsText(validate.errors)}`);
  new CloudEvent(detail as CloudEventV1<unknown>, true);
}
