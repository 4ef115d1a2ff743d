/** The animated picture of terminals: what commands print, where and when a terminal would show it. */
import { clockOf } from '../../scripts/pictures/terminal/clock';
import { COLUMNS, Recording, Terminal } from '../../scripts/pictures/terminal/recording';
import { linesOf } from '../../scripts/pictures/terminal/screen';
import { drawSvg } from '../../scripts/pictures/terminal/svg';

/** A terminal in which that was printed, a chunk each second. */
function printed(...texts: readonly string[]): Terminal {
  const terminal = new Terminal(3, () => 0);
  terminal.chunks.push(...texts.map((text, index) => ({ at: index * 1_000, text, isTyped: false })));
  return terminal;
}

it('lays out coloured text, also where a chunk ends in the middle of a line', () => {
  expect(linesOf(printed('a \x1b[1mbold\x1b[22m\n\x1b[2mdi', 'm\x1b[22m\n'))).toEqual([
    {
      runs: [
        { at: 0, column: 0, text: 'a ', style: '' },
        { at: 0, column: 2, text: 'bold', style: 'bold' },
      ],
    },
    {
      runs: [
        { at: 0, column: 0, text: 'di', style: 'dim' },
        { at: 1_000, column: 2, text: 'm', style: 'dim' },
      ],
    },
  ]);
});

it('breaks a line that is longer than the terminal is wide', () => {
  const [first, second] = linesOf(printed(`${'x'.repeat(COLUMNS)}yz\n`));
  expect(first?.runs).toEqual([expect.objectContaining({ text: 'x'.repeat(COLUMNS) })]);
  expect(second?.runs).toEqual([expect.objectContaining({ column: 0, text: 'yz' })]);
});

it('says which escape sequence it cannot draw', () => {
  expect(() => linesOf(printed('\x1b[2K'))).toThrow('"\\u001b[2K" is not understood');
});

it('shortens long pauses, and joins what comes nearly together', () => {
  const clock = clockOf([0, 10, 60_000]);
  expect(clock.moments).toHaveLength(2);
  expect(clock.momentOf(10)).toBe(clock.momentOf(0));
  expect(clock.length).toBeLessThan(10_000);
});

it('records what a command prints, and draws it with the end of the output in view', async () => {
  const recording = new Recording();
  await recording.open(3).run(String.raw`printf 'one\n<two>\nthree\nfour\n'`);
  const svg = drawSvg('Four lines', recording);
  expect(svg).toContain('&lt;two&gt;');
  // Of the command and its four lines, two are above the three rows.
  expect(svg).toContain('translate(0 -38)');
});

it('reports a command that fails, with its output', async () => {
  const recording = new Recording();
  const run = recording.open(3).run('echo why >&2; exit 3');
  await expect(run).rejects.toThrow(/ended with 3:[\s\S]*why/);
});
