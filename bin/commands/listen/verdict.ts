/** What an answer of the handler means. */

import type { Format } from './formats';
import type { Answer } from './post';

/**
 * Why an answer means that the handler has not taken the event; undefined if it has. A function's emulator answers 200
 * also where the function failed.
 */
export function failureOf({ status, headers, body }: Answer, format: Format): string | undefined {
  if (status >= 300 && status < 400 && headers.location !== undefined)
    return 'It redirects. Redirects are not followed: give the address it redirects to.';
  if (status < 200 || status >= 300) return 'Not a status from 200 to 299.';
  return format === 'lambda' ? functionError(headers, body) : undefined;
}

/**
 * The error of a function. Lambda's API and the emulator of AWS SAM name it in a header; the Lambda Runtime Interface
 * Emulator only has it in the body, in the form in which runtimes report errors, and a timeout as plain text.
 */
function functionError(headers: Answer['headers'], body: string): string | undefined {
  const inHeader = headers['x-amz-function-error'] ?? headers['error-type'];
  if (inHeader !== undefined) return `The function failed: ${inHeader}.`;
  if (/^"?Task timed out after /.test(body)) return 'The function timed out.';
  const { errorMessage, errorType } = membersOf(body);
  return typeof errorMessage === 'string' ? `The function failed: ${errorType ?? 'Error'}.` : undefined;
}

/** The members of a JSON object; none for any other text. */
function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
