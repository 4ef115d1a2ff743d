/** Wrong settings, in one line. */
import type * as z from 'zod';

/** Settings that are wrong; the message is one line and says what to change. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  /** By its name, because the npm package holds this class in several files. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'ConfigurationError';
  }
}

/** The message about settings that did not pass their check. */
export function problemsIn(error: z.ZodError, root: string): string {
  const problems = error.issues.map(({ path, message }) => `${[root, ...path].join('.')}: ${message}`);
  return `Wrong settings. ${problems.join('; ')}`;
}
