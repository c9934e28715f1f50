import { eurusdTerms, exampleId } from '@core/contracts/examples.fixture';
import { aMarket, anInstrument, aPair } from '@core/contracts/market/example.fixture';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { UNKNOWN_MARKET as dark, type PricedMarket } from '@core/contracts/market/valuation';
import { rateOf } from './bid-ask.ts';
import { Account, BidAsk, Operation, PendingPosition, Position } from './root-models.ts';
import { accountUpdate, pendingMessage, positionMessage } from './server-message.ts';
import { accountModelOf, operationModelOf, type AccountFacts } from './account-model.ts';
import { pendingModelOf, type PendingFacts } from './pending-model.ts';
import { positionModelOf, type Owner, type PositionFacts } from './position-model.ts';

const T0 = '2024-11-15T12:55:20.616142Z';
const T1 = '2024-11-15T12:56:36.857970Z';
const [opening, closing] = [exampleId(0xc1), exampleId(0xc2)];
const goldTerms = {
  contractSize: '100',
  baseCurrency: 'GOLD',
  quoteCurrency: 'USD',
  digits: 2,
  pipSize: '0.01',
} as const;

const owner: Owner = { accountId: exampleId(1), traderId: exampleId(2), currency: 'USD' };

const position: PositionFacts = {
  id: exampleId(3),
  brokerPosition: '500000107',
  instrument: 'EURUSD',
  contract: eurusdTerms,
  side: 'buy',
  volumeLots: '0.1',
  openPrice: '1.1',
  openedAt: T0,
  stopLoss: '1.09',
  takeProfit: null,
  trailingPoints: null,
  commission: '-0.35',
  swaps: [{ delta: '-0.42', at: T1 }],
  signal: null,
  created: { at: T0, correlationId: opening },
  opened: { at: T0, correlationId: opening },
  updated: { at: T0, correlationId: opening },
  closed: null,
  close: null,
};

const closed: PositionFacts = {
  ...position,
  volumeLots: '0',
  updated: { at: T1, correlationId: closing },
  closed: { eventId: closing },
  close: { requestId: exampleId(9), volumeLots: '0.1', price: '1.101', profit: '10', reason: 'stop-loss', at: T1 },
};

const pending: PendingFacts = {
  ...position,
  kind: 'limit',
  price: '1.08',
  filledLots: '0',
  averagePrice: null,
};

const marketOf = (prices: Parameters<typeof aMarket>[1]): PricedMarket =>
  aMarket(Object.keys(prices).map(specOf), prices, T1);

const specOf = (instrument: string): InstrumentSpec =>
  instrument === 'GOLD'
    ? anInstrument({ instrument, category: 'commodity', contract: goldTerms, marginCurrency: 'USD' })
    : aPair(instrument);

const said = (message: string) => JSON.parse(message) as Record<string, unknown>;

describe('an open position', () => {
  it('has every key of the protocol in its order, whatever the market', () => {
    const order = Object.keys(Position.shape);
    for (const market of [dark, marketOf({ EURUSD: ['1.1', '1.1001'] })]) {
      const { position: body } = said(positionMessage('created', positionModelOf(position, owner, market)));
      expect(Object.keys((body as { created: object }).created)).toEqual(order);
    }
  });

  it('says its size twice and its times in microseconds', () => {
    const translated = positionModelOf(position, owner, dark);
    expect(translated.lost_amount).toBe(translated.lots_amount);
    expect(said(positionMessage('created', translated))).toMatchObject({
      position: { created: { create_date: 1731675320616142, lots_amount: 0.1, lots_size: 100000, close_date: null } },
    });
  });

  it('has the profit it would bring now: buys close at the bid, sells at the ask', () => {
    const market = marketOf({ EURUSD: ['1.1012', '1.1013'] });
    expect(positionModelOf(position, owner, market).profit).toBe('12');
    expect(positionModelOf({ ...position, side: 'sell' }, owner, market).profit).toBe('-13');
  });

  it('says by a rate of 0 that its profit is not known while the market is dark', () => {
    expect(positionModelOf(position, owner, dark)).toMatchObject({
      profit: '0',
      margin_price: '1.1',
      profit_price: '0',
      profit_bid_ask: { id: '', base: '', quote: '', bid: '0', ask: '0' },
    });
  });

  it('shows costs as charged and swaps one by one', () => {
    expect(positionModelOf(position, owner, dark)).toMatchObject({
      commission: '0.35',
      swaps: [{ amount: '-0.42', date: T1 }],
    });
  });

  it('converts margin and profit into the account’s currency', () => {
    const euro = { ...owner, currency: 'EUR' };
    const gold = { ...position, instrument: 'GOLD', contract: goldTerms, openPrice: '2000' as const };
    const market = marketOf({ GOLD: ['2010', '2011'], EURUSD: ['1.25', '1.6'] });
    const translated = positionModelOf(gold, euro, market);
    expect(translated.profit_bid_ask).toMatchObject({
      id: 'EURUSD',
      bid: '0.625',
      ask: '0.8',
      base: 'USD',
      quote: 'EUR',
    });
    // 100 dollars and 2011 dollars an ounce, at a mid of 1.425 dollars a euro.
    expect(translated).toMatchObject({
      profit: '70.18',
      profit_price: '0.701754386',
      margin_price: '1411.228070246',
      margin_bid_ask: { id: '', bid: '1256.25', ask: '1608.8', base: 'GOLD', quote: 'EUR' },
    });
  });

  it('claims no rate it does not know', () => {
    const translated = positionModelOf(position, { ...owner, currency: 'PLN' }, marketOf({ EURUSD: ['1.2', '1.3'] }));
    expect(translated).toMatchObject({
      profit: '0',
      profit_price: '0',
      profit_bid_ask: { id: '', base: 'USD', quote: 'PLN' },
    });
  });
});

describe('a closed position', () => {
  it('has all five close fields and the broker’s profit', () => {
    expect(positionModelOf(closed, owner, marketOf({ EURUSD: ['9', '9.1'] }))).toMatchObject({
      close_date: T1,
      close_reason: 'StopLoss',
      asset_close_price: '1.101',
      asset_close_bid_ask: { id: 'EURUSD', bid: '1.101', ask: '1.101', date: T1, base: 'EUR', quote: 'USD' },
      close_process_id: closing,
      profit: '10',
      lots_amount: '0.1',
      lost_amount: '0.1',
      open_process_id: opening,
    });
  });

  it('was closed by the process of its request, or by one of its own: never by the one that opened it', () => {
    expect(positionModelOf(closed, owner, dark)).toMatchObject({
      ...{ close_process_id: closing, last_update_process_id: closing },
    });
    const byBroker: PositionFacts = {
      ...closed,
      updated: { at: T1, correlationId: opening },
      closed: { eventId: exampleId(0xe1) },
      close: closed.close && { ...closed.close, requestId: null },
    };
    expect(positionModelOf(byBroker, owner, dark)).toMatchObject({
      ...{ close_process_id: exampleId(0xe1), last_update_process_id: exampleId(0xe1) },
    });
  });

  it('names the rate with which prices give the profit', () => {
    const translated = positionModelOf(closed, { ...owner, currency: 'PLN' }, dark);
    expect(translated).toMatchObject({
      profit: '10',
      profit_price: '1',
      profit_bid_ask: { base: 'USD', quote: 'PLN' },
    });
  });

  it.each([
    ['user', 'ClientCommand'],
    ['stop-loss', 'StopLoss'],
    ['take-profit', 'TakeProfit'],
    ['stop-out', 'StopOut'],
    ['reconciled', 'ForceClose'],
    ['unknown', 'ForceClose'],
  ] as const)('for reason %s is a %s', (reason, word) => {
    const close = closed.close && { ...closed.close, reason };
    expect(positionModelOf({ ...closed, close }, owner, dark).close_reason).toBe(word);
  });
});

describe('a position of a strategy', () => {
  it('carries what the strategy calls it', () => {
    const signal = { signalId: exampleId(9), integrationId: exampleId(8), strategyId: 's', externalPositionId: 'p' };
    expect(positionModelOf({ ...position, signal }, owner, dark).metadata).toEqual({
      broker_position: '500000107',
      proquant_position_id: 'p',
      proquant_strategy_id: 's',
      proquant_event: exampleId(9),
    });
  });
});

describe('a trailing stop', () => {
  it('is in the metadata, for the models have no key for it', () => {
    expect(positionModelOf({ ...position, trailingPoints: 120 }, owner, dark).metadata).toEqual({
      broker_position: '500000107',
      trailing_points: '120',
    });
    expect(pendingModelOf({ ...pending, trailingPoints: 120 }, owner, dark).metadata).toEqual({
      trailing_points: '120',
    });
  });
});

describe('a pending order', () => {
  it('has every key of the protocol in its order', () => {
    const { pending_position: body } = said(pendingMessage('created', pendingModelOf(pending, owner, dark)));
    expect(Object.keys((body as { created: object }).created)).toEqual(Object.keys(PendingPosition.shape));
  });

  it('waits for its trigger, then shows the price it got', () => {
    const market = marketOf({ EURUSD: ['1.1', '1.1001'] });
    expect(pendingModelOf(pending, owner, market)).toMatchObject({
      desire_price: '1.08',
      execute_price: '0',
      init_price: '1.1001',
      order_type: 'Limit',
      lots_amount: '0.1',
    });
    const filled: PendingFacts = { ...pending, kind: 'stop', filledLots: '0.1', averagePrice: '1.0799' };
    expect(pendingModelOf(filled, owner, dark)).toMatchObject({
      execute_price: '1.0799',
      init_price: '1.08',
      order_type: 'Stop',
      lots_amount: '0.1',
    });
  });

  it('shows what is left of it while it fills in parts', () => {
    const half: PendingFacts = { ...pending, filledLots: '0.04', averagePrice: '1.08' };
    expect(pendingModelOf(half, owner, dark).lots_amount).toBe('0.06');
  });
});

describe('an account', () => {
  const account: AccountFacts = {
    id: owner.accountId,
    traderId: owner.traderId,
    terms: { currency: 'USD', leverage: '100', group: 'demo', tradingDisabled: false },
    balance: '10000.5',
    halted: false,
    created: { at: T0, correlationId: opening },
    updated: { at: T1, correlationId: closing },
  };

  it('is shown as it stands after its operation', () => {
    const operation = operationModelOf(
      exampleId(5),
      account,
      { type: 'trading', delta: '10.5', reference: position.id, comment: null },
      account.updated,
    );
    const { account_event: event } = said(accountUpdate(accountModelOf(account, '50'), operation));
    const { account_update: update } = event as { account_update: { account: object; operation: object } };
    expect(Object.keys(update.account)).toEqual(Object.keys(Account.shape));
    expect(Object.keys(update.operation)).toEqual(Object.keys(Operation.shape));
    expect(update).toMatchObject({
      account: { balance: 10000.5, stop_out: 50, leverage: 100, trading_disabled: false },
      operation: { operation_type: 'Trading', delta: 10.5, reference_operation_id: position.id, process_id: closing },
    });
  });

  it.each([
    ['deposit', 'Deposit'],
    ['withdrawal', 'Withdrawal'],
    ['credit', 'BalanceCorrection'],
    ['correction', 'BalanceCorrection'],
  ] as const)('moved by a %s says %s', (type, word) => {
    const operation = { type, delta: '1', reference: null, comment: 'paid' } as const;
    expect(operationModelOf(exampleId(5), account, operation, account.updated).operation_type).toBe(word);
  });

  it('may not trade while an operator has stopped it', () => {
    expect(accountModelOf({ ...account, halted: true }, '50').trading_disabled).toBe(true);
  });

  it('is empty where the broker has not spoken yet', () => {
    const fresh: AccountFacts = { ...account, terms: null, balance: null };
    expect(accountModelOf(fresh, '50')).toMatchObject({
      currency: '',
      balance: '0',
      leverage: '0',
      trading_group: '',
    });
  });
});

describe('a rate', () => {
  const { rates } = marketOf({ EURUSD: ['1.25', '1.6'], USDPLN: ['4', '5'] });

  it('is one between equals', () => {
    expect(rateOf('USD', 'USD', rates, T0)).toEqual({
      price: '1',
      bidAsk: { bid: '1', ask: '1', id: '', date: T0, base: '', quote: '' },
    });
  });

  it('is direct, turned around, or made through a third, and shows both sides of what valuation takes the middle of', () => {
    expect(rateOf('EUR', 'USD', rates, T0)).toMatchObject({
      price: '1.425',
      bidAsk: { id: 'EURUSD', bid: '1.25', ask: '1.6', date: T1 },
    });
    expect(rateOf('USD', 'EUR', rates, T0)).toMatchObject({
      price: '0.701754386',
      bidAsk: { id: 'EURUSD', bid: '0.625', ask: '0.8', base: 'USD', quote: 'EUR' },
    });
    expect(rateOf('EUR', 'PLN', rates, T0)).toMatchObject({
      price: '6.4125',
      bidAsk: { id: '', bid: '5', ask: '8', base: 'EUR', quote: 'PLN' },
    });
  });

  it('is zero where nobody says it', () => {
    expect(rateOf('EUR', 'JPY', rates, T0)).toMatchObject({ price: '0', bidAsk: { bid: '0', ask: '0' } });
    expect(BidAsk.safeEncode(rateOf('EUR', 'JPY', dark.rates, T0).bidAsk).success).toBe(true);
  });
});
