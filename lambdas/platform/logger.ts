/** The logger of every function: JSON lines, never with a payload, a header or a query string. */
import { Logger } from '@aws-lambda-powertools/logger';

/** One logger for each environment; its level comes from the function's own logging configuration. */
export const logger = new Logger({ serviceName: 'meetbus' });

/** Causes may form a circle. */
const MAX_CAUSES = 3;

/**
 * What may be told of an error: its name and where it was thrown, and its message unless it is a parse error,
 * because those quote the text that they could not parse.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const described: Record<string, unknown> = { name: error.name, stack: frames(error) };
  if (!(error instanceof SyntaxError)) described.message = error.message;
  if (error.cause !== undefined && depth < MAX_CAUSES) described.cause = describeError(error.cause, depth + 1);
  return described;
}

/** The stack without its first lines, which repeat the message. */
const frames = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, 10);
