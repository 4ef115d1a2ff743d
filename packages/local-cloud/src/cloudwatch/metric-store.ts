/** The values of metrics, in memory: a summary for each metric and minute, and nothing that is older than some hours. */

/** What tells one metric from another. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One value of a metric. */
export interface Datum extends Metric {
  readonly value: number;
  /** When it was, in milliseconds since the epoch, if not now. */
  readonly at?: number;
}

/** What is known of the values of a metric in a time. */
export interface Summary {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** How often each value occurred, the values rounded to three digits: so many say enough for a percentile. */
  readonly values: Map<number, number>;
}

/** Windows of equal length, one after the other. All in milliseconds. */
export interface Grid {
  readonly start: number;
  readonly period: number;
  readonly count: number;
}

/** Values by the start of their window. */
export type Series = ReadonlyMap<number, number>;

export const MINUTE_MS = 60_000;

/** CloudWatch keeps minutes for 15 days. */
export const RETENTION_MS = 3 * 60 * MINUTE_MS;

/** More are taken for a mistake, such as an id among the dimensions, and let go. */
const MAX_METRICS = 10_000;

interface Entry {
  readonly metric: Metric;
  readonly minutes: Map<number, Summary>;
}

/** Every metric of the local cloud. */
export class MetricStore {
  readonly #entries = new Map<string, Entry>();
  /** Values that are measured, not told: asked for whenever somebody looks, and now and then. */
  readonly #gauges: (() => readonly Datum[])[] = [];

  /** @param now the clock, in milliseconds since the epoch */
  constructor(readonly now: () => number = Date.now) {}

  /** Takes values, of this moment where they tell no other. */
  record(data: readonly Datum[]): void {
    const now = this.now();
    for (const datum of data) this.add(datum, summaryOf(datum.value), datum.at ?? now);
  }

  /** Takes the summary of some values. What is older than {@link RETENTION_MS} is let go. */
  add({ namespace, name, dimensions }: Metric, summary: Summary, at: number): void {
    if (at < this.now() - RETENTION_MS) return;
    const metric = { namespace, name, dimensions };
    const key = keyOf(metric);
    const entry = this.#entries.get(key) ?? { metric, minutes: new Map<number, Summary>() };
    if (!this.#entries.has(key) && this.#entries.size >= MAX_METRICS) return;
    this.#entries.set(key, entry);
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const known = entry.minutes.get(minute);
    if (known) merge(known, summary);
    else entry.minutes.set(minute, summary);
  }

  /** Adds a source of measured values. */
  addGauge(measure: () => readonly Datum[]): void {
    this.#gauges.push(measure);
  }

  /** Measures what is measured, and forgets what is old. */
  sample(): void {
    for (const measure of this.#gauges) this.record(measure());
    const oldest = this.now() - RETENTION_MS;
    for (const [key, { minutes }] of this.#entries) {
      for (const minute of minutes.keys()) if (minute < oldest) minutes.delete(minute);
      if (minutes.size === 0) this.#entries.delete(key);
    }
  }

  /** Every metric that has a value. */
  metrics(): Metric[] {
    return [...this.#entries.values()].map(({ metric }) => metric);
  }

  /** The value of a metric in each window that has one. */
  summaries(metric: Metric, { start, period, count }: Grid): ReadonlyMap<number, Summary> {
    const windows = new Map<number, Summary>();
    for (const [minute, summary] of this.#entries.get(keyOf(metric))?.minutes ?? []) {
      const index = Math.floor((minute - start) / period);
      if (index < 0 || index >= count) continue;
      const at = start + index * period;
      const window = windows.get(at) ?? emptySummary();
      merge(window, summary);
      windows.set(at, window);
    }
    return new Map([...windows].sort(([a], [b]) => a - b));
  }
}

const keyOf = ({ namespace, name, dimensions }: Metric): string =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

const emptySummary = (): Summary => ({
  count: 0,
  sum: 0,
  minimum: Number.POSITIVE_INFINITY,
  maximum: Number.NEGATIVE_INFINITY,
  values: new Map(),
});

/** The summary of a value that occurred so often. */
export const summaryOf = (value: number, count = 1): Summary => ({
  count,
  sum: value * count,
  minimum: value,
  maximum: value,
  values: new Map([[Number(value.toPrecision(3)), count]]),
});

/** Adds one summary to another. */
export function merge(into: Summary, from: Summary): void {
  into.count += from.count;
  into.sum += from.sum;
  into.minimum = Math.min(into.minimum, from.minimum);
  into.maximum = Math.max(into.maximum, from.maximum);
  for (const [value, count] of from.values) into.values.set(value, (into.values.get(value) ?? 0) + count);
}

/** The windows of a grid by their starts, oldest first. */
export const startsOf = ({ start, period, count }: Grid): number[] =>
  Array.from({ length: count }, (_, index) => start + index * period);
