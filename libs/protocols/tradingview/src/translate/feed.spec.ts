import { anInstrument, aPair } from '@core/contracts/market/example.fixture';
import type { TradingHours, WeeklySession } from '@core/contracts/market/hours';
import { SymbolInfoAnswer } from '../wire/feed.ts';
import { sessionString } from './session-string.ts';
import { offeredSymbols, translateSymbolInfo } from './symbol-info.ts';

const whole = (day: number): WeeklySession => ({ day, fromMinute: 0, toMinute: 1_440 });
const currencies = [1, 2, 3, 4]
  .map(whole)
  .concat({ day: 5, fromMinute: 0, toMinute: 1_320 }, { day: 7, fromMinute: 1_380, toMinute: 1_440 });
const hours = (trading: WeeklySession[]): TradingHours => ({
  ...{ instrument: 'EURUSD', zone: 'Europe/Warsaw', quotes: trading, trading },
  readAt: '2026-01-05T10:00:00.000000Z',
});

describe('a week', () => {
  it.each([
    ['around the clock', [1, 2, 3, 4, 5, 6, 7].map(whole), '24x7'],
    ['of currencies', currencies, '0000-0000:2345|0000-2200:6|2300-0000:1'],
    ['of an exchange', [{ day: 1, fromMinute: 570, toMinute: 960 }], '0930-1600:2'],
    [
      'with a break within a day',
      [
        { day: 1, fromMinute: 540, toMinute: 700 },
        { day: 1, fromMinute: 720, toMinute: 1_020 },
      ],
      '0900-1700:2',
    ],
  ])('%s', (_, week, text) => {
    expect(sessionString(week)).toBe(text);
  });

  it('without a session is none', () => {
    expect(sessionString([])).toBeNull();
  });
});

it('instruments are columns of the shape that the document wants', () => {
  const offered = [
    aPair('EURUSD'),
    aPair('USDJPY', {
      tickSize: '0.001',
      contract: { ...anInstrument().contract, baseCurrency: 'USD', quoteCurrency: 'JPY', digits: 3 },
    }),
    anInstrument({
      instrument: 'stock x/1',
      category: 'stock',
      tickSize: '0.25',
      contract: { ...anInstrument().contract, digits: 2 },
    }),
    anInstrument({ instrument: 'A,B' }),
    anInstrument({ instrument: 'eurusd' }),
  ].map((spec) => ({ spec, hours: hours(currencies) }));
  const answer = SymbolInfoAnswer.parse(translateSymbolInfo(offeredSymbols(offered), 'ACME'));
  expect(answer).toMatchObject({
    symbol: ['EURUSD', 'USDJPY', 'STOCK_X_1'],
    ticker: ['EURUSD', 'USDJPY', 'stock x/1'],
    currency: ['USD', 'JPY', 'USD'],
    'base-currency': ['EUR', 'USD', null],
    minmovement: [1, 1, 25],
    pricescale: [100_000, 1_000, 100],
    typespecs: [null, null, 'cfd'],
  });
});
