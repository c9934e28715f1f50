import type { Event, EventType, EventBody } from '@core/contracts/event';
import { anEvent, eurusdTerms, recorded } from '@core/contracts/examples.fixture';
import { aMarket, anInstrument, aPair } from '@core/contracts/market/example.fixture';
import type { Quote } from '@core/contracts/market/quote';
import { LANGUAGES } from '@core/kernel/language';
import { LimitKind } from '@core/contracts/limit';
import { RefusalReason } from '@core/contracts/refusal';
import { fold } from '@core/kernel/projection';
import { tradingSession } from '@core/views/tradingview/session';
import { say } from '../texts/user-text.ts';
import { TvAccountFlags } from '../wire/account.ts';
import { TvConfig } from '../wire/config.ts';
import { DepthAnswer, MappingAnswer, TvInstrument, TvQuote } from '../wire/market.ts';
import { TvPosition } from '../wire/position.ts';
import { TvPreview } from '../wire/preview.ts';
import { TvState } from '../wire/state.ts';
import { accountFlags, configOf, mappingOf } from './broker.ts';
import { translateDepth, translateInstrument, translateQuote } from './market.ts';
import { translatePositions } from './position.ts';
import { translatePreview, type Previewed } from './preview.ts';
import { lotsOf, unitsOf } from './quantity.ts';
import { translateState, type ReportedAccount } from './state.ts';
import { refusalText, refusedText } from './words.ts';

const NOW = '2026-01-05T10:00:00.000000Z';

const eurusd = aPair('EURUSD');
const gold = anInstrument({
  instrument: 'GOLD',
  category: 'commodity',
  contract: { contractSize: '100', baseCurrency: 'XAU', quoteCurrency: 'USD', digits: 2, pipSize: '0.01' },
  tickSize: '0.01',
});
const market = aMarket([eurusd, aPair('USDJPY'), aPair('EURPLN'), gold], {
  EURUSD: ['1.0999', '1.1001'],
  USDJPY: ['150', '150'],
  EURPLN: ['4.4', '4.4'],
});
const { rates } = market;
const quote: Quote = {
  instrument: 'EURUSD',
  bid: '1.0999',
  ask: '1.1001',
  time: NOW,
  bids: [
    ['1.0999', '2'],
    ['1', '1'],
  ],
  asks: [
    ['1.1001', '2'],
    ['2', null],
  ],
};
const valuation = (currency: string | null) => ({ market, currency });
const an = <Type extends EventType>(type: Type, data: Partial<EventBody<Type>['data']> = {}): Event =>
  anEvent(type, data);
const bookOf = (...events: Event[]) => fold(tradingSession, recorded(events));

describe('quantities', () => {
  it('are units on their side and lots on ours, exactly', () => {
    expect(unitsOf('0.01', eurusdTerms)).toBe(1_000);
    expect(lotsOf('1000', eurusdTerms)).toBe('0.01');
    expect(lotsOf('1', { contractSize: '3' })).toBeNull();
  });
});

describe('positions', () => {
  it('are worth what closing them now would bring, in account currency', () => {
    const [buy] = translatePositions(bookOf(an('PositionOpened', { price: '1.09' })), NOW, valuation('USD'), 'en');
    expect(buy).toMatchObject({ qty: 10_000, avgPrice: 1.09, unrealizedPl: 99 });
    const sold = bookOf(an('PositionOpened', { price: '1.09', side: 'sell' }));
    expect(translatePositions(sold, NOW, valuation('PLN'), 'en')[0]).toMatchObject({ unrealizedPl: -404 });
  });

  it('have no profit that cannot be computed', () => {
    const book = bookOf(an('PositionOpened'));
    for (const currency of [null, 'NOK']) {
      expect(translatePositions(book, NOW, valuation(currency), 'en')[0]).not.toHaveProperty('unrealizedPl');
    }
  });

  it('stay with a quantity of zero after they were closed', () => {
    const [closed] = translatePositions(
      bookOf(an('PositionOpened'), an('PositionClosed')),
      NOW,
      valuation('USD'),
      'en',
    );
    expect(TvPosition.parse(closed)).toMatchObject({ qty: 0, avgPrice: 1.1 });
  });
});

describe('state', () => {
  const account: ReportedAccount = {
    terms: { currency: 'USD', leverage: '100' },
    money: { balance: '10000', credit: '500' },
    accrued: '-1',
    equity: {
      ...{ balance: '10000', credit: '500', equity: '10400', margin: '200', marginFree: '9800' },
      ...{ accrued: '-4', dealt: '0' },
    },
    freeMargin: { countsGain: null, countsLoss: null },
    session: { status: 'open' },
  };
  const book = bookOf(an('PositionOpened', { price: '1.09', swap: '-1', commission: '-3' }));
  const config = configOf({ quotes: 500, orders: 500, positions: 1000, accountManager: 1000 }, 'en');

  it('is consistent with the configuration', () => {
    expect(TvConfig.safeParse(config).error).toBeUndefined();
    const state = TvState.parse(translateState(account, book, valuation('USD'), 'en'));
    expect(state.accountSummaryRowData).toHaveLength(config.accountSummaryRow.length);
    expect(state.amData.map((table) => table.map((row) => row.length))).toEqual(
      config.accountManager.map(({ columns }) => [columns.length]),
    );
  });

  it('computes equity from quotes and what the balance does not have yet, and free margin as the broker counts', () => {
    expect(translateState(account, book, valuation('USD'), 'en')).toMatchObject({
      balance: 10_000,
      unrealizedPl: 99,
      equity: 10_598,
      marginAvailable: 9_800,
      accountSummaryRowData: ['10000.00', '10598.00', '99.00', '200.00', '9800.00'],
    });
  });

  it('takes the last sample where a position cannot be valued', () => {
    expect(translateState(account, book, valuation('NOK'), 'en')).toMatchObject({ unrealizedPl: -96, equity: 10_403 });
  });

  it('is unknown before the broker told the balance, not zero', () => {
    expect(translateState({ ...account, money: null }, book, valuation('USD'), 'en')).toBeNull();
    const unsampled = translateState({ ...account, equity: null }, book, valuation('USD'), 'en');
    expect(unsampled).not.toHaveProperty('marginAvailable');
  });
});

describe('market', () => {
  it('gives instruments in units with pip values in account currency', () => {
    expect(TvInstrument.parse(translateInstrument(eurusd, rates, 'PLN'))).toMatchObject({
      minQty: 1_000,
      qtyStep: 1_000,
      maxQty: 10_000_000,
      pipSize: 0.0001,
      minTick: 0.00001,
      marginRate: 0.01,
      type: 'forex',
    });
    expect(translateInstrument(gold, rates, 'USD')).toMatchObject({ minQty: 1, pipValue: 0.01, typespecs: 'cfd' });
    expect(translateInstrument(gold, rates, 'NOK')).toBeNull();
  });

  it('gives quotes and depth', () => {
    expect(TvQuote.parse(translateQuote(quote, 'live', { pipValue: '0.0001', shortable: true })).v).toEqual({
      ask: 1.1001,
      bid: 1.0999,
      buyPipValue: 0.0001,
      sellPipValue: 0.0001,
    });
    const longOnly = translateQuote(quote, 'live', { pipValue: null, shortable: false });
    expect(TvQuote.parse(longOnly).v).toEqual({ ask: 1.1001, bid: 1.0999, notShortable: true });
    expect(DepthAnswer.shape.d.parse(translateDepth(quote, eurusd))).toEqual({
      asks: [[1.1001, 200_000]],
      bids: [
        [1, 100_000],
        [1.0999, 200_000],
      ],
    });
  });

  const previewed: Previewed = {
    spec: eurusd,
    side: 'buy',
    kind: 'market',
    units: '10000',
    price: null,
    stopLoss: null,
    takeProfit: null,
    market,
    currency: 'USD',
    state: 'live',
    freeMargin: '110.01',
    language: 'en',
  };

  it('previews an order in money', () => {
    const preview = translatePreview(previewed);
    expect(preview).not.toHaveProperty('warnings');
    expect(TvPreview.parse(preview).sections[0]?.rows).toEqual([
      { title: 'Price', value: '1.10010' },
      { title: 'Lots', value: '0.1' },
      { title: 'Value', value: '11001.00 USD' },
      { title: 'Margin', value: '110.01 USD' },
      { title: 'Spread', value: '2.00 USD' },
      { title: 'Pip value', value: '1.00 USD' },
    ]);
  });

  it.each([
    [{ freeMargin: '110' }, 'warning.margin'],
    [{ state: 'closed' }, 'warning.closed'],
    [{ state: 'stale' }, 'warning.priceless'],
    [{ spec: { ...eurusd, stopsLevelPoints: 10 }, stopLoss: '1.09981' }, 'warning.distance'],
    [{ stopLoss: '1.2' }, 'rejection.invalid-protection'],
    [{ takeProfit: '1.09' }, 'rejection.invalid-protection'],
    [{ side: 'sell', stopLoss: '1.1001' }, 'rejection.invalid-protection'],
    [{ kind: 'limit', price: '1.1001' }, 'rejection.invalid-price'],
    [{ kind: 'stop', price: '1.09' }, 'rejection.invalid-price'],
    [{ kind: 'limit', side: 'sell', price: '1.09' }, 'rejection.invalid-price'],
  ] as const)('warns of what the broker may object to: %j', (parts, warning) => {
    expect(translatePreview({ ...previewed, ...parts }).warnings).toEqual([say('en', { key: warning })]);
  });
});

describe('broker', () => {
  it('says every flag and maps symbols', () => {
    expect(TvAccountFlags.parse(accountFlags)).toEqual(accountFlags);
    expect(MappingAnswer.parse(mappingOf(new Map([['US500', 'SP:SPX']])))).toEqual({
      symbols: [{ f: ['US500'], s: 'SP:SPX' }],
      fields: ['brokerSymbol'],
    });
  });

  it('refuses in sentences', () => {
    for (const reason of RefusalReason.options) expect(say('en', refusalText(reason))).toMatch(/^[A-Z].*\.$/);
  });

  it.each(LimitKind.options)('says what the limit %s allows and what was asked, in every language', (limit) => {
    const breach = { limit, of: 'everyone', allowed: '4711', found: '4712' } as const;
    for (const language of LANGUAGES) {
      const said = say(language, refusedText({ reason: 'limit-exceeded', text: null, breach }));
      expect(said).toMatch(/4711.*4712|4712.*4711/);
    }
    const unmeasured = refusedText({ reason: 'limit-unmeasured', text: null, breach: { ...breach, found: null } });
    expect(say('en', unmeasured)).toContain('cannot be checked');
  });
});
