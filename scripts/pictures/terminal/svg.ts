/** Draws a recording as an animated SVG. It has no script and no font of its own, so that any page can show it as a picture. */
import { escapeHtml } from '../../dashboard/html';
import { type Clock, clockOf, type Moment } from './clock';
import { COLUMNS, type Recording } from './recording';
import { type Line, linesOf, type Run } from './screen';

/** Pixels. A character is as wide as in most monospaced fonts of that size; those of others are moved to fit. */
const FONT = { size: 14, width: 8.4, line: 19 };
const PADDING = 14;
const WIDTH = COLUMNS * FONT.width + 2 * PADDING;

const STYLE = `
svg { --page: #fff; --line: #d0d7de; --text: #1f2328; --dim: #59636e; --red: #cf222e; --green: #1a7f37; --yellow: #7d4e00; --magenta: #8250df; --cyan: #0a6e7c; }
@media (prefers-color-scheme: dark) {
  svg { --page: #0d1117; --line: #3d444d; --text: #e6edf3; --dim: #9198a1; --red: #ff7b72; --green: #56d364; --yellow: #e3b341; --magenta: #d2a8ff; --cyan: #56d4dd; }
}
text { font: ${FONT.size}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: var(--text); white-space: pre; }
rect, line { fill: var(--page); stroke: var(--line); }
.bold, .typed { font-weight: bold; }
.dim, .prompt { fill: var(--dim); }
.red { fill: var(--red); } .green { fill: var(--green); } .yellow { fill: var(--yellow); } .magenta { fill: var(--magenta); } .cyan { fill: var(--cyan); }
`;

/** The lines of one terminal, and where it begins. */
interface Pane {
  readonly rows: number;
  readonly lines: readonly Line[];
  readonly top: number;
  readonly name: string;
}

/** The picture of all terminals, one below the other. */
export function drawSvg(title: string, { terminals }: Recording): string {
  let height = PADDING;
  const panes = terminals.map((terminal, index): Pane => {
    const pane = { rows: terminal.rows, lines: linesOf(terminal), top: height, name: `pane${index}` };
    height += terminal.rows * FONT.line + PADDING;
    return pane;
  });
  const clock = clockOf(panes.flatMap(({ lines }) => lines.flatMap(({ runs }) => runs.map(({ at }) => at))));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escapeHtml(title)}</title>
<style>${STYLE}${motionOf(panes, clock)}</style>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
${panes.map((pane) => drawPane(pane, clock)).join('\n')}
</svg>
`;
}

/** Where readers want no motion, and where animations are not drawn, the last picture stands still. */
function motionOf(panes: readonly Pane[], clock: Clock): string {
  const appear = clock.moments.map(
    ({ percent, name }) =>
      `.${name}{animation-name:${name}}@keyframes ${name}{0%{visibility:hidden}${percent}%{visibility:visible}}`,
  );
  const scroll = panes.map(({ rows, lines, name }) => {
    const steps = scrolls(rows, lines, clock).map(
      ([percent, hidden]) => `${percent}%{transform:translateY(${-hidden * FONT.line}px)}`,
    );
    return `.${name}{animation-name:${name}}@keyframes ${name}{0%{transform:none}${steps.join('')}}`;
  });
  const timing = `text,g{animation:${clock.length / 1_000}s step-end infinite}`;
  return `@media (prefers-reduced-motion: no-preference) {\n${[timing, ...appear, ...scroll].join('\n')}\n}\n`;
}

/** How many lines are above the screen, from when on. */
function scrolls(rows: number, lines: readonly Line[], clock: Clock): [percent: number, hidden: number][] {
  const hidden = new Map<number, number>();
  for (const [index, { runs }] of lines.entries()) {
    const [first] = runs;
    if (first && index >= rows) hidden.set(clock.momentOf(first.at).percent, index - rows + 1);
  }
  return [...hidden];
}

function drawPane({ rows, lines, top, name }: Pane, clock: Clock): string {
  const box = `x="0" y="${top}" width="${WIDTH}" height="${rows * FONT.line + 3}"`;
  const hidden = Math.max(0, lines.length - rows);
  const texts = lines.flatMap(({ runs }, index) =>
    runs.flatMap((run) => drawRun(run, top + (index + 1) * FONT.line - 5, clock.momentOf(run.at))),
  );
  const rule = top > PADDING ? `<line x1="0" x2="${WIDTH}" y1="${top - PADDING / 2}" y2="${top - PADDING / 2}"/>` : '';
  return `${rule}<clipPath id="${name}"><rect ${box}/></clipPath><g clip-path="url(#${name})"><g class="${name}" transform="translate(0 ${-hidden * FONT.line})">
${texts.join('\n')}
</g></g>`;
}

/** Spaces at both ends take no part: places say where a text is. */
function drawRun({ column, text, style }: Run, y: number, { name }: Moment): string[] {
  const inner = text.trim();
  if (inner === '') return [];
  const x = PADDING + (column + text.indexOf(inner)) * FONT.width;
  const width = inner.length * FONT.width;
  return [
    `<text class="${`${name} ${style}`.trim()}" x="${fixed(x)}" y="${y}" textLength="${fixed(width)}">${escapeHtml(inner)}</text>`,
  ];
}

const fixed = (value: number): string => String(Math.round(value * 10) / 10);
