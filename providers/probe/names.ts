/** Names of the probe: a provider that is Meetbus itself. */
import { type ProbedFamily, probeTypeOf } from './types';

/** Name of the provider. No app can have a provider of this name. */
export const PROBE_NAME = 'probe';

/** Path of its route. */
export const PROBE_ROUTE = 'probe/webhooks';

/** Headers of a delivery. */
export const TIMESTAMP_HEADER = 'probe-timestamp';
export const SIGNATURE_HEADER = 'probe-signature';

/** A delivery of the probe, in JSON. */
export interface ProbeBody {
  /** The type of the event that it becomes. The provider event has the same name. */
  readonly event: string;
  /** Id of the run. */
  readonly run: string;
  /** When it is sent, in milliseconds since 1970. */
  readonly sentAt: number;
}

/** The body of a delivery for a family. */
export const probeBody = (family: ProbedFamily, run: string, sentAt: number): ProbeBody => ({
  event: probeTypeOf(family),
  run,
  sentAt,
});
