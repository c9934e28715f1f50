import fc from 'fast-check';
import { htmlReport } from './html-report.ts';
import { latency, throughput, type Row } from './row.ts';

const page = (rows: readonly Row[]): string =>
  htmlReport({ commit: 'abc', machine: 'two cores', measuredAt: '2026-11-30 12:00 UTC', rows });

const rate = (given: Partial<Row> = {}): Row =>
  throughput({ id: 'a.rate', what: 'a rate', value: 50, unit: 'events/s', limit: 100, floor: 0.4, ...given });
const time = (given: Partial<Row> = {}): Row =>
  latency({ id: 'b.time', what: 'a time', value: 50, unit: 'ms', limit: 20, floor: 0.5, ...given });

/** Where on the scale a class of mark ends, in percent. */
const ends = (html: string, mark: string): number =>
  Number(new RegExp(`(?:width|x1)="([\\d.]+)"[^>]*class="${mark}"`).exec(html)?.[1]);

it('ours, the limit and the floor are drawn on one scale: of a rate ours must reach the line', () => {
  const html = page([rate()]);
  expect([ends(html, 'ours'), ends(html, 'limit'), ends(html, 'floor')]).toEqual([50, 100, 40]);
  expect(html).toContain('1 of 1 floors are held.');
});

it('of a time ours must not go beyond the line', () => {
  const html = page([time()]);
  expect([ends(html, 'ours'), ends(html, 'limit'), ends(html, 'floor')]).toEqual([100, 40, 80]);
  expect(html).toContain('0 of 1 floors are held.');
  expect(html).toContain('<article id="b.time" class="missed">');
});

it('a row with nothing beside it has its figure and no chart', () => {
  const html = page([time({ limit: null, floor: null, value: 1234 })]);
  expect(html).toContain('1,234 ms');
  expect(html).not.toContain('<svg');
});

it('marks stay on the scale, and text is text, whatever was measured and said', () => {
  const positive = fc.double({ min: 0.001, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(
      positive,
      positive,
      fc.double({ min: 0.01, max: 10, noNaN: true }),
      fc.string(),
      (value, limit, floor, what) => {
        const html = page([rate({ value, limit, floor, what: `${what}<script>"&` })]);
        for (const mark of ['ours', 'limit', 'floor']) expect(ends(html, mark)).toBeLessThanOrEqual(100);
        expect(html).not.toContain('<script>');
        expect(html).toContain('&lt;script&gt;&quot;&amp;');
      },
    ),
  );
});

it('needs nothing from elsewhere', () => {
  expect(page([rate(), time()])).not.toMatch(/https?:|src=|@import|url\(/);
});
