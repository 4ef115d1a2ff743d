/** The picture of a dashboard. */

import type { Widget } from '../../bin/dashboard';
import { drawChart } from '../../scripts/dashboard/chart';

const MINUTE_MS = 60_000;
const RANGE = { from: 0, to: 3 * MINUTE_MS };
const LINES = ['one', 'two', 'three'].map((label) => ({
  label,
  points: [0, 1, 2].map((minute) => [minute * MINUTE_MS, 1] as const),
}));

const draw = (stacked: boolean) => {
  const widget: Widget = { type: 'metric', x: 0, y: 0, width: 12, height: 6, properties: { stacked } };
  return drawChart(widget, LINES, RANGE, { width: 400, height: 200 });
};

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);

it.each([
  ['lines', false, /<polyline [^>]*stroke="([^"]+)"/g],
  ['areas', true, /<polygon [^>]*fill="([^"]+)"/g],
])('%s have the colours of their legend, and let no other shine through', (_, stacked, shapes) => {
  const picture = draw(stacked);
  const legend = all(picture, /background:(#\w+)/g);
  expect(legend).toHaveLength(LINES.length);
  expect(all(picture, shapes).sort()).toEqual(legend.toSorted());
  expect(picture).not.toContain('opacity');
});

it('draws the top of a stack first, because what is below covers it', () => {
  const heights = all(draw(true), /<polygon points="[\d.]+,[\d.]+ [\d.]+,([\d.]+)/g).map(Number);
  expect(heights).toEqual(heights.toSorted((a, b) => a - b));
});
