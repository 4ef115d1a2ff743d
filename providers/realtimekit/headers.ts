/** The headers of RealtimeKit, which some senders may still call by the names that they had when the service was Dyte's. */
import { valuesOf } from '../kit/headers';
import type { Delivery } from '../runtime';

type Part = 'signature' | 'uuid' | 'webhook-id';

const PREFIXES = ['rtk', 'dyte'] as const;

/** The values of a header that differ, under its name of today first. */
export const headerValues = (delivery: Delivery, part: Part): readonly string[] => [
  ...new Set(PREFIXES.flatMap((prefix) => valuesOf(delivery, `${prefix}-${part}`))),
];

/** True where the signature came under its former name alone. */
export const hasFormerNames = ({ headers }: Delivery): boolean =>
  headers.has('dyte-signature') && !headers.has('rtk-signature');
