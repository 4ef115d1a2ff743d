/** Ends what was started, in reverse. */

/** Ends one thing. */
export type Closer = () => unknown;

/**
 * Runs and removes all closers, the last first. One that fails keeps no other from its work.
 *
 * @throws Error with the messages of all that failed
 */
export async function closeAll(closers: Closer[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closers.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new Error(errors.map((error) => (error as Error).message).join('\n'), { cause: errors });
}
