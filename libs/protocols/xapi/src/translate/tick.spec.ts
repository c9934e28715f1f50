import fc from 'fast-check';
import { z } from 'zod';
import { anInstrument } from '@core/contracts/market/example.fixture';
import { QuoteBook, translateTickPrices } from './tick.ts';
import { StreamingTickRecord } from '../wire/market-record.ts';

const { symbol, ask, bid, askVolume, bidVolume, level, timestamp } = StreamingTickRecord.shape;

describe('a tick', () => {
  it('is readable when its record says so, as far as it is read', () => {
    const schema = z.object({ symbol, ask, bid, askVolume, bidVolume, level, timestamp });
    const anything = fc.constantFrom(
      'EURUSD',
      '',
      1,
      0,
      1.5,
      -1,
      2 ** 53,
      Infinity,
      NaN,
      null,
      undefined,
      true,
      {},
      [],
    );
    const good = { symbol: 'EURUSD', ask: 1.1, bid: 1.09, askVolume: 5, bidVolume: null, level: 0, timestamp: 1 };
    const oneField = fc
      .tuple(fc.constantFrom(...Object.keys(good)), anything)
      .map(([field, value]) => ({ [field]: value }));
    fc.assert(
      fc.property(oneField, (field) => {
        const data = { ...good, ...field };
        expect(new QuoteBook(() => 5).take(data)).toBe(schema.safeParse(data).success);
      }),
      { numRuns: 500 },
    );
  });

  it.each([9e15, -9e15])('of a time that is none (%p) is unreadable, and keeps no later tick away', (time) => {
    const good = { symbol: 'EURUSD', ask: 1.1, bid: 1.09, askVolume: 5, bidVolume: null, level: 0, timestamp: 1 };
    const quotes = new QuoteBook(() => 5);
    expect(quotes.take({ ...good, timestamp: time })).toBe(false);
    quotes.take(good);
    expect(quotes.drain()).toHaveLength(1);
  });
});

describe('prices that were asked for', () => {
  const good = { symbol: 'EURUSD', ask: 1.1, bid: 1.09, askVolume: 5, bidVolume: null, level: 0, timestamp: 1 };

  it('are those of instruments that are known, at the best level, in their digits', () => {
    const quotations = [good, { ...good, level: 1, bid: 1.08 }, { ...good, symbol: 'GOLD' }, { ...good, ask: 'x' }];
    expect(translateTickPrices({ quotations }, [anInstrument()])).toMatchObject({
      ok: true,
      value: { values: [{ instrument: 'EURUSD', bid: '1.09', ask: '1.1' }], unreadable: 1 },
    });
  });

  it('are no prices where the answer is none', () => {
    expect(translateTickPrices({ quotations: 5 }, [])).toMatchObject({ ok: false });
  });
});
