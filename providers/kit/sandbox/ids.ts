import { createHash } from 'node:crypto';

/**
 * A UUID that stands for a name: the same name gives the same id, in every run.
 *
 * @param name what the id is for, such as `demo-1/bot`
 */
export function sampleId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  // The digits 4 and 8 are the version and variant of a random UUID, so that strict UUID checks accept it.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}
