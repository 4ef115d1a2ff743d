/** A clock for measuring how long something lasts. */

/** Milliseconds since some moment. */
export type Clock = () => number;

/**
 * Makes a clock that never steps back. The wall clock may be set back, and then nothing would grow old; the monotonic one may
 * stand still while Lambda freezes a function, and then a value would grow too old. So the one that went further counts.
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
