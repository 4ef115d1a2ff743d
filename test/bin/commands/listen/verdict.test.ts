/** Which answers mean that an event was handled. */
import { failureOf } from '../../../../bin/commands/listen/verdict';

const NODE = '{"errorType":"Error","errorMessage":"no","trace":[]}';
const PYTHON = '{"errorMessage": "no", "errorType": "KeyError", "requestId": "r", "stackTrace": []}';

it.each([
  ['cloudevents', 204, {}, '', undefined],
  ['cloudevents', 200, {}, NODE, undefined],
  ['cloudevents', 202, {}, 'Task timed out after 3.00 seconds', undefined],
  ['cloudevents', 308, { location: '/x' }, '', 'It redirects.'],
  ['eventbridge', 404, {}, '', 'Not a status'],
  ['eventbridge', 304, {}, '', 'Not a status'],
  ['lambda', 200, {}, 'null', undefined],
  ['lambda', 200, {}, '', undefined],
  ['lambda', 200, {}, '{"statusCode":500}', undefined],
  ['lambda', 200, {}, '"errorMessage"', undefined],
  ['lambda', 200, {}, NODE, 'The function failed: Error.'],
  ['lambda', 200, {}, PYTHON, 'The function failed: KeyError.'],
  ['lambda', 200, {}, '{"errorMessage":"no"}', 'The function failed: Error.'],
  ['lambda', 200, {}, 'Task timed out after 3.00 seconds', 'The function timed out.'],
  ['lambda', 200, { 'x-amz-function-error': 'Unhandled' }, '{}', 'The function failed: Unhandled.'],
  ['lambda', 200, { 'error-type': 'Runtime.ExitError' }, '', 'The function failed: Runtime.ExitError.'],
  ['lambda', 400, {}, '', 'Not a status'],
] as const)('%s: %i %j %s', (format, status, headers, body, reason) => {
  const failure = failureOf({ status, headers, body }, format);
  if (reason === undefined) expect(failure).toBeUndefined();
  else expect(failure).toContain(reason);
});
