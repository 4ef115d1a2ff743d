/** Reads what the page sends with the readers of the commands' options, so that both take the same. */
import * as z from 'zod';

/** A text that an option of a command could have. What the reader throws is what is wrong with it. */
export const asOption = <T>(read: (text: string) => T) =>
  z.string().transform((text, { addIssue }): T => {
    try {
      return read(text.trim());
    } catch (error) {
      addIssue((error as Error).message);
      return z.NEVER;
    }
  });
