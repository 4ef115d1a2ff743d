/** The data of the probe's events. See `types.ts`. */
import * as z from 'zod/mini';

const nonEmpty = z.string().check(z.minLength(1));

/** `data.probe` of a probe's event. Times are in milliseconds since 1970. */
export const PROBE = z.object({
  /** Id of the run that sent it. A run sends one delivery for each family. */
  run: nonEmpty,
  /** When it was sent. */
  sentat: z.number(),
  /** When a consumer made the event, right before publishing it. */
  consumedat: z.number(),
});

/** See {@link PROBE}. */
export type Probe = z.output<typeof PROBE>;
