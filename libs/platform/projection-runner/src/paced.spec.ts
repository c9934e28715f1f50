import { Paced } from './paced.ts';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('calls at once, and once more for all that is asked for within the rest', () => {
  const call = jest.fn();
  const paced = new Paced(50, call);
  paced.ask();
  expect(call).toHaveBeenCalledTimes(1);
  for (let n = 0; n < 5; n += 1) paced.ask();
  jest.advanceTimersByTime(49);
  expect(call).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(1);
  expect(call).toHaveBeenCalledTimes(2);
  jest.advanceTimersByTime(50);
  expect(call).toHaveBeenCalledTimes(2);
  paced.ask();
  expect(call).toHaveBeenCalledTimes(3);
});

it('calls no more once it was stopped', () => {
  const call = jest.fn();
  const paced = new Paced(50, call);
  paced.ask();
  paced.ask();
  paced.stop();
  jest.advanceTimersByTime(100);
  expect(call).toHaveBeenCalledTimes(1);
});
