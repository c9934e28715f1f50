import fc from 'fast-check';
import stringWidth from 'string-width';
import { fitted, terminalOf, table, type Terminal } from './table.ts';

const head = ['account', 'note'];
const rows = [
  ['a1', 'the broker said no, and said it at such a length that no terminal is wide enough'],
  ['日本', null],
];
const on = (columns: number | null, colours = false): Terminal => ({ columns, colours });
const linesOn = (terminal: Terminal): readonly string[] => table(head, rows, 'none', terminal).split('\n');

describe('a table', () => {
  it('is as wide as it must be where nobody looks, a row a line, and wide characters count twice', () => {
    expect(linesOn(on(null))).toEqual(['account  note', `a1       ${rows[0]?.[1]}`, '日本     -']);
  });

  it.each([20, 40, 80])('fits a terminal of %i columns, and loses nothing', (columns) => {
    const lines = linesOn(on(columns));
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    const letters = (text: string): string => [...text.replaceAll(/\s/g, '')].toSorted().join('');
    expect(letters(lines.join(''))).toBe(letters(linesOn(on(null)).join('')));
  });

  it('breaks between words, and within one only where it is wider than its column', () => {
    const row = ['open since 2026-11-29 23:42:51.150', 'bdbfd035b7df-525f'];
    expect(table(['session', 'account'], [row], 'none', on(26)).split('\n')).toEqual([
      ...['session       account', 'open since    bdbfd035b7df', '2026-11-29    -525f', '23:42:51.150'],
    ]);
  });

  it('is no wider than a terminal of twenty columns or more, whatever it shows', () => {
    const text = fc.stringMatching(/^[a-z日本 -]{0,40}$/);
    const shown = fc
      .integer({ min: 1, max: 12 })
      .chain((count) =>
        fc.array(fc.array(text, { minLength: count, maxLength: count }), { minLength: 2, maxLength: 4 }),
      );
    fc.assert(
      fc.property(shown, fc.integer({ min: 20, max: 120 }), ([names = [], ...others], columns) => {
        const lines = table(names, others, 'none', on(columns)).split('\n');
        expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it('is a list where its columns have no room beside each other: row by row, a line for each cell', () => {
    const names = ['account', 'venue', 'mode', 'login'];
    const accounts = [
      ['bdbfd035', 'demo', 'demo', '10001'],
      ['1df1f0a9', 'paper', 'demo', null],
    ];
    expect(table(names, accounts, 'none', on(22)).split('\n')).toEqual([
      ...['account  bdbfd035', 'venue    demo', 'mode     demo', 'login    10001', ''],
      ...['account  1df1f0a9', 'venue    paper', 'mode     demo', 'login    -'],
    ]);
  });

  it('breaks nothing that fits', () => {
    expect(linesOn(on(200))).toEqual(linesOn(on(null)));
  });

  it('has its head stand out in colours, and is the same without them', () => {
    const [first = '', ...others] = linesOn(on(200, true));
    expect(first).toBe('\u001b[1maccount  note\u001b[22m');
    expect(others).toEqual(linesOn(on(200)).slice(1));
  });

  it('shows what it is told as text: nobody colours the terminal from afar', () => {
    expect(table(['a'], [['\u001b[31mred']], 'none', on(null))).toBe('a\n\ufffd[31mred');
  });

  it('is a sentence where there is nothing', () => {
    expect(table(head, [], 'nobody', on(80))).toBe('nobody');
  });
});

it('takes room from the widest columns first, down to what can be read', () => {
  expect(fitted([3, 50, 20], 43)).toEqual([3, 20, 20]);
  expect(fitted([3, 50, 20], 10)).toEqual([3, 6, 6]);
  expect(fitted([3, 5], 100)).toEqual([3, 5]);
});

it('colours only on a terminal that has colours, and never with NO_COLOR', () => {
  const terminal = { isTTY: true, columns: 80, hasColors: () => true };
  expect(terminalOf(terminal, {})).toEqual(on(80, true));
  expect(terminalOf(terminal, { NO_COLOR: '1' })).toEqual(on(80));
  expect(terminalOf({ ...terminal, hasColors: () => false }, {})).toEqual(on(80));
  expect(terminalOf({ ...terminal, isTTY: false }, {})).toEqual(on(null));
});

it('is as wide as it must be on a terminal that does not say how wide it is', () => {
  expect(terminalOf({ isTTY: true, columns: 0 }, {})).toEqual(on(null));
});
