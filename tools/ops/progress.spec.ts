import { progressLine, progressOf } from './progress.ts';

it('says share, rate and what is left', () => {
  expect(progressLine('events', 250_000, 1_000_000, 2_500)).toBe(
    '25 % of 1 000 000 events, 100 000 a second, 8 s left',
  );
  expect(progressLine('events', 0, 0, 2_500)).toBe('0 % of 0 events, 0 a second, no estimate yet');
});

it('draws nothing before two seconds, seldom after, and goes away', () => {
  let time = 0;
  const drawn: string[] = [];
  const out = { isTTY: true, write: (text: string) => drawn.push(text) };
  const progress = progressOf('events', out, () => time);
  for (time = 0; time <= 2_400; time += 100) progress.at(time, 10_000);
  expect(drawn).toHaveLength(2);
  progress.end();
  expect(drawn.at(-1)).toBe('\r\u001b[K');
});

it('draws nothing where nobody looks', () => {
  const drawn: string[] = [];
  const out = { isTTY: false, write: (text: string) => drawn.push(text) };
  let time = 0;
  const progress = progressOf('events', out, () => (time += 5_000));
  progress.at(1, 2);
  progress.end();
  expect(drawn).toEqual([]);
});
