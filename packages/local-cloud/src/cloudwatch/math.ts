/** Computes metric math. */
import { AwsError } from '../service';
import type { Expression } from './expression';
import { type Grid, type Series, startsOf } from './metric-store';

/** What an expression comes to: a number, a time series, a list of these, or a text that a function takes. */
export type Value = number | string | Series | readonly Series[];

/** What an expression may name. */
export interface MathScope {
  readonly grid: Grid;
  /** The value of an id; throws where there is none. */
  readonly valueOf: (id: string) => Value;
  /** The series of every metric that is no expression, those whose label holds a text. */
  readonly metrics: (text: string) => readonly Series[];
}

type Compute = (values: readonly Value[], scope: MathScope) => Value;

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Of a list of series: at each time, of those that have a value. Of one series: over all of its times. */
const aggregate =
  (reduce: (numbers: readonly number[]) => number): Compute =>
  ([value = 0]) => {
    if (isSeries(value)) return reduce([...value.values()]);
    if (!Array.isArray(value)) return value;
    const list = value as readonly Series[];
    const times = [...new Set(list.flatMap((series) => [...series.keys()]))].sort((a, b) => a - b);
    return new Map(times.map((at) => [at, reduce(list.flatMap((series) => series.get(at) ?? []))]));
  };

const pointwise =
  (of: (value: number) => number): Compute =>
  ([value = 0]) =>
    mapValues(value, of);

const FUNCTIONS: Readonly<Record<string, Compute>> = {
  SUM: aggregate(sum),
  AVG: aggregate((numbers) => sum(numbers) / numbers.length),
  MAX: aggregate((numbers) => Math.max(...numbers)),
  MIN: aggregate((numbers) => Math.min(...numbers)),
  ABS: pointwise(Math.abs),
  CEIL: pointwise(Math.ceil),
  FLOOR: pointwise(Math.floor),
  FILL: ([value = 0, filler = 0], { grid }) => mapSeries(value, (series) => fill(series, filler, grid)),
  IF: ([condition = 0, whenTrue = 0, whenFalse = new Map()]) => choose(condition, whenTrue, whenFalse),
  METRICS: ([text = ''], { metrics }) => metrics(String(text)),
  PERIOD: (_, { grid }) => grid.period / 1_000,
  TIME_SERIES: ([value = 0], { grid }) => new Map(startsOf(grid).map((at) => [at, Number(value)])),
  DATAPOINT_COUNT: ([value = 0]) => (isSeries(value) ? value.size : 0),
  RUNNING_SUM: ([value = 0]) => mapSeries(value, (series) => scan(series, (total, one) => total + one)),
  DIFF: ([value = 0]) => mapSeries(value, differences),
  RATE: ([value = 0], { grid }) =>
    mapSeries(value, (series) => mapValues(differences(series), (one) => one / (grid.period / 1_000)) as Series),
};

/**
 * Computes an expression.
 *
 * @throws AwsError `ValidationError` for a function that the local cloud lacks, or an id that is none
 */
export function compute(expression: Expression, scope: MathScope): Value {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return expression.value;
    case 'name':
      return expression.name === 'REPEAT' ? expression.name : scope.valueOf(expression.name);
    case 'list':
      return expression.items.flatMap((item) => toList(compute(item, scope), scope.grid));
    case 'call': {
      const values = expression.items.map((item) => compute(item, scope));
      const operator = OPERATORS[expression.name];
      if (operator) return combine(values[0] ?? 0, values[1] ?? 0, operator);
      const run = FUNCTIONS[expression.name];
      if (run) return run(values, scope);
      const known = Object.keys(FUNCTIONS).join(', ');
      throw new AwsError(
        'ValidationError',
        `The local cloud's metric math has no ${expression.name}. It has: ${known}.`,
      );
    }
  }
}

/** Any value as series; a number is one that is the same at all times. */
export function toList(value: Value, grid: Grid): readonly Series[] {
  if (typeof value === 'string') throw new AwsError('ValidationError', `The text "${value}" is no time series.`);
  if (typeof value === 'number') return [new Map(startsOf(grid).map((at) => [at, value]))];
  return isSeries(value) ? [value] : value;
}

const isSeries = (value: Value): value is Series => value instanceof Map;

/** Two series have a result where both have a value. What is no number, such as after a division by zero, is left out. */
function combine(a: Value, b: Value, operator: (a: number, b: number) => number): Value {
  if (typeof a === 'number' && typeof b === 'number') return operator(a, b);
  if (Array.isArray(a)) return (a as readonly Series[]).map((one) => combine(one, b, operator) as Series);
  if (Array.isArray(b)) return (b as readonly Series[]).map((one) => combine(a, one, operator) as Series);
  const times = isSeries(a) ? a : (b as Series);
  const results = new Map<number, number>();
  for (const at of times.keys()) {
    const [left, right] = [valueAt(a, at), valueAt(b, at)];
    const result = left === undefined || right === undefined ? Number.NaN : operator(left, right);
    if (Number.isFinite(result)) results.set(at, result);
  }
  return results;
}

function choose(condition: Value, whenTrue: Value, whenFalse: Value): Value {
  if (typeof condition === 'number') return condition !== 0 ? whenTrue : whenFalse;
  const chosen = [...(condition as Series)].flatMap(([at, value]) => {
    const result = valueAt(value !== 0 ? whenTrue : whenFalse, at);
    return result === undefined ? [] : [[at, result] as const];
  });
  return new Map(chosen);
}

function valueAt(value: Value, at: number): number | undefined {
  if (typeof value === 'number') return value;
  return isSeries(value) ? value.get(at) : undefined;
}

function mapSeries(value: Value, of: (series: Series) => Series): Value {
  if (isSeries(value)) return of(value);
  return Array.isArray(value) ? (value as readonly Series[]).map(of) : value;
}

function mapValues(value: Value, of: (value: number) => number): Value {
  if (typeof value === 'number') return of(value);
  return mapSeries(value, (series) => new Map([...series].map(([at, one]) => [at, of(one)])));
}

/** Every window of the grid gets a value: its own, else the filler; `REPEAT` is the one before. */
function fill(series: Series, filler: Value, grid: Grid): Series {
  const filled = new Map<number, number>();
  let last: number | undefined;
  for (const at of startsOf(grid)) {
    const value = series.get(at) ?? (filler === 'REPEAT' ? last : valueAt(filler, at));
    if (value !== undefined) filled.set(at, value);
    last = value;
  }
  return filled;
}

function scan(series: Series, next: (total: number, value: number) => number): Series {
  let total = 0;
  return new Map(
    [...series].map(([at, value]) => {
      total = next(total, value);
      return [at, total];
    }),
  );
}

function differences(series: Series): Series {
  const points = [...series];
  return new Map(points.slice(1).map(([at, value], index) => [at, value - (points[index]?.[1] ?? 0)]));
}
