/** Repeated headers: several of one name, or folded into one by a proxy, with commas between the values. */
import type { Delivery } from '../runtime';

/** The distinct values of a header. A repeated value counts once, folded or not. Empty values do not count. */
export const valuesOf = ({ headers }: Delivery, name: string): readonly string[] => [
  ...new Set((headers.get(name) ?? []).map(unfolded).filter((value) => value !== '')),
];

/** The value that was folded with itself; the whole text where its parts differ. */
function unfolded(value: string): string {
  if (!value.includes(',')) return value;
  const parts = new Set(value.split(',').map((part) => part.trim()));
  const [part = ''] = parts;
  return parts.size === 1 ? part : value;
}
