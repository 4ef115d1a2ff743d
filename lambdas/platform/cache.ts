/** A stale-if-error cache whose loads are counted. */
import { StaleIfErrorCache } from '../../providers/kit/stale-if-error-cache';
import { METRIC } from './metric-names';
import { count } from './metrics';

/** Where a value comes from, and how its loads are counted and logged. */
export interface MeasuredSource<Value> {
  readonly load: () => Promise<Value>;
  readonly maxAgeMs: number;
  readonly fallback?: () => Promise<Value | undefined>;
  /** The dimension `source` of the metrics. */
  readonly metricSource: string;
  readonly onFailure: (error: unknown) => void;
}

/** Makes the cache. */
export function createCache<Value>({ metricSource: source, onFailure, ...rest }: MeasuredSource<Value>) {
  return new StaleIfErrorCache<Value>({
    ...rest,
    onSuccess: () => count(METRIC.load, { source, result: 'ok' }),
    onFailure: (error) => {
      count(METRIC.load, { source, result: 'failed' });
      onFailure(error);
    },
  });
}
