/** Sections of docs/runbook.md as HTML. The runbook is our own file; even so, no HTML in it reaches the page. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Marked, type RendererObject, type Tokens } from 'marked';
import { anchorOf } from '../../lib/monitoring/names';

/** In a clone beside the sources; `npm run build` puts it beside the page, seen from the bundled command line. */
const FILES = [join(__dirname, '..', '..', 'docs', 'runbook.md'), join(__dirname, '..', 'console', 'runbook.md')];

/** The text of the runbook. */
export function readRunbook(): string {
  const file = FILES.find(existsSync);
  if (file === undefined) throw new Error('The runbook is missing in this installation: install Meetbus again.');
  return readFileSync(file, 'utf8');
}

/** A section with its heading and what is below it. */
interface Section {
  readonly title: string;
  /** Without the heading. */
  readonly markdown: string;
}

/** The section with that anchor, or that has a heading with it; undefined if there is none. */
export function sectionOf(runbook: string, anchor: string): Section | undefined {
  const [, ...sections] = runbook.split(/^## /m);
  for (const text of sections) {
    const [title = '', ...lines] = text.split('\n');
    const headings = [title, ...lines.flatMap((line) => /^###+ (.+)$/.exec(line)?.[1] ?? [])];
    if (headings.some((heading) => anchorOf(heading) === anchor)) return { title, markdown: lines.join('\n').trim() };
  }
  return undefined;
}

/** Markdown as HTML without scripts, styles, images and links out of the console. */
export const toHtml = (markdown: string): string =>
  new Marked({ renderer: RENDERER }).parse(markdown, { async: false });

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const RENDERER: RendererObject = {
  html: ({ text }: Tokens.HTML | Tokens.Tag) => escaped(text),
  image: ({ text }: Tokens.Image) => escaped(text),
  link({ href, tokens }: Tokens.Link) {
    const text = this.parser.parseInline(tokens);
    if (href.startsWith('#')) return `<a href="#/health/${encodeURIComponent(href.slice(1))}">${text}</a>`;
    // The console asks nobody else: another page of the documentation is named, not linked.
    return `${text} (<code>${escaped(href.replace(/^\.\.\//, '').replace(/^(?=[a-z-]+\.md)/, 'docs/'))}</code>)`;
  },
};
