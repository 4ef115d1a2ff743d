/** The headers of RealtimeKit. Some senders may still use the names from when the service was called Dyte. */
import { valuesOf } from '../kit/headers';
import type { Delivery } from '../runtime';

type Part = 'signature' | 'uuid' | 'webhook-id';

const PREFIXES = ['rtk', 'dyte'] as const;

/** The distinct values of a header, those with its current name first. */
export const headerValues = (delivery: Delivery, part: Part): readonly string[] => [
  ...new Set(PREFIXES.flatMap((prefix) => valuesOf(delivery, `${prefix}-${part}`))),
];

/** True if the signature has only its former name. */
export const hasFormerNames = ({ headers }: Delivery): boolean =>
  headers.has('dyte-signature') && !headers.has('rtk-signature');
