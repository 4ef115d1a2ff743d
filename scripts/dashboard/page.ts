/** A dashboard as an HTML page, with its widgets at their positions, in light or dark as the browser prefers. */

import type { Line, Range, Widget } from '../../bin/dashboard';
import { drawChart } from './chart';
import { escapeHtml } from './html';

interface Dashboard {
  readonly widgets: readonly Widget[];
  readonly graphs: ReadonlyMap<Widget, readonly Line[]>;
  /** Whether an alarm fires, by its ARN. */
  readonly alarms: ReadonlyMap<string, boolean>;
  readonly range: Range;
}

/** Pixels of the whole page: about what a README is wide, so that text keeps its size there. */
export const PAGE_WIDTH = 900;

/** Pixels of one unit of a dashboard, which is 24 units wide. Rows grow with their content. */
const UNIT = { width: PAGE_WIDTH / 24, height: 33 };
const GAP = 8;

const STYLE = `
  :root { --page: #f2f4f6; --card: #fff; --text: #16191f; --dim: #545b64; --line: #dfe3e6; --late: #c62828;
    --good: #e6f4ea; --good-text: #1b5e20; }
  @media (prefers-color-scheme: dark) {
    :root { --page: #0d1117; --card: #161b22; --text: #e6edf3; --dim: #9da7b1; --line: #30363d; --late: #ff7b72;
      --good: #14301f; --good-text: #8fd6a5; }
  }
  body { margin: 0; background: var(--page); font: 12px 'DejaVu Sans', sans-serif; color: var(--text); }
  main { display: grid; grid-template-columns: repeat(24, 1fr); grid-auto-rows: minmax(${UNIT.height - GAP}px, auto);
    gap: ${GAP}px 0; padding: ${GAP}px ${GAP / 2}px; }
  section { box-sizing: border-box; margin: 0 ${GAP / 2}px; padding: 8px 12px; overflow: hidden; background: var(--card);
    border: 1px solid var(--line); border-radius: 4px; }
  h3 { font-size: 12px; margin: 0 0 6px; font-weight: 600; }
  h2 { font-size: 17px; margin: 0 0 6px; }
  p { margin: 0; color: var(--dim); }
  svg { font-size: 11px; fill: var(--dim); stroke-linejoin: round; }
  .axis { stroke: var(--line); }
  .mark { stroke: var(--late); stroke-dasharray: 5 4; }
  .mark-label { fill: var(--late); }
  .numbers { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: baseline; }
  .number { font-size: 22px; white-space: nowrap; }
  .number small { font-size: 11px; color: var(--dim); margin-left: 5px; }
  .legend { display: flex; flex-wrap: wrap; gap: 2px 12px; font-size: 11px; color: var(--dim); }
  .legend i { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 5px; }
  .alarms { display: flex; flex-wrap: wrap; gap: 5px; font-size: 11px; }
  .alarms span { padding: 2px 6px; border-radius: 3px; background: var(--good); color: var(--good-text); }
  .alarms span.firing { background: #c62828; color: #fff; font-weight: 600; }
`;

/** The whole page. */
export function renderPage(dashboard: Dashboard): string {
  const top = Math.min(...dashboard.widgets.map(({ y }) => y));
  const sections = dashboard.widgets.map((widget) => {
    const { x, y, width, height } = widget;
    const place = `grid-area: ${y - top + 1} / ${x + 1} / span ${height} / span ${width}`;
    return `<section style="${place}">${contentOf(widget, dashboard)}</section>`;
  });
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><main>${sections.join('')}</main>`;
}

function contentOf(widget: Widget, { graphs, alarms, range }: Dashboard): string {
  const { title = '', markdown = '', alarms: shown = [], view } = widget.properties;
  const heading = title === '' ? '' : `<h3>${escapeHtml(title)}</h3>`;
  if (widget.type === 'text') return textOf(markdown);
  if (widget.type === 'alarm')
    return `${heading}<div class="alarms">${shown.map((arn) => alarm(arn, alarms)).join('')}</div>`;
  const lines = graphs.get(widget) ?? [];
  if (view === 'singleValue') return `${heading}<div class="numbers">${lines.map(number).join('') || NO_NUMBER}</div>`;
  const size = { width: widget.width * UNIT.width - GAP - 30, height: widget.height * UNIT.height - GAP - 74 };
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
