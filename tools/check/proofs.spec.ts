import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './command.ts';
import { proofsOf, titlesOf, type Point } from './proofs.ts';

const docs = join(ROOT, 'docs');
const lists = proofsOf(readFileSync(join(docs, 'proofs.md'), 'utf8'));
const points = lists.flatMap(({ of, points }) => points.map((point) => [`${of}, ${point.number}`, point] as const));

/** What of a point nobody proves any more. */
const missing = ({ proofs }: Point, read: (file: string) => string): readonly string[] =>
  proofs.flatMap(({ file, titles }) => {
    const known = titlesOf(read(join(docs, file)));
    return titles.filter((title) => !known.some((each) => each.includes(title))).map((title) => `${file}: ${title}`);
  });

describe('the tables of proofs', () => {
  it('have every point of both edges, one after the other', () => {
    expect(lists.map(({ of, points }) => [of, points.map(({ number }) => number)])).toEqual([
      ['The WebSocket sessions', Array.from({ length: 16 }, (_, n) => String(n + 1))],
      ['The ProQuant webhook', Array.from({ length: 18 }, (_, n) => String(n + 1))],
    ]);
  });

  it.each(points)('of %s name tests that are there and run', (_which, point) => {
    expect(point.what).not.toBe('');
    expect(point.proofs.flatMap(({ titles }) => titles)).not.toEqual([]);
    expect(point.proofs.filter(({ file, titles }) => titles.length === 0 || !file.endsWith('.spec.ts'))).toEqual([]);
    expect(missing(point, (file) => readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('miss a test that was renamed, skipped or taken away', () => {
    const [list] = proofsOf(
      '## One\n\n| point | what | proved by |\n| - | - | - |\n| 1 | all | [a](a.spec.ts) “is so” |\n',
    );
    const found = (text: string) => list?.points.flatMap((point) => missing(point, () => text));
    expect(found("it('is so, always', () => {")).toEqual([]);
    expect(found("  it.each([\n    1,\n  ])('what is so %i', (n) => {")).toEqual([]);
    for (const text of [
      "it.skip('is so', () => {",
      "xit('is so', () => {",
      "// it('is so', () => {",
      "it('was so', () => {",
      "describe.skip('all', () => {\n  it('is so', () => {",
    ])
      expect(found(text)).toEqual(['a.spec.ts: is so']);
  });
});
