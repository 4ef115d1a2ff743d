/** The times of an animation. */

/** A longer pause is shortened to this: nobody likes to watch nothing happen. Milliseconds. */
const LONGEST_PAUSE_MS = 1_500;

/** Before the first output. */
const FIRST_MS = 500;

/** How long the last picture stands before all begins again. */
const LAST_MS = 7_000;

/** Outputs that are so near to each other appear together. Fewer times make a smaller file. */
const TOGETHER_MS = 40;

/** A moment of an animation. */
export interface Moment {
  /** Of the whole animation, in percent. */
  readonly percent: number;
  /** A name that is as short as can be. */
  readonly name: string;
}

export interface Clock {
  /** Milliseconds of the whole animation. */
  readonly length: number;
  /** All moments, earliest first. */
  readonly moments: readonly Moment[];
  momentOf(at: number): Moment;
}

/** The clock for outputs at these times, in milliseconds. */
export function clockOf(times: readonly number[]): Clock {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  const shown: number[] = [];
  const indexes = new Map<number, number>();
  let before = sorted[0] ?? 0;
  let now = FIRST_MS;
  for (const at of sorted) {
    now += Math.min(at - before, LONGEST_PAUSE_MS);
    before = at;
    if (shown.length === 0 || now - (shown.at(-1) ?? 0) > TOGETHER_MS) shown.push(now);
    indexes.set(at, shown.length - 1);
  }
  const length = Math.round(now + LAST_MS);
  const moments = shown.map((at, index) => ({ percent: round((100 * at) / length), name: `t${index.toString(36)}` }));
  return { length, moments, momentOf: (at) => moments[indexes.get(at) as number] as Moment };
}

const round = (value: number): number => Math.round(value * 100) / 100;
