/** Headers that came more than once: as several, or folded into one by a proxy, which puts commas between the values. */
import type { Delivery } from '../runtime';

/** The values of a header that differ: what came several times counts once, be it folded or not; empty ones do not count. */
export const valuesOf = ({ headers }: Delivery, name: string): readonly string[] => [
  ...new Set((headers.get(name) ?? []).map(unfolded).filter((value) => value !== '')),
];

/** The value that a fold repeats; a value as it came where its parts differ. */
function unfolded(value: string): string {
  if (!value.includes(',')) return value;
  const parts = new Set(value.split(',').map((part) => part.trim()));
  const [part = ''] = parts;
  return parts.size === 1 ? part : value;
}
