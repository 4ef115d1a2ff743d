/** The access log of an API's stage: a line for each request, in the format of the template. */
import type { AccessContext } from '../api-gateway/server';

const VARIABLE = /\$context\.([A-Za-z][\w.]*\w)/g;

/** A line of the access log. A variable without a value is a hyphen, as on AWS. */
export const accessLogLine = (format: string, access: AccessContext): string =>
  format.replace(VARIABLE, (_, name: string) => inJson(access[name]));

/** A value between the quotes of a JSON format: a user agent may hold quotes of its own. */
const inJson = (value: string | number | undefined): string => JSON.stringify(String(value ?? '-')).slice(1, -1);
