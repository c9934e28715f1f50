import { LimitKind, type LimitBreach } from '@core/contracts/limit';
import { limitModelOf, limitText } from './limit-words.ts';
import { tradeFailure, tradeFailureOf } from './trade-answer.ts';

const breach = (limit: LimitKind, found: LimitBreach['found'] = '7.5'): LimitBreach => ({
  ...{ limit, of: 'trader', allowed: '5', found },
});

describe('a refusal by a limit', () => {
  it.each([
    ['order-volume', 'lots in one order'],
    ['order-notional', 'money moved by one order'],
    ['open-positions', 'positions and orders that may become one'],
    ['instrument-exposure', 'money of net exposure in one instrument'],
    ['orders-per-second', 'orders in a second'],
    ['rejections-in-a-row', 'rejections in a row for the same reason'],
    ['orders-per-minute', 'orders in a minute'],
    ['orders-per-day', 'orders since midnight UTC'],
    ['day-loss', 'money lost since midnight UTC'],
    ['price-band', 'percent between the price and the last quote'],
    ['quote-age', 'seconds since the last quote'],
  ] as const)('says what %s counts, with both numbers', (limit, counted) => {
    expect(limitText(breach(limit))).toBe(`${counted}: at most 5 for an account of this trader, and it would be 7.5`);
  });

  it('has words of its own for every kind of limit', () => {
    expect(new Set(LimitKind.options.map((kind) => limitText(breach(kind)))).size).toBe(LimitKind.options.length);
  });

  it('tells programs the same numbers, and may be asked again', () => {
    const refusal = { reason: 'limit-exceeded', text: null, breach: breach('order-volume') } as const;
    expect(tradeFailure('place_order', tradeFailureOf(refusal))).toEqual({
      place_order_response: {
        error: 'limit_exceeded',
        message: 'limit exceeded: lots in one order: at most 5 for an account of this trader, and it would be 7.5',
        final: false,
        limit: { kind: 'order_volume', of: 'trader', allowed: 5, found: 7.5 },
      },
    });
  });

  it('does not make up what nobody knows', () => {
    const unmeasured = breach('day-loss', null);
    expect(limitModelOf(unmeasured)).toMatchObject({ found: null });
    expect(limitText(unmeasured)).toContain('is not known now');
  });
});
