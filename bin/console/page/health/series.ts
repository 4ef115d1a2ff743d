/** Prepares a graph of the dashboard for drawing. Pure functions. */
import type { FlowGraph } from '../../api/health';

/** A line that is drawn. */
export interface Series {
  readonly label: string;
  /** The values of {@link Drawing.times}; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Where the line is drawn: the values, or, in a stack, on top of the lines below. */
  readonly heights: readonly (number | null)[];
}

/** What a graph shows. */
export interface Drawing {
  /** Seconds since 1970, as uPlot takes them. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

const isShown = ({ points }: FlowGraph['lines'][number]): boolean => points.some(([, value]) => value !== 0);

/** Whether there is anything to draw. */
export const hasValues = ({ lines }: FlowGraph): boolean => lines.some(isShown);

/** The lines that have anything but zeros, over the same times. In a stack, a line has a value at all times. */
export function drawingOf({ lines, isStacked }: FlowGraph): Drawing {
  const shown = lines.filter(isShown);
  const times = [...new Set(shown.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  const sums = times.map(() => 0);
  const series = shown.map(({ label, points }) => {
    const byTime = new Map(points);
    const values = times.map((at) => byTime.get(at) ?? (isStacked ? 0 : null));
    const heights = isStacked
      ? values.map((value, index) => (sums[index] = (sums[index] ?? 0) + (value ?? 0)))
      : values;
    return { label, values, heights };
  });
  return { times: times.map((at) => at / 1_000), series };
}

/** The latest value; undefined if there is none. */
export const latestOf = ({ values }: Series): number | undefined =>
  values.findLast((value): value is number => value !== null);

/** The highest value. */
export const highestOf = ({ values }: Series): number => Math.max(...values.filter((value) => value !== null));

/** A number as a person reads it: at most three digits after the point, and only where they matter. */
export const inFigures = (value: number): string =>
  value.toLocaleString('en-GB', { maximumFractionDigits: Math.abs(value) < 10 ? 3 : Math.abs(value) < 100 ? 2 : 0 });

/** Seconds in words, such as `5 minutes`. */
export function periodInWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? 'minute' : `${minutes} minutes`;
}
