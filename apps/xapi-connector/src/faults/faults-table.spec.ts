import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const table = readFileSync(join(__dirname, '../../../../docs/xapi-faults.md'), 'utf8');
const FAULTS = 62;

/** The rows of the table: number, file names and test titles. */
const rows = table.split('\n').flatMap((line) => {
  const cells = line.split('|').map((cell) => cell.trim());
  const number = Number(cells[1]);
  if (!Number.isInteger(number) || number === 0) return [];
  return [
    {
      number,
      files: (cells[4] ?? '').split(', '),
      titles: [...(cells[5] ?? '').matchAll(/`([^`]+)`/g)].map(([, title]) => title ?? ''),
    },
  ];
});

/** What is proven beyond the list: a line for each file, which names its tests. */
const beyond = [...table.matchAll(/^- in `([a-z-]+)`(.*)$/gm)].map(([, file = '', line = '']) => ({
  file,
  titles: [...line.matchAll(/`([^`]+)`/g)].map(([, title = '']) => title).filter((title) => title.includes(' ')),
}));

const specOf = (file: string): string => readFileSync(join(__dirname, `${file}.int.spec.ts`), 'utf8');

describe('the table of faults', () => {
  it('has a row for each', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: FAULTS }, (_, index) => index + 1));
  });

  it.each(rows)('names tests of fault $number that exist', ({ files, titles }) => {
    const specs = files.map(specOf);
    expect(titles.length).toBeGreaterThan(0);
    expect(titles.filter((title) => !specs.some((spec) => spec.includes(title)))).toEqual([]);
  });

  it.each(beyond)('names tests of $file beyond the list that exist', ({ file, titles }) => {
    expect(titles.length).toBeGreaterThan(0);
    expect(titles.filter((title) => !specOf(file).includes(title))).toEqual([]);
  });
});
