import type { FlowGraph } from '../../../bin/console/api/health';
import { leastPeriodOf } from '../../../bin/console/flow';
import {
  drawingOf,
  hasValues,
  highestOf,
  inFigures,
  latestOf,
  periodInWords,
} from '../../../bin/console/page/health/series';

const graph = (lines: Record<string, [number, number][]>, isStacked = false): FlowGraph => ({
  title: 'Graph',
  isStacked,
  period: 60,
  marks: [],
  lines: Object.entries(lines).map(([label, points]) => ({ label, points })),
});

const LINES: Record<string, [number, number][]> = {
  one: [
    [60_000, 3],
    [180_000, 1],
  ],
  two: [[120_000, 5]],
  zeros: [[60_000, 0]],
};

it('draws lines over the same times, with gaps, and none that is only zeros', () => {
  const { times, series } = drawingOf(graph(LINES));
  expect(times).toEqual([60, 120, 180]);
  expect(series).toEqual([
    { label: 'one', values: [3, null, 1], heights: [3, null, 1] },
    { label: 'two', values: [null, 5, null], heights: [null, 5, null] },
  ]);
  expect(series.map(latestOf)).toEqual([1, 5]);
  expect(series.map(highestOf)).toEqual([3, 5]);
});

it('stacks lines, and keeps their own values for the legend', () => {
  const { series } = drawingOf(graph(LINES, true));
  expect(series).toEqual([
    { label: 'one', values: [3, 0, 1], heights: [3, 0, 1] },
    { label: 'two', values: [0, 5, 0], heights: [3, 5, 1] },
  ]);
});

it('knows a graph without values', () => {
  expect([graph({}), graph({ zeros: [[60_000, 0]] }), graph(LINES)].map(hasValues)).toEqual([false, false, true]);
});

it.each([
  [0, '0'],
  [0.12345, '0.123'],
  [99.95, '99.95'],
  [1234.5, '1,235'],
])('writes %d as %s', (value, text) => {
  expect(inFigures(value)).toBe(text);
});

it.each([
  [1, 60, 'minute'],
  [3, 60, 'minute'],
  [24, 240, '4 minutes'],
])('gives %d hours a value each %d seconds', (hours, seconds, words) => {
  expect(leastPeriodOf({ from: 0, to: hours * 3_600_000 })).toBe(seconds);
  expect(periodInWords(seconds)).toBe(words);
});
