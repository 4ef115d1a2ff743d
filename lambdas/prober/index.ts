/** Sends the probe, and measures what comes back of it from the shared bus. */
import { createProber } from '../probe/prober';

export const handler = createProber();
