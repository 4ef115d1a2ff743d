import { readRunbook, sectionOf, toHtml } from '../../../bin/console/runbook';
import { anchorOf } from '../../../lib/monitoring/names';

const RUNBOOK = `# Runbook

Read me.

## Gateway 5xx

\`gateway-5xx\` · ticket

1. Look.

### Below it

More.

## Silence

Nothing comes.
`;

describe('a section', () => {
  it('is all below its heading', () => {
    expect(sectionOf(RUNBOOK, 'gateway-5xx')).toEqual({
      title: 'Gateway 5xx',
      markdown: '`gateway-5xx` · ticket\n\n1. Look.\n\n### Below it\n\nMore.',
    });
  });

  it('is found by a heading below it', () => {
    expect(sectionOf(RUNBOOK, 'below-it')?.title).toBe('Gateway 5xx');
  });

  it('is none without its heading', () => {
    expect(sectionOf(RUNBOOK, 'runbook')).toBeUndefined();
    expect(sectionOf(RUNBOOK, 'silenc')).toBeUndefined();
  });
});

describe('HTML', () => {
  it('leads to other sections on the same page, and only names what is elsewhere', () => {
    const html = toHtml('[one](#silence), [two](subscribing.md#duplicates), [three](https://evil.example/"x)');
    expect(html).toContain('<a href="#/health/silence">one</a>');
    expect(html).toContain('two (<code>docs/subscribing.md#duplicates</code>)');
    expect(html).toContain('three (<code>https://evil.example/&quot;x</code>)');
    expect(html.match(/<a /g)).toHaveLength(1);
  });

  it.each(['<script>alert(1)</script>', 'a <img src=x onerror=alert(1)> b', '![text](http://evil.example/a.png)'])(
    'holds none of the source: %s',
    (markdown) => {
      expect(toHtml(markdown)).not.toMatch(/<(script|img)/);
    },
  );
});

it('every section of the runbook can be shown, and every link in it leads to one', () => {
  const runbook = readRunbook();
  const headings = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
  const html = headings.map((anchor) => toHtml(sectionOf(runbook, anchor)!.markdown)).join('');
  const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((href) => !headings.some((anchor) => href === `#/health/${anchor}`))).toEqual([]);
});
