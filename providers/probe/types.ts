/**
 * Types of the probe's events. Meetbus sends them to itself, to check the path from the API to the shared bus end to end. They
 * are not part of the contract: neither their types nor their source match a subscription. Plain data, so that a verifier needs no
 * schema.
 */
import { FAMILIES, FAMILY_OF, type Family, type MeetingEventType } from '@meetbus/events';

/** The families whose queues and consumers the probe passes: all those of meeting events. */
export type ProbedFamily = Exclude<Family, 'unrecognized'>;

/** Every {@link ProbedFamily}. */
export const PROBED_FAMILIES = FAMILIES.filter((family): family is ProbedFamily => family !== 'unrecognized');

/** Type of a probe's event, which is its EventBridge `detail-type` too. Each family has its own. */
export type ProbeType = `probe.${ProbedFamily}`;

/** The type for a family. */
export const probeTypeOf = (family: ProbedFamily): ProbeType => `probe.${family}`;

const PROBED_FAMILY_OF: ReadonlyMap<string, ProbedFamily> = new Map(
  PROBED_FAMILIES.map((family) => [probeTypeOf(family), family]),
);

/** Whether that is the type of a probe's event. */
export const isProbeType = (type: string): type is ProbeType => PROBED_FAMILY_OF.has(type);

/** The family of a type, also of a probe's. */
export const familyOfType = (type: MeetingEventType | ProbeType): Family =>
  PROBED_FAMILY_OF.get(type) ?? FAMILY_OF[type as MeetingEventType];

/** EventBridge `source` of the probe's events. It does not begin with `meetbus.`, which patterns for every provider match. */
export const PROBE_SOURCE = 'meetbus-probe';
