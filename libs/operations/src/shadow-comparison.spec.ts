import type { Event } from '@core/contracts/event';
import { anEvent, recorded } from '@core/contracts/examples.fixture';
import { ShadowTally } from './shadow-comparison.ts';

const trade = (side: 'buy' | 'sell', volumeLots: `${number}`, marketPrice: `${number}` | null) => ({
  ...({ instrument: 'EURUSD', side, kind: 'market', volumeLots, price: null, marketPrice } as const),
});
const shadowed = (data: Parameters<typeof anEvent<'RequestShadowed'>>[1]) =>
  anEvent('RequestShadowed', { opens: null, ...data });
const compared = (would: readonly Event[], done: readonly Event[], after = 0) => {
  const tally = new ShadowTally(after);
  for (const event of recorded(would)) tally.would(event);
  for (const event of recorded(done)) tally.done(event);
  return tally.comparison();
};

describe('what would have been traded beside what was', () => {
  const would = [
    shadowed({ opens: trade('buy', '0.1', '1.1') }),
    shadowed({ opens: trade('buy', '0.3', '1.2') }),
    shadowed({ closes: trade('buy', '0.2', '1.3') }),
  ];

  it('is told by side of the deal: who closes what was bought sells', () => {
    expect(compared(would, [])).toEqual([
      {
        ...{ instrument: 'EURUSD', side: 'buy', waiting: 0, done: { deals: 0, lots: '0', averagePrice: null } },
        would: { deals: 2, lots: '0.4', averagePrice: '1.175' },
      },
      {
        ...{ instrument: 'EURUSD', side: 'sell', waiting: 0, done: { deals: 0, lots: '0', averagePrice: null } },
        would: { deals: 1, lots: '0.2', averagePrice: '1.3' },
      },
    ]);
  });

  it('counts what was done in parts, and nothing that happened before', () => {
    const done = [
      anEvent('PositionOpened', { instrument: 'EURUSD', side: 'buy', volumeLots: '0.4', price: '1.1' }),
      anEvent('PositionReduced', { volumeLots: '0.1', price: '1.2' }),
      anEvent('PositionClosed', { volumeLots: '0.3', price: '1.4' }),
    ];
    const [bought, sold] = compared([], done);
    expect(bought?.done).toEqual({ deals: 1, lots: '0.4', averagePrice: '1.1' });
    expect(sold?.done).toEqual({ deals: 2, lots: '0.4', averagePrice: '1.35' });
    expect(compared(would, done, 2)).toMatchObject([
      { side: 'sell', would: { lots: '0.2' }, done: { deals: 1, lots: '0.3' } },
    ]);
  });

  it('says what would have waited, and takes an average of known prices only', () => {
    const limit = { ...trade('sell', '0.5', '1.1'), kind: 'limit', price: '1.4' } as const;
    const unpriced = shadowed({ opens: trade('sell', '0.5', null) });
    expect(compared([unpriced], [])[0]?.would).toEqual({ deals: 1, lots: '0.5', averagePrice: null });
    expect(compared([unpriced, shadowed({ opens: limit })], [])).toMatchObject([
      { side: 'sell', waiting: 1, would: { deals: 2, lots: '1', averagePrice: '1.4' } },
    ]);
  });

  it('takes signals like requests', () => {
    const gold = {
      externalPositionId: 'p1',
      instrument: 'GOLD',
      side: 'sell',
      volumeLots: '1',
      price: '2000',
    } as const;
    expect(compared([anEvent('SignalShadowed', { closes: gold, opens: { ...gold, side: 'buy' } })], [])).toMatchObject([
      { instrument: 'GOLD', side: 'buy', would: { deals: 2, lots: '2', averagePrice: '2000' } },
    ]);
  });
});
