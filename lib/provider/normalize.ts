/**
 * What `meetbus/provider/normalize` exports: pieces for turning payloads into meeting events. Schemas are those of `zod/mini`; a
 * verifier needs none of them, so load the module that imports this one with the first body.
 */
export { digitsOf, isExactNumber } from '../../providers/kit/json';
export {
  compact,
  flag,
  id,
  labels,
  lenient,
  list,
  type Mismatch,
  mismatch,
  type Normalized,
  number,
  numeric,
  object,
  objectInAnySpelling,
  type Rule,
  rule,
  text,
  time,
} from '../../providers/kit/normalize';
export { memberInAnySpelling } from '../../providers/kit/spelling';
export { utcTimeOf } from '../../providers/kit/time';
export { asObject, firstId, idsAt, type JsonObject, memberAt, textAt } from '../../providers/kit/values';
