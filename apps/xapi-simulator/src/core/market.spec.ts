import { instruments } from './instruments.ts';
import { Market } from './market.ts';
import { Random } from './random.ts';
import { isOpen } from './trading-hours.ts';

const TUESDAY = Date.UTC(2024, 2, 5, 16);
const SATURDAY = Date.UTC(2024, 2, 9, 12);

const walk = (seed: string, steps: number, at = TUESDAY, alwaysOpen = false) => {
  const market = new Market(instruments, new Random(seed), at, () => alwaysOpen);
  for (let step = 1; step <= steps; step++) market.step(at + step * 200, 1);
  return market;
};
const prices = (market: Market) => [...market.all()].map(({ bid, ask }) => [bid, ask]);

describe('Market', () => {
  it('walks the same way from the same seed, and another way from another', () => {
    expect(prices(walk('a', 500))).toEqual(prices(walk('a', 500)));
    expect(prices(walk('a', 500))).not.toEqual(prices(walk('b', 500)));
  });

  it('keeps bid below ask, and the day’s high and low around the bid', () => {
    const market = walk('c', 0);
    for (let step = 1; step <= 2_000; step++) {
      for (const { bid, ask, high, low } of market.step(TUESDAY + step, 1)) {
        if (!(low <= bid && bid <= high && bid < ask)) throw new Error(`${low} ${bid} ${high} ${ask}`);
      }
    }
  });

  it('stands still while an instrument is closed or held, and where the setting says so', () => {
    const closed = walk('d', 0, SATURDAY);
    expect(closed.step(SATURDAY, 1).map(({ instrument }) => instrument.symbol)).toEqual(['BITCOIN', 'ETHEREUM']);
    expect(walk('d', 0, SATURDAY, true).step(SATURDAY, 1)).toHaveLength(instruments.length);
    const held = walk('d', 0);
    held.get('GOLD').held = true;
    expect(held.step(TUESDAY, 1).map(({ instrument }) => instrument.symbol)).not.toContain('GOLD');
  });

  it('begins a new day at the server’s midnight', () => {
    const market = walk('e', 1_000);
    const quote = market.get('EURUSD');
    expect(quote.high).toBeGreaterThan(quote.low);
    market.step(Date.UTC(2024, 2, 5, 23), 0);
    expect(quote.high).toBe(quote.low);
  });

  it('converts through a third currency where there is no pair', () => {
    const market = walk('f', 0);
    const rate = (from: string, to: string): number => {
      const { over, under } = market.rate(from, to);
      return Number(over) / Number(under);
    };
    expect(rate('EUR', 'USD')).toBeCloseTo(1.084545, 6);
    expect(rate('JPY', 'USD')).toBeCloseTo(1 / 149.257, 8);
    expect(rate('JPY', 'CHF')).toBeCloseTo(0.88127 / 149.257, 7);
    expect(() => market.rate('XXX', 'USD')).toThrow('XXX');
  });
});

describe('trading hours', () => {
  it.each([
    ['forex', '2024-03-08T20:59:59', true],
    ['forex', '2024-03-08T21:00:00', false],
    ['forex', '2024-03-10T22:00:00', true],
    // Summer time: the same wall clock is an hour earlier in UTC.
    ['forex', '2024-04-05T20:00:00', false],
    ['forex', '2024-04-07T21:00:00', true],
    ['futures', '2024-03-05T22:30:00', false],
    ['new-york', '2024-03-05T14:30:00', true],
    ['new-york', '2024-03-05T14:29:59', false],
    ['always', '2024-03-09T12:00:00', true],
  ] as const)('of %s at %s UTC: open %s', (profile, at, open) => {
    expect(isOpen(profile, Date.parse(`${at}Z`))).toBe(open);
  });
});
