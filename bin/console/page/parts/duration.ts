/** Such as `87 ms`, or `180 s` after retries. */
export const durationOf = (milliseconds: number): string =>
  milliseconds < 10_000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 1_000)} s`;
