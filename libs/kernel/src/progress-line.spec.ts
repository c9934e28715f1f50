import { progressLine } from './progress-line.ts';

it('says share, rate and what is left', () => {
  expect(progressLine('events', 250_000, 1_000_000, 2_500)).toBe(
    '25 % of 1 000 000 events, 100 000 a second, 8 s left',
  );
  expect(progressLine('events', 0, 0, 2_500)).toBe('0 % of 0 events, 0 a second, no estimate yet');
});
