/** The logger of every function: JSON lines, never with a payload, a header or a query string. */
import { Logger } from '@aws-lambda-powertools/logger';

// Lambda's own level stays at INFO, because a higher one would drop the metrics, which are lines without a level.
// Powertools would use that level, so the variable is hidden from it: POWERTOOLS_LOG_LEVEL, the setting `logLevel`,
// decides.
delete process.env.AWS_LAMBDA_LOG_LEVEL;

/** One logger for each environment. */
export const logger = new Logger({ serviceName: 'meetbus' });

/** Causes can form a cycle. */
const MAX_CAUSES = 3;

/**
 * The parts of an error that may be logged: its name, its code, its stack, and its message unless it is a parse error,
 * because parse errors quote the text.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const described: Record<string, unknown> = { name: error.name, stack: frames(error) };
  if (!(error instanceof SyntaxError)) described.message = error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') described.code = code;
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
