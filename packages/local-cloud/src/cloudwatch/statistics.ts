/** CloudWatch's statistics: one number for the values of a window. */
import { AwsError } from '../service';
import type { Summary } from './metric-store';

type Statistic = (summary: Summary) => number;

const SIMPLE: Readonly<Record<string, Statistic>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

/** Statistics with numbers in their names: `p99.9`, `PR(:5000)` (percent of the values up to 5000), `TC(:5000)` (how many). */
const PARAMETRIC: readonly { readonly form: RegExp; readonly of: (...numbers: string[]) => Statistic }[] = [
  {
    form: /^p(\d{1,2}(?:\.\d+)?|100)$/,
    of: (percent) => (summary) => percentile(summary, Number(percent)),
  },
  {
    form: /^TC\((-?[\d.]*):(-?[\d.]*)\)$/,
    of: (low, high) => (summary) => countBetween(summary, low, high),
  },
  {
    form: /^PR\((-?[\d.]*):(-?[\d.]*)\)$/,
    of: (low, high) => (summary) => (100 * countBetween(summary, low, high)) / summary.count,
  },
];

/**
 * Finds a statistic by its name.
 *
 * @throws AwsError `InvalidParameterValue` for one that the local cloud does not know
 */
export function statisticNamed(name: string): Statistic {
  const simple = SIMPLE[name];
  if (simple) return simple;
  for (const { form, of } of PARAMETRIC) {
    const match = form.exec(name);
    if (match) return of(...match.slice(1));
  }
  throw new AwsError(
    'InvalidParameterValue',
    `The local cloud has no statistic ${name}. It has: ${Object.keys(SIMPLE).join(', ')}, p99, PR(:100) and TC(:100).`,
  );
}

/** The least value that so many percent of all do not pass. */
function percentile({ values, count, maximum }: Summary, percent: number): number {
  let left = (count * percent) / 100;
  for (const [value, times] of [...values].sort(([a], [b]) => a - b)) {
    left -= times;
    if (left <= 0) return value;
  }
  return maximum;
}

/** Above the lower bound, up to the upper one; an empty bound is none. */
function countBetween({ values }: Summary, low = '', high = ''): number {
  const isBetween = (value: number) => (low === '' || value > Number(low)) && (high === '' || value <= Number(high));
  return [...values].reduce((total, [value, times]) => total + (isBetween(value) ? times : 0), 0);
}
