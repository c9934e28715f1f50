import { exampleAccount } from '@core/contracts/examples.fixture';
import type { Decimal } from '@core/contracts/primitives';
import { negate, sum, toFixed } from '@core/kernel/decimal';
import { toMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import { accrued } from '@core/projections/accruals';
import { accountState } from '@core/projections/account';
import { accountPositions } from '@core/projections/positions';
import { translatePositions } from '@core/tradingview/translate/position';
import { translateState } from '@core/tradingview/translate/state';
import type { Execution } from '@core/views/tradingview/session-state';
import { tradingSession } from '@core/views/tradingview/session';
import { sessionBook } from '@core/views/ws-session/session-book';
import { accountModelOf } from '@core/ws-session/account-model';
import { positionModelOf } from '@core/ws-session/position-model';
import fc from 'fast-check';
import { AccountLife, LIFE_USER } from './account-life.fixture.ts';
import { ActionRefused } from './control/broker-control.ts';
import { decimalOf, type Cents } from './core/units.ts';
import { floatingProfit } from './core/valuation.ts';

const RUNS = Number(process.env.MONEY_RUNS ?? 60);
const SEED = Number(process.env.MONEY_SEED ?? 20_261_128);

/** The broker tells the figures of open positions this often. */
const SAMPLE_MS = 1_500;

const SYMBOLS = ['EURUSD', 'USDJPY', 'EURPLN', 'GOLD', 'DE40', 'AAPL.US_9'];
const which = fc.nat(50);
const symbol = fc.constantFrom(...SYMBOLS);

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ is: fc.constant('open' as const), symbol, buys: fc.boolean(), size: fc.integer({ min: 1, max: 20 }) },
      ...{ sl: fc.integer({ min: 0, max: 4 }), tp: fc.integer({ min: 0, max: 4 }) },
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ is: fc.constant('order' as const), symbol, buys: fc.boolean(), size: fc.integer({ min: 1, max: 20 }) },
      permille: fc.integer({ min: -4, max: 4 }).filter((each) => each !== 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('cancel' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ is: fc.constant('broker' as const), commissionAt: fc.constantFrom('open' as const, 'close' as const) },
      partialClose: fc.constantFrom('same-position' as const, 'new-position' as const),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ is: fc.constant('close' as const), which, tenths: fc.integer({ min: 1, max: 10 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constant('move' as const), symbol, permille: fc.integer({ min: -5, max: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('cash' as const),
      kind: fc.constantFrom('balance' as const, 'credit' as const),
      cents: fc.integer({ min: -50_000, max: 50_000 }).filter((cents) => cents !== 0),
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('night' as const), weekday: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('leave' as const), forgets: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('listen' as const) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 5_000 }) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('check' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const behaviour = fc.record({
  commissionAt: fc.constantFrom('open' as const, 'close' as const),
  partialClose: fc.constantFrom('same-position' as const, 'new-position' as const),
  duplicate: fc.constantFrom(1, 2),
  slTpLate: fc.boolean(),
  splitFillsAbove: fc.constantFrom(0, 500),
  slippagePoints: fc.constantFrom(0, 3),
  sequence: fc.record({
    closeBeforeDeleted: fc.boolean(),
    positionBeforePendingDeleted: fc.boolean(),
    lateModifiedAfterClose: fc.boolean(),
    modifiedBeforeTakeProfit: fc.boolean(),
  }),
});

const lives = fc.record({
  currency: fc.constantFrom('USD', 'EUR', 'GBP', 'CHF', 'PLN', 'JPY'),
  /** So little that some are stopped out. */
  balance: fc.constantFrom(500_000_00, 10_000_00),
  behaviour,
  steps: fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
});

const lotsOf = ({ simulator }: AccountLife, symbol: string, size: number): Decimal =>
  decimalOf(simulator.market.get(symbol).instrument.lotMin * 10 * size, 2);

/** So many thousandths away from the price as it is. */
function priceOf({ simulator }: AccountLife, symbol: string, permille: number): Decimal {
  const { bid, instrument } = simulator.market.get(symbol);
  return decimalOf(Math.round(bid * (1 + permille / 1_000)), instrument.digits);
}

function act(life: AccountLife, step: Exclude<Step, { is: 'check' }>): void {
  const { control, account, simulator } = life;
  const positions = [...account.positions.values()];
  switch (step.is) {
    case 'open': {
      const { symbol, buys, size, sl, tp } = step;
      const away = buys ? 1 : -1;
      control.openPosition({
        ...{ userId: LIFE_USER, symbol, side: buys ? 'buy' : 'sell', volume: lotsOf(life, symbol, size) },
        ...{
          sl: sl === 0 ? '0' : priceOf(life, symbol, -away * sl),
          tp: tp === 0 ? '0' : priceOf(life, symbol, away * tp),
        },
        ...{ comment: undefined, customComment: undefined },
      });
      return;
    }
    case 'order': {
      const { symbol, buys, size, permille } = step;
      const isStop = buys ? permille > 0 : permille < 0;
      control.placeOrder({
        ...{ userId: LIFE_USER, symbol, kind: `${buys ? 'buy' : 'sell'}-${isStop ? 'stop' : 'limit'}` },
        ...{ volume: lotsOf(life, symbol, size), price: priceOf(life, symbol, permille), sl: '0', tp: '0' },
        ...{ comment: undefined, customComment: undefined, expiration: null },
      });
      return;
    }
    case 'cancel': {
      const orders = [...account.pendings.keys()];
      const order = orders[step.which % orders.length];
      if (order !== undefined) control.cancelOrder({ order });
      return;
    }
    case 'broker':
      simulator.changeBehaviour({ commissionAt: step.commissionAt, partialClose: step.partialClose });
      return;
    case 'close': {
      const position = positions[step.which % positions.length];
      if (!position) return;
      const { lotMin } = simulator.market.get(position.symbol).instrument;
      const volume = Math.max(lotMin, Math.round((position.volume * step.tenths) / 10 / lotMin) * lotMin);
      control.closePosition({ position: position.id, volume: decimalOf(volume, 2), comment: undefined });
      return;
    }
    case 'move': {
      const { bid } = simulator.market.get(step.symbol);
      life.pricesMovedMs = simulator.scheduler.now;
      control.movePrice({ symbol: step.symbol, points: Math.round((bid * step.permille) / 1_000) });
      return;
    }
    case 'cash':
      control.cash({ userId: LIFE_USER, amount: decimalOf(step.cents, 2), kind: step.kind, comment: undefined });
      return;
    case 'night':
      control.rollover({ weekday: step.weekday });
      return;
    case 'leave':
      life.leave(step.forgets);
      return;
    case 'listen':
      life.listen();
      return;
    case 'wait':
      life.pass(step.ms);
      return;
  }
}

const money = (cents: Cents): Decimal => decimalOf(cents, 2);
const text = (cents: Cents): string => toFixed(money(cents), 2);
const byFirst = (one: readonly unknown[], other: readonly unknown[]): number =>
  String(one[0]) < String(other[0]) ? -1 : 1;

/** The log, as every edge reads it. */
function readersOf({ recorded }: AccountLife) {
  const account = accountState.initial();
  const screen = tradingSession.initial();
  const session = sessionBook.initial();
  const positions = accountPositions.initial();
  const executions: Execution[] = [];
  for (const event of recorded) {
    accountState.evolve(account, event);
    tradingSession.evolve(screen, event);
    sessionBook.evolve(session, event);
    accountPositions.evolve(positions, event);
    executions.push(...screen.latest.executions);
  }
  return { account, screen, session, positions: Object.values(positions.positions), executions };
}

function holds(life: AccountLife): void {
  const { account, simulator, market } = life;
  const readers = readersOf(life);
  const open = [...account.positions.values()];
  const figures = simulator.broker.figures(account);
  const floating = open.map((position) => floatingProfit(simulator.market, account, position));
  const profit = floating.reduce((total, each) => total + each, 0);
  const valuation = { market, currency: account.currency };

  // TradingView: the account.
  const state = translateState(
    { ...readers.account, accrued: accrued(readers.account.accruals) },
    readers.screen,
    valuation,
    'en',
  );
  const row = [figures.balance, figures.equity, profit, figures.margin, figures.marginFree].map(text);
  expect(state?.accountSummaryRowData).toEqual(row);
  expect(state).toMatchObject({
    ...{ balance: figures.balance / 100, unrealizedPl: profit / 100, equity: figures.equity / 100 },
    ...{ marginAvailable: figures.marginFree / 100 },
  });

  // Where prices are not known the broker's last word stands for them, as long as they did not move since.
  const dark = translateState(
    { ...readers.account, accrued: accrued(readers.account.accruals) },
    readers.screen,
    {
      ...valuation,
      currency: null,
    },
    'en',
  );
  expect(dark?.balance).toBe(figures.balance / 100);
  const sampledMs = readers.account.equity === null ? 0 : toMs(readers.account.equity.at);
  if (sampledMs > life.pricesMovedMs + SAMPLE_MS)
    expect(dark).toMatchObject({ equity: figures.equity / 100, marginAvailable: figures.marginFree / 100 });

  // TradingView: positions, by what they show.
  const shown = translatePositions(readers.screen, '2000-01-01T00:00:00.000000Z', valuation, 'en')
    .filter(({ qty }) => qty !== 0)
    .map((each) => [
      ...[each.instrument, each.side, each.qty, each.avgPrice, each.unrealizedPl],
      ...(each.customFields ?? []).map(({ value }) => value),
    ]);
  const standing = open.map((position, index) => {
    const { contractSize, digits } = simulator.market.get(position.symbol).instrument;
    return [
      ...[position.symbol, position.isBuy ? 'buy' : 'sell', (position.volume * contractSize) / 100],
      ...[Number(decimalOf(position.openPrice, digits)), present(floating[index], 'one each') / 100],
      ...[text(position.storage), text(position.commission)],
    ];
  });
  expect(shown.map(String).sort()).toEqual(standing.map(String).sort());

  // Orders that stand.
  const orders = Object.values(readers.screen.tickets).filter(({ status }) => status === 'working');
  const theirOrders = [...account.pendings.values()].map(({ symbol, volume, price }) => {
    const { digits } = simulator.market.get(symbol).instrument;
    return String([symbol, decimalOf(volume, 2), decimalOf(price, digits)]);
  });
  expect(
    orders
      .filter(({ kind }) => kind === 'order')
      .map(({ instrument, lots, price }) => String([instrument, lots, price]))
      .sort(),
  ).toEqual(theirOrders.sort());

  // Deals: each once, with its own money, in the log and among the executions.
  const deals = readers.positions.flatMap((position) =>
    position.deals.map((deal) => [
      ...[deal.deal, position.instrument, deal.volumeLots, deal.price, deal.profit, deal.commission, deal.swap],
    ]),
  );
  const theirs = account.deals.map((deal) => [
    ...[String(deal.id), deal.symbol, decimalOf(deal.volume, 2)],
    decimalOf(deal.closePrice, simulator.market.get(deal.symbol).instrument.digits),
    ...[deal.profit, deal.commission, deal.storage].map(money),
  ]);
  expect(deals.sort(byFirst)).toEqual(theirs.sort(byFirst));

  // Executions: what was opened was closed or stands, and commissions are what was charged.
  const lots = (isClose: boolean): Decimal =>
    sum(readers.executions.filter((each) => each.isClose === isClose).map((each) => each.lots));
  const closedLots = sum(account.deals.map(({ volume }) => decimalOf(volume, 2)));
  expect(lots(true)).toBe(closedLots);
  expect(lots(false)).toBe(sum([closedLots, ...open.map(({ volume }) => decimalOf(volume, 2))]));
  expect(sum(readers.executions.map(({ commission }) => commission))).toBe(
    sum([...account.deals, ...open].map(({ commission }) => money(commission))),
  );

  // The history of the balance: every change has its reason, and they sum up.
  const told = life.recorded.filter((event) => event.type === 'BalanceChanged');
  const operations = told.flatMap(({ data: { operation } }) => operation ?? []);
  const cash = operations.filter(({ type }) => type !== 'trading').map(({ reference, delta }) => [reference, delta]);
  expect(operations.filter(({ type }) => type === 'correction')).toEqual([]);
  expect(life.book.accruals.unexplained).toEqual({ balance: '0', credit: '0' });
  const first = present(told[0], 'a balance').data;
  const known = (kind: 'balance' | 'credit') =>
    sum([
      first[kind],
      ...operations.filter(({ type }) => (type === 'credit') === (kind === 'credit')).map((each) => each.delta),
    ]);
  expect([known('balance'), known('credit')]).toEqual([money(figures.balance), money(figures.credit)]);
  const booked = account.cash.map(({ id, amount }) => [String(id), money(amount)]);
  expect(booked).toEqual(expect.arrayContaining(cash));

  // ws-session.
  const { session } = readers;
  const moment = { at: session.account.equity?.at ?? '', correlationId: exampleAccount };
  const facts = {
    ...{ id: exampleAccount, traderId: '', terms: session.account.terms, halted: false },
    ...{ balance: session.account.money?.balance ?? null, created: moment, updated: moment },
  };
  expect(accountModelOf(facts, '50')).toMatchObject({ balance: money(figures.balance), currency: account.currency });
  const owner = { accountId: exampleAccount, traderId: '', currency: account.currency };
  const models = Object.values(session.positions.positions)
    .filter(({ status }) => status === 'open')
    .map((position) => ({ model: positionModelOf(position, owner, market), position }));
  expect(
    models.map(({ model }) => String([model.asset_pair, model.lots_amount, model.profit, model.commission])).sort(),
  ).toEqual(
    open
      .map(({ symbol, volume, commission }, index) =>
        String([symbol, decimalOf(volume, 2), money(floating[index] ?? 0), negate(money(commission))]),
      )
      .sort(),
  );
  for (const { model, position } of models)
    expect(sum(model.swaps.map(({ amount }) => amount))).toBe(
      sum([position.swap, ...position.deals.map(({ swap }) => swap)]),
    );
}

describe('money adds up', () => {
  it('is the simulator’s own books to the last digit, on every edge, whatever happens to an account', async () => {
    await fc.assert(
      fc.asyncProperty(lives, async ({ currency, balance, behaviour, steps }) => {
        const life = new AccountLife({ currency, balance }, behaviour);
        life.listen();
        for (const each of [...steps, { is: 'check' as const }]) {
          if (each.is === 'check') {
            await life.rest();
            holds(life);
            continue;
          }
          try {
            act(life, each);
          } catch (error) {
            if (!(error instanceof ActionRefused)) throw error;
          }
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
