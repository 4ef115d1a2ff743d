/** Lines that fit the terminal. */

import { footer, tableOf } from '../../bin/output';
import { columnsOf, cut, reflowed, widthOf, wrapped } from '../../bin/terminal';

const RED = '\u001b[31m';
const PLAIN = '\u001b[39m';

afterEach(() => {
  delete process.env.COLUMNS;
});

it.each([
  [{ isTTY: true, columns: 132 }, undefined, 132],
  [{ isTTY: true, columns: 132 }, '60', 132],
  [{ isTTY: true, columns: 0 }, undefined, 80],
  [{ isTTY: true, columns: 0 }, '60', 60],
  [{ isTTY: false, columns: 0 }, '60', 60],
  [{ isTTY: false, columns: 0 }, undefined, undefined],
  [{ isTTY: false, columns: 0 }, 'wide', undefined],
])('the columns of %j with COLUMNS=%j are %j', (stream, variable, columns) => {
  if (variable !== undefined) process.env.COLUMNS = variable;
  expect(columnsOf(stream)).toBe(columns);
});

it.each([
  ['one two three', 7, 'one two\nthree'],
  ['  one two three', 9, '  one two\n  three'],
  ['see https://docs.example/a/very/long/address now', 20, 'see\nhttps://docs.example/a/very/long/address\nnow'],
  [`${RED}one${PLAIN} two three`, 7, `${RED}one${PLAIN} two\nthree`],
  ['one two three', undefined, 'one two three'],
])('wraps %j at %j', (text, columns, lines) => {
  expect(wrapped(text, columns)).toBe(lines);
});

it('breaks paragraphs anew, and leaves what is indented and what follows a colon', () => {
  const text = 'A paragraph that was\nbroken by hand.\n\nExamples:\n  one\n  two';
  expect(reflowed(text, 80)).toBe('A paragraph that was broken by hand.\n\nExamples:\n  one\n  two');
});

it('breaks the text below a help at 80 columns where no width is known', () => {
  expect(footer('word '.repeat(40).trim())().split('\n').map(widthOf)).toEqual([79, 79, 39]);
});

it('measures without colours, and cuts with an ellipsis', () => {
  expect(widthOf(`${RED}four${PLAIN}\nfiver`)).toBe(5);
  expect(cut('5c7b0c62f9a54a2d', 9)).toBe('5c7b0c62…');
  expect(cut('5c7b0c62', 8)).toBe('5c7b0c62');
});

describe('a table', () => {
  const ID = '5c7b0c62f9a54a2d8f1e3b7a90d4c615';
  const columns = [
    { title: 'id', value: () => ID, narrow: 'cut' as const },
    { title: 'kept', value: () => 'stays as it is' },
    { title: 'said', value: () => 'a sentence of some words', narrow: 'wrap' as const },
  ];

  it('is whole where lines may be of any length, and where all fits', () => {
    const whole = `${'id'.padEnd(32)}  kept            said\n${ID}  stays as it is  a sentence of some words`;
    expect(tableOf(columns, ['row'], undefined)).toBe(whole);
    expect(tableOf(columns, ['row'], 80)).toBe(whole);
  });

  it('cuts ids first, then wraps sentences, and is never wider than it may be', () => {
    expect(tableOf(columns, ['row'], 60)).toContain(`${ID.slice(0, 17)}…  stays as it is  a sentence of some words`);
    const narrow = tableOf(columns, ['row'], 50).split('\n');
    expect(narrow[1]).toBe(`${ID.slice(0, 12)}…  stays as it is  a sentence of some`);
    expect(Math.max(...narrow.map(widthOf))).toBeLessThanOrEqual(50);
  });
});
