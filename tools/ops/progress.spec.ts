import { progressOf } from './progress.ts';

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
