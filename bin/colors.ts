/** Colours for output that people read. */
import pc from 'picocolors';

/**
 * Colours on a terminal, and with FORCE_COLOR; none with NO_COLOR. picocolors by itself also uses colours if CI is set,
 * although the output then goes to a pipe or a file.
 */
export const colors = pc.createColors(
  pc.isColorSupported && (process.stdout.isTTY === true || Boolean(process.env.FORCE_COLOR)),
);
