import { BenchProgress } from './progress.ts';

it('says how far and how fast, every two seconds and nothing before', () => {
  const said: string[] = [];
  let nowMs = 5_000;
  const progress = new BenchProgress(
    'accounts filled',
    10_000,
    (line) => said.push(line),
    () => nowMs,
  );
  for (const [afterMs, count] of [
    [1_999, 1_000],
    [1, 1_000],
    [1_000, 500],
    [1_000, 500],
  ] as const) {
    nowMs += afterMs;
    progress.advance(count);
  }
  expect(said).toEqual([
    '  accounts filled: 2,000 of 10,000, 1,000 a second',
    '  accounts filled: 3,000 of 10,000, 750 a second',
  ]);
});
