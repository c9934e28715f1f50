import { isReached } from './trigger.ts';

describe('a trigger is reached', () => {
  it.each([
    ['buy', 'limit', '1.1002', true],
    ['buy', 'limit', '1.1001', false],
    ['buy', 'stop', '1.1002', true],
    ['buy', 'stop', '1.1003', false],
    ['sell', 'limit', '1.1', true],
    ['sell', 'limit', '1.1001', false],
    ['sell', 'stop', '1.1', true],
    ['sell', 'stop', '1.0999', false],
  ] as const)('to %s at a %s of %s: %s', (side, kind, price, reached) => {
    expect(isReached({ side, kind, price }, { bid: '1.1', ask: '1.1002' })).toBe(reached);
  });
});
