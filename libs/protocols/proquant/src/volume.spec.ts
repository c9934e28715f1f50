import type { Decimal } from '@core/contracts/primitives';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { fromNumber, isMultipleOf, multiply } from '@core/kernel/decimal';
import fc from 'fast-check';
import { signalOrderOf } from './volume.ts';

const spec = (instrument: string, contractSize: Decimal): InstrumentSpec =>
  anInstrument({
    instrument,
    contract: { contractSize, baseCurrency: 'XAU', quoteCurrency: 'USD', digits: 2, pipSize: '0.01' },
  });

const instruments = new Map(
  [spec('GOLD', '100'), spec('XAUUSD', '1'), spec('ODD', '3')].map((each) => [each.instrument, each]),
);
const tickers = { XAUUSD: { instrument: 'GOLD', unitsPerQuantity: '1' as const } };

describe('the volume of a signal', () => {
  it('is units over contract size: 10 units of XAUUSD are 0.1 lot of GOLD', () => {
    expect(signalOrderOf({ ticker: 'XAUUSD', quantity: '10' }, tickers, instruments)).toEqual({
      instrument: 'GOLD',
      volumeLots: '0.1',
    });
  });

  it('takes a ticker without a mapping for an instrument of that name, and guesses nothing', () => {
    expect(signalOrderOf({ ticker: ' xauusd ', quantity: '10' }, {}, instruments)).toEqual({
      instrument: 'XAUUSD',
      volumeLots: '10',
    });
    for (const ticker of ['XAU', 'GOLD2', '__proto__', 'constructor', 'toString']) {
      expect(signalOrderOf({ ticker, quantity: '10' }, {}, instruments)).toBeNull();
    }
  });

  it('maps tickers in any case, with whatever stands behind them', () => {
    const mapped = { 'XAUUSD.x': { instrument: 'GOLD', unitsPerQuantity: '1' as const } };
    for (const ticker of ['XAUUSD.x', 'xauusd.X', ' XAUUSD.X '])
      expect(signalOrderOf({ ticker, quantity: '10' }, mapped, instruments)?.instrument).toBe('GOLD');
    expect(signalOrderOf({ ticker: 'XAUUSD', quantity: '10' }, mapped, instruments)?.instrument).toBe('XAUUSD');
  });

  it('leaves nothing, and less than that, to those who refuse it', () => {
    for (const [quantity, volumeLots] of [
      ['0', '0'],
      ['-10', '-0.1'],
    ] as const)
      expect(signalOrderOf({ ticker: 'XAUUSD', quantity }, tickers, instruments)?.volumeLots).toBe(volumeLots);
  });

  it('knows no instrument that the venue does not list', () => {
    const elsewhere = { XAUUSD: { instrument: 'GOLD.US', unitsPerQuantity: '1' as const } };
    expect(signalOrderOf({ ticker: 'XAUUSD', quantity: '10' }, elsewhere, instruments)).toBeNull();
  });

  it('is the step below where it is to be rounded down, which may be nothing', () => {
    for (const [quantity, volumeLots] of [
      ['10', '0.1'],
      ['10.9', '0.1'],
      ['10.999999999999999999', '0.1'],
      ['0.5', '0'],
      ['0', '0'],
    ] as const) {
      const rounded = signalOrderOf({ ticker: 'XAUUSD', quantity }, tickers, instruments, 'on');
      expect(rounded?.volumeLots).toBe(volumeLots);
    }
  });

  it('counts the units of the mapping', () => {
    const perOunce = { XAUUSD: { instrument: 'GOLD', unitsPerQuantity: '0.1' as const } };
    expect(signalOrderOf({ ticker: 'XAUUSD', quantity: '10' }, perOunce, instruments)?.volumeLots).toBe('0.01');
  });

  it('does not round: a wrong precision in units is one in lots', () => {
    expect(signalOrderOf({ ticker: 'XAUUSD', quantity: '0.0001' }, tickers, instruments)?.volumeLots).toBe('0.000001');
    const sum = fromNumber(0.1 + 0.2);
    expect(signalOrderOf({ ticker: 'XAUUSD', quantity: sum }, tickers, instruments)?.volumeLots).toBe(
      '0.0030000000000000004',
    );
  });

  it('is a multiple of the lot step exactly when the quantity is one in units, at any contract size', () => {
    const quantities = fc.tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.nat(12));
    fc.assert(
      fc.property(quantities, fc.integer({ min: 1, max: 10 ** 6 }), ([units, digits], size) => {
        const quantity = fromNumber(units / 10 ** digits);
        const contractSize = fromNumber(size);
        const order = signalOrderOf({ ticker: 'ANY', quantity }, {}, new Map([['ANY', spec('ANY', contractSize)]]));
        const inUnits = isMultipleOf(quantity, multiply('0.01', contractSize));
        expect(isMultipleOf(order?.volumeLots ?? '0.001', '0.01')).toBe(inUnits);
      }),
    );
  });
});
