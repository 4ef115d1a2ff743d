/** A clock for measuring how long something lasts. */

/** Milliseconds since some moment. */
export type Clock = () => number;

/**
 * Makes a clock that never steps back. The wall clock may be set back, and then nothing would expire. The monotonic clock may stand
 * still while Lambda freezes a function, and then a value would be kept too long. So the clock that has moved further counts.
 */
export function createSteadyClock(clocks: readonly Clock[] = [() => performance.now(), Date.now]): Clock {
  let time = 0;
  let last = clocks.map((clock) => clock());
  return () => {
    const now = clocks.map((clock) => clock());
    time += Math.max(0, ...now.map((value, index) => value - (last[index] ?? value)));
    last = now;
    return time;
  };
}
