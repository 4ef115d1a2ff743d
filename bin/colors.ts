/** Colours for what people read. */
import pc from 'picocolors';

/**
 * Colours on a terminal, and where FORCE_COLOR asks for them; none where NO_COLOR forbids them. picocolors by itself
 * also colours wherever CI is set, where what is printed goes to a pipe or a file.
 */
export const colors = pc.createColors(
  pc.isColorSupported && (process.stdout.isTTY === true || Boolean(process.env.FORCE_COLOR)),
);
