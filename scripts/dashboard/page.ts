/** A dashboard as an HTML page, with its widgets at their positions. */
import { drawChart } from './chart';
import type { Line, Range, Widget } from './data';
import { escapeHtml } from './html';

interface Dashboard {
  readonly widgets: readonly Widget[];
  readonly graphs: ReadonlyMap<Widget, readonly Line[]>;
  /** Whether an alarm fires, by its ARN. */
  readonly alarms: ReadonlyMap<string, boolean>;
  readonly range: Range;
}

/** Pixels of one unit of a dashboard, which is 24 units wide. */
const UNIT = { width: 52, height: 40 };
const GAP = 8;

/** Pixels of the whole page. */
export const PAGE_WIDTH = 24 * UNIT.width + GAP;

const STYLE = `
  body { margin: 0; background: #f2f3f3; font: 13px 'DejaVu Sans', sans-serif; color: #16191f; }
  main { position: relative; margin: ${GAP}px; }
  section { position: absolute; box-sizing: border-box; background: #fff; border: 1px solid #d5dbdb; border-radius: 4px;
    padding: 8px 12px; overflow: hidden; }
  h3 { font-size: 12.5px; white-space: nowrap; margin: 0 0 4px; font-weight: 600; }
  h2 { font-size: 18px; margin: 0 0 6px; }
  p { margin: 0; color: #545b64; }
  .numbers { display: flex; gap: 14px; align-items: baseline; }
  .number { font-size: 26px; white-space: nowrap; }
  .number small { font-size: 12px; color: #545b64; margin-left: 6px; }
  .legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 11px; color: #545b64; }
  .legend i { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 5px; }
  .alarms { display: flex; flex-wrap: wrap; gap: 5px; font-size: 10.5px; }
  .alarms span { padding: 3px 7px; border-radius: 3px; background: #e6f4ea; color: #1b5e20; }
  .alarms span.firing { background: #c62828; color: #fff; font-weight: 600; }
`;

/** The whole page. */
export function renderPage(dashboard: Dashboard): string {
  const bottom = Math.max(...dashboard.widgets.map(({ y, height }) => y + height)) * UNIT.height;
  const sections = dashboard.widgets.map((widget) => {
    const { x, y, width, height } = widget;
    const box = `left:${x * UNIT.width}px;top:${y * UNIT.height}px;width:${width * UNIT.width - GAP}px;height:${height * UNIT.height - GAP}px`;
    return `<section style="${box}">${contentOf(widget, dashboard)}</section>`;
  });
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><main style="height:${bottom}px">${sections.join('')}</main>`;
}

function contentOf(widget: Widget, { graphs, alarms, range }: Dashboard): string {
  const { title = '', markdown = '', alarms: shown = [], view } = widget.properties;
  const heading = title === '' ? '' : `<h3>${escapeHtml(title)}</h3>`;
  if (widget.type === 'text') return textOf(markdown);
  if (widget.type === 'alarm')
    return `${heading}<div class="alarms">${shown.map((arn) => alarm(arn, alarms)).join('')}</div>`;
  const lines = graphs.get(widget) ?? [];
  if (view === 'singleValue') return `${heading}<div class="numbers">${lines.map(number).join('') || NO_NUMBER}</div>`;
  const size = { width: widget.width * UNIT.width - GAP - 26, height: widget.height * UNIT.height - GAP - 76 };
  return `${heading}${drawChart(widget, lines, range, size)}`;
}

const textOf = (markdown: string): string =>
  markdown
    .split('\n')
    .map((line) => (line.startsWith('## ') ? `<h2>${escapeHtml(line.slice(3))}</h2>` : `<p>${escapeHtml(line)}</p>`))
    .join('');

function alarm(arn: string, states: ReadonlyMap<string, boolean>): string {
  const name = arn.split(':alarm:')[1] ?? arn;
  return `<span class="${states.get(arn) ? 'firing' : ''}">${escapeHtml(name)}</span>`;
}

const NO_NUMBER = '<span class="number">–</span>';

function number({ label, points }: Line): string {
  return `<span class="number">${points.at(-1)?.[1].toLocaleString('en-GB', { maximumFractionDigits: 2 })}<small>${escapeHtml(label)}</small></span>`;
}
