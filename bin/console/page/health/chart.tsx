/** One graph, drawn by uPlot, with its legend and its numbers as a table: a canvas says nothing to a screen reader. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { FlowGraph } from '../../api/health';
import { coloursOf, type Scheme, useScheme } from './colours';
import { type Drawing, drawingOf, highestOf, inFigures, latestOf, periodInWords, type Series } from './series';

interface ChartProps {
  readonly graph: FlowGraph;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

const HEIGHT = 170;

export function Chart({ graph, from, to }: ChartProps) {
  const drawing = useMemo(() => drawingOf(graph), [graph]);
  const scheme = useScheme();
  const [pointed, setPointed] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const plot = draw({ element, graph, drawing, scheme, from, to, onPointed: setPointed });
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [drawing, scheme, from, to]);
  return (
    <figure class="chart">
      <figcaption>
        {graph.title} <span class="dim">each {periodInWords(graph.period)}</span>
      </figcaption>
      <div ref={box} aria-hidden="true" />
      <Legend {...{ graph, drawing, scheme, pointed }} />
    </figure>
  );
}

interface LegendProps {
  readonly graph: FlowGraph;
  readonly drawing: Drawing;
  readonly scheme: Scheme;
  /** Index of the time under the pointer. */
  readonly pointed: number | null;
}

function Legend({ graph, drawing, scheme, pointed }: LegendProps) {
  const at = pointed === null ? undefined : drawing.times[pointed];
  const shownOf = (series: Series) => (pointed === null ? latestOf(series) : series.values[pointed]);
  return (
    <table class="legend">
      <caption>{graph.title}</caption>
      <thead>
        <tr>
          <th scope="col">line</th>
          <th scope="col">{at === undefined ? 'latest' : `at ${clockOf(at)}`}</th>
          <th scope="col">highest</th>
        </tr>
      </thead>
      <tbody>
        {drawing.series.map((series, index) => (
          <tr key={series.label}>
            <th scope="row">
              <i style={{ background: coloursOf(scheme).lines[index % coloursOf(scheme).lines.length] }} />
              {series.label}
            </th>
            <td>{inFigures(shownOf(series) ?? 0)}</td>
            <td>{inFigures(highestOf(series))}</td>
          </tr>
        ))}
        {graph.marks.map(({ label, value }) => (
          <tr key={label}>
            <th scope="row">
              <i class="mark" />
              {label}
            </th>
            <td colSpan={2}>{inFigures(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Draw extends ChartProps {
  readonly element: HTMLElement;
  readonly drawing: Drawing;
  readonly scheme: Scheme;
  readonly onPointed: (index: number | null) => void;
}

function draw({ element, graph, drawing, scheme, from, to, onPointed }: Draw): uPlot {
  const { lines, text, grid } = coloursOf(scheme);
  // In a stack the highest is drawn first, so that the others are in front of it.
  const order = graph.isStacked ? drawing.series.toReversed() : drawing.series;
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { range: () => [from / 1_000, to / 1_000] },
      y: { range: (_, __, highest) => [0, highest > 0 ? highest * 1.1 : 1] },
    },
    axes: [
      { ...axis, values: (_, splits) => splits.map(clockOf) },
      { ...axis, size: 56, values: (_, splits) => splits.map((split) => (split === null ? '' : inFigures(split))) },
    ],
    series: [
      {},
      ...order.map((series) => {
        const stroke = lines[drawing.series.indexOf(series) % lines.length] as string;
        return {
          label: series.label,
          stroke,
          width: 1.5,
          spanGaps: true,
          // A single value is no line.
          points: { show: drawing.times.length <= (graph.isStacked ? 1 : 60), size: 4, fill: stroke },
          ...(graph.isStacked && { fill: stroke }),
        };
      }),
    ],
    hooks: {
      setCursor: [({ cursor }) => onPointed(cursor.idx ?? null)],
      draw: [(plot) => drawMarks(plot, graph, scheme)],
    },
  };
  const data = [drawing.times, ...order.map(({ heights }) => heights)] as unknown as uPlot.AlignedData;
  return new uPlot(options, data, element);
}

/** Hours and minutes in UTC. */
const clockOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(11, 16);

/** Dashed lines, such as an objective; the legend names them. One above the values is not drawn. */
function drawMarks(plot: uPlot, { marks }: FlowGraph, scheme: Scheme): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = coloursOf(scheme).mark;
  ctx.setLineDash([6, 4]);
  for (const { value } of marks) {
    const y = plot.valToPos(value, 'y', true);
    if (y < bbox.top) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}
