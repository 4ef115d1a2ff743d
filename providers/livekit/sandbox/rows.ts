/** How variants are written down. */
import type { ProviderBody } from '../../kit/sandbox/delivery';
import type { LiveKitOptions } from './ids';

/** A variant: changes by dotted path, or a function that rewrites the sample. */
export type Row = readonly [
  name: string,
  event: string,
  changes: Readonly<Record<string, unknown>> | ((body: ProviderBody) => ProviderBody),
  options?: LiveKitOptions,
];

/** Why a family of variants occurs, and its members. */
export type Family = readonly [why: string, rows: readonly Row[]];

type Rewrite = (name: string, value: unknown) => readonly [string, unknown];

/** A copy with each member rewritten, at any depth. */
export function deeply(body: ProviderBody, rewrite: Rewrite): ProviderBody {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const [renamed, rewritten] = rewrite(name, value);
      return [renamed, within(rewritten, rewrite)];
    }),
  );
}

const within = (value: unknown, rewrite: Rewrite): unknown => {
  if (Array.isArray(value)) return value.map((item) => within(item, rewrite));
  return typeof value === 'object' && value !== null ? deeply(value as ProviderBody, rewrite) : value;
};
