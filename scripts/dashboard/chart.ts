/** Draws the lines of a graph as SVG. */
import type { Line, Range, Widget } from '../../bin/dashboard';
import { escapeHtml } from './html';

/** Visible on white and on black. */
const COLOURS = [
  '#3b82c4',
  '#e08214',
  '#2f9e62',
  '#9061c2',
  '#d6569b',
  '#0e9aa7',
  '#7a8694',
  '#8a9a1b',
  '#b5593a',
  '#5c6bc0',
  '#4d7c55',
  '#a3762f',
];

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Margins for the numbers on the left, and for the times below. */
const LEFT = 44;
const BELOW = 18;
const MINUTE_MS = 60_000;

/** The graph and its legend. */
export function drawChart(widget: Widget, lines: readonly Line[], range: Range, size: Size): string {
  const { stacked = false, annotations } = widget.properties;
  const marks = annotations?.horizontal ?? [];
  const coloured = lines.map((line, index) => ({ ...line, colour: COLOURS[index % COLOURS.length]! }));
  const layers = stacked ? stack(coloured, range) : coloured;
  const values = [
    ...layers.flatMap(({ points }) => points.map(([, value]) => value)),
    // Room for the mark's label above it.
    ...marks.map(({ value }) => value * 1.1),
  ];
  const top = niceTop(Math.max(1, ...values));
  const x = (at: number) => LEFT + ((at - range.from) / (range.to - range.from)) * (size.width - LEFT);
  const y = (value: number) => (1 - value / top) * (size.height - BELOW) + 4;
  // The top of a stack is drawn first, and what is below covers it: so each layer has the colour of its legend. A line under
  // another is thicker, so that each is visible.
  const shapes = stacked
    ? layers.map(({ points, colour }) => area(points, colour, x, y)).reverse()
    : layers.map(({ points, colour }, index) => curve(points, colour, x, y, index === 0 ? 4 : 1.6));
  const markLines = marks.map(
    ({ value, label = '' }) =>
      `<line class="mark" x1="${LEFT}" x2="${size.width}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text class="mark-label" x="${size.width}" y="${y(value) - 4}" text-anchor="end">${escapeHtml(label)}</text>`,
  );
  const legend = coloured.map(
    ({ label, colour }) => `<span><i style="background:${colour}"></i>${escapeHtml(label)}</span>`,
  );
  const svg = [...axes(top, range, size, x, y), ...shapes, ...markLines].join('');
  const empty = lines.length === 0 ? '<span>no data: nothing of the kind has happened</span>' : '';
  return `<svg width="${size.width}" height="${size.height + 6}">${svg}</svg><div class="legend">${legend.join('')}${empty}</div>`;
}

/** The next larger number of one digit, or such a number with zeros. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * Math.ceil(value / power);
}

type Place = (value: number) => number;

function axes(top: number, range: Range, size: Size, x: Place, y: Place): string[] {
  const rows = [0, 0.5, 1].map((share) => {
    const height = y(top * share);
    return (
      `<line class="axis" x1="${LEFT}" x2="${size.width}" y1="${height}" y2="${height}"/>` +
      `<text x="${LEFT - 6}" y="${height + 4}" text-anchor="end">${(top * share).toLocaleString('en-GB', top < 100_000 ? {} : { notation: 'compact' })}</text>`
    );
  });
  const minutes = (range.to - range.from) / MINUTE_MS;
  const step = Math.ceil(minutes / 5);
  const columns = Array.from({ length: Math.floor(minutes / step) }, (_, index) => {
    const at = range.from + (index + 0.5) * step * MINUTE_MS;
    const whole = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    return `<text x="${x(whole)}" y="${size.height + 4}" text-anchor="middle">${new Date(whole).toISOString().slice(11, 16)}</text>`;
  });
  return [...rows, ...columns];
}

function curve(points: Line['points'], colour: string, x: Place, y: Place, strokeWidth: number): string {
  const path = points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const [only] = points;
  if (points.length === 1 && only) return `<circle cx="${x(only[0])}" cy="${y(only[1])}" r="3" fill="${colour}"/>`;
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${strokeWidth}"/>`;
}

function area(points: Line['points'], colour: string, x: Place, y: Place): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return '';
  const path = points.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return `<polygon points="${x(first[0])},${y(0)} ${path} ${x(last[0])},${y(0)}" fill="${colour}"/>`;
}

/** Each line on top of the previous ones; a minute without a value counts as 0. */
function stack<Layer extends Line>(lines: readonly Layer[], { from, to }: Range): Layer[] {
  const starts = Array.from({ length: Math.floor((to - from) / MINUTE_MS) }, (_, index) => from + index * MINUTE_MS);
  const heights = new Map<number, number>();
  return lines.map((line) => {
    const values = new Map(line.points);
    const points = starts.map((at) => {
      const height = (heights.get(at) ?? 0) + (values.get(at) ?? 0);
      heights.set(at, height);
      return [at, height] as const;
    });
    return { ...line, points };
  });
}
