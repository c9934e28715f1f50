import { aCommand, exampleNow, exampleSignal } from '@core/contracts/command-examples.fixture';
import type { CommandBody } from '@core/contracts/command';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { LimitKind } from '@core/contracts/limit';
import { aMarket, anInstrument } from '@core/contracts/market/example.fixture';
import type { PricedMarket } from '@core/contracts/market/valuation';
import { SYSTEM_ACCOUNT, type Decimal } from '@core/contracts/primitives';
import { fromNumber, toNumber } from '@core/kernel/decimal';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { given } from '@core/testing/given';
import fc from 'fast-check';
import { accountAggregate } from './account-aggregate.ts';
import { decideCommand } from './decide-command.ts';
import type { DecisionContext } from './decision.ts';
import { aContext, accountRules } from './examples.fixture.ts';

const registered = anEvent('AccountRegistered');
const trader = registered.data.traderId;
const inEuro = anEvent('AccountUpdated', { currency: 'EUR' });
const funds = (balance: Decimal, time = exampleNow) =>
  anEvent('BalanceChanged', { balance, credit: '0', operation: null }, { time });
const limited = (limit: LimitKind, allowed: Decimal | null) => anEvent('LimitSet', { limit, allowed });

/** EURUSD as of ten o'clock; null is a market that nobody has told of. */
const quoted = (ask: Decimal | null = '1.1002'): PricedMarket =>
  aMarket([anInstrument()], ask === null ? {} : { EURUSD: ['1.1', ask] }, exampleNow);

/** What an account of this past is told of an order: the limit that stopped it, or null. */
function judged(
  past: readonly Event[],
  order: Partial<CommandBody<'PlaceOrder'>['data']> = {},
  context: Partial<DecisionContext> = {},
) {
  const at = aContext({ market: () => quoted(), ...context });
  const state = accountAggregate.initial();
  [registered, inEuro, ...past].forEach((event, index) =>
    accountAggregate.evolve(state, { ...event, position: index + 1, version: index + 1, recordedtime: event.time }),
  );
  const { refusal } = decideCommand(state, aCommand('PlaceOrder', order, { commandid: exampleId(0xfff) }), at);
  return refusal?.breach ?? refusal?.reason ?? null;
}

describe('a limit', () => {
  const set = aCommand('SetLimit');

  it('is set once, changed and lifted, for an account or for everyone', () => {
    const event = { type: 'LimitSet', data: set.data } as const;
    const lift = aCommand('SetLimit', { allowed: null });
    given(accountRules(), [registered]).when(set).then([event]);
    given(accountRules(), [registered, limited('order-volume', '5')])
      .when(set)
      .thenNothing();
    given(accountRules(), [registered, limited('order-volume', '4')])
      .when(set)
      .then([event]);
    given(accountRules(), [registered]).when(lift).thenNothing();
    given(accountRules(), [registered, limited('order-volume', '5')])
      .when(lift)
      .then([{ type: 'LimitSet', data: lift.data }]);
    given(accountRules(), [])
      .when(aCommand('SetLimit', {}, { subject: SYSTEM_ACCOUNT }))
      .then([event]);
  });

  it('of a trader stands under the system account, and nowhere else', () => {
    const ofTrader = aCommand('SetLimit', { traderId: trader }, { subject: SYSTEM_ACCOUNT });
    given(accountRules(), [])
      .when(ofTrader)
      .then([{ type: 'LimitSet', data: ofTrader.data }]);
    given(accountRules(), [anEvent('LimitSet', { traderId: trader })])
      .when(ofTrader)
      .thenNothing();
    given(accountRules(), [registered])
      .when(aCommand('SetLimit', { traderId: trader }))
      .thenRefused('malformed');
  });

  it('that allows least is the one that holds, whoever set it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: 0, max: 9 })), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 1, max: 9 }),
        ([own = null, ofTrader = null, ofAll = null], lots) => {
          const table = (most: number | null) => (most === null ? {} : { 'order-volume': fromNumber(most) });
          const systemLimits = { own: table(ofAll), ofTraders: { [trader]: table(ofTrader) }, duplicateWindowMs: {} };
          const past = own === null ? [] : [limited('order-volume', fromNumber(own))];
          const least = Math.min(...[own, ofTrader, ofAll].map((each) => each ?? Infinity));
          const told = judged(past, { volumeLots: fromNumber(lots) }, { systemLimits });
          if (lots <= least) expect(told).toBeNull();
          else expect(told).toMatchObject({ limit: 'order-volume', allowed: `${least}`, found: `${lots}` });
        },
      ),
    );
  });

  it('of another trader is nobody else’s', () => {
    const ofTraders = { [exampleId(7)]: { 'order-volume': '0.01' } } as const;
    const systemLimits = { own: {}, ofTraders, duplicateWindowMs: {} };
    expect(judged([], {}, { systemLimits })).toBeNull();
  });

  it.each(LimitKind.options)(
    '%s stops an order beyond it and says by what, and lets one pass that meets it',
    (kind) => {
      const past = [funds('1000'), anEvent('EquityMarked', { balance: '1000', credit: '0', equity: '990' })];
      const order = kind === 'price-band' ? ({ kind: 'limit', price: '1.05' } as const) : {};
      const now = instantFromMs(toMs(exampleNow) + 5_000);
      const market = () => quoted('1.1');
      const open = anEvent('PositionOpened', { price: '1.101', volumeLots: '0.1' });
      const rejected = [1, 2].map(() => anEvent('RequestRejected', { reason: 'market-closed' }));
      const of = (allowed: Decimal) =>
        judged([...past, open, ...rejected, limited(kind, allowed)], order, { now, market });
      const beyond = of('0');
      expect(beyond).toMatchObject({ limit: kind, of: 'account', allowed: '0' });
      const found = (beyond as { found: Decimal }).found;
      expect(toNumber(found)).toBeGreaterThan(0);
      expect(of(found)).toBeNull();
      expect(of(fromNumber(toNumber(found) * 0.999))).toMatchObject({ limit: kind, found });
    },
  );

  it.each(['order-notional', 'instrument-exposure', 'quote-age', 'day-loss'] as const)(
    '%s that nobody can measure is not met',
    (kind) => {
      const told = judged([limited(kind, '1000000')], {}, { market: () => quoted(null) });
      expect(told).toEqual({ limit: kind, of: 'account', allowed: '1000000', found: null });
    },
  );
});

describe('what limits count', () => {
  it('are the orders of the last minute and of the day, and no others', () => {
    const orders = [0, 20, 40, 59].map((second, index) =>
      anEvent(
        'OrderRequested',
        { orderId: exampleId(index + 1) },
        { time: instantFromMs(toMs(exampleNow) + second * 1000) },
      ),
    );
    const inMinute = (second: number) =>
      judged(
        [...orders, limited('orders-per-minute', '0')],
        {},
        { now: instantFromMs(toMs(exampleNow) + second * 1000) },
      );
    expect(inMinute(59)).toMatchObject({ found: '5' });
    expect(inMinute(60)).toMatchObject({ found: '4' });
    expect(inMinute(100)).toMatchObject({ found: '2' });
    expect(inMinute(1000)).toMatchObject({ found: '1' });
    const inDay = (now: string) => judged([...orders, limited('orders-per-day', '0')], {}, { now });
    expect(inDay('2026-01-05T23:59:59.999999Z')).toMatchObject({ found: '5' });
    expect(inDay('2026-01-06T00:00:00.000000Z')).toMatchObject({ found: '1' });
  });

  it('are positions and what may still become one: an order counts from its request until it is gone', () => {
    const request = anEvent('OrderRequested', { orderId: exampleId(1) });
    const standing = (...past: Event[]) => judged([...past, limited('open-positions', '0')]);
    const positions = (count: number) => ({ found: `${count + 1}` });
    expect(standing(request)).toMatchObject(positions(1));
    expect(standing(request, anEvent('RequestRejected', { requestId: exampleId(1) }))).toMatchObject(positions(0));
    const taken = [request, anEvent('RequestAccepted', { requestId: exampleId(1) })];
    expect(standing(...taken)).toMatchObject(positions(1));
    expect(standing(...taken, anEvent('OrderWorking', { orderId: exampleId(1) }))).toMatchObject(positions(1));
    const opened = anEvent('PositionOpened', { orderId: exampleId(1) });
    expect(standing(...taken, opened)).toMatchObject(positions(1));
    const closed = anEvent('PositionClosed', { positionId: opened.data.positionId });
    expect(standing(...taken, opened, closed)).toMatchObject(positions(0));
    expect(standing(...taken, anEvent('AccountReconciled'))).toMatchObject(positions(0));
  });

  it('is net exposure: what an order takes away from it is free', () => {
    const long = anEvent('PositionOpened', { side: 'buy', volumeLots: '0.3' });
    const lots = (order: Parameters<typeof judged>[1]) =>
      judged([long, limited('instrument-exposure', '0')], order, { market: () => quoted('1.1') });
    const worth = (volume: number) => ({ found: fromNumber(volume * 100_000) });
    expect(lots({ side: 'buy', volumeLots: '0.1' })).toMatchObject(worth(0.4));
    expect(lots({ side: 'sell', volumeLots: '0.3' })).toBeNull();
    expect(lots({ side: 'sell', volumeLots: '0.5' })).toMatchObject(worth(0.2));
  });

  it('is the loss since midnight, without what was paid in or out', () => {
    const yesterday = '2026-01-04T20:00:00.000000Z';
    const paidOut = anEvent('BalanceChanged', {
      balance: '700',
      credit: '0',
      operation: { type: 'withdrawal', delta: '-200', reference: null, comment: null },
    });
    const loss = (...past: Event[]) => judged([...past, limited('day-loss', '0')]);
    expect(loss(funds('1000', yesterday))).toBeNull();
    expect(loss(funds('1000', yesterday), funds('900'))).toMatchObject({ found: '100' });
    expect(loss(funds('1000', yesterday), funds('900'), paidOut)).toMatchObject({ found: '100' });
    expect(loss(funds('1000', yesterday), funds('1100'))).toBeNull();
  });
});

describe('the same order again', () => {
  const guarded = anEvent('DuplicateGuardSet', { edge: 'tv-gateway', windowMs: 2_000 });
  const order = anEvent('OrderRequested', { volumeLots: '0.1' });
  const again = (change: object, ms: number, ...past: Event[]) =>
    judged([order, ...past], { ...change }, { now: instantFromMs(toMs(exampleNow) + ms) });

  it('is refused within the window of its edge, and is another one in any term', () => {
    expect(again({}, 1_999, guarded)).toBe('duplicate-order');
    expect(again({}, 2_000, guarded)).toBeNull();
    expect(again({}, 0)).toBeNull();
    expect(again({ side: 'sell' }, 0, guarded)).toBeNull();
    expect(again({ volumeLots: '0.2' }, 0, guarded)).toBeNull();
    expect(again({ requester: { edge: 'ws-session', reference: null } }, 0, guarded)).toBeNull();
    expect(again({}, 0, guarded, anEvent('DuplicateGuardSet', { edge: 'tv-gateway', windowMs: null }))).toBeNull();
  });

  it('is refused where everyone is guarded, too', () => {
    const systemLimits = { own: {}, ofTraders: {}, duplicateWindowMs: { 'tv-gateway': 1_000 } };
    expect(judged([order], {}, { systemLimits })).toBe('duplicate-order');
  });

  it('is guarded against once', () => {
    const set = aCommand('SetDuplicateGuard');
    given(accountRules(), [registered])
      .when(set)
      .then([{ type: 'DuplicateGuardSet', data: set.data }]);
    given(accountRules(), [registered, guarded]).when(set).thenNothing();
  });
});

describe('rejections in a row', () => {
  const rejected = (reason: 'market-closed' | 'broker-error') => anEvent('RequestRejected', { reason });
  const row = (...past: Event[]) => judged([...past, limited('rejections-in-a-row', '0')]);

  it('are those for one reason, until the broker takes an order or an operator lets the account trade again', () => {
    const two = [rejected('market-closed'), rejected('market-closed')];
    expect(row(...two)).toMatchObject({ found: '2' });
    expect(row(...two, rejected('broker-error'))).toMatchObject({ found: '1' });
    expect(row(...two, anEvent('RequestAccepted'))).toBeNull();
    expect(row(...two, anEvent('CloseOnlySet', { closeOnly: false }))).toBeNull();
  });
});

describe('a limit that stops', () => {
  it('a signal leaves it to be sent again', () => {
    given(accountRules(), [registered, limited('order-volume', '0.05')])
      .when(aCommand('ReceiveSignal', { signal: exampleSignal }))
      .thenRefused('limit-exceeded');
  });

  it('a new price of an order leaves its other terms free to change', () => {
    const working = anEvent('OrderWorking', { price: '1.05', kind: 'limit' });
    const terms = {
      ...({
        target: 'order',
        orderId: working.data.orderId,
        stopLoss: null,
        takeProfit: null,
        expiresAt: null,
      } as const),
      price: '1.05' as Decimal,
    };
    const rules = accountRules(aContext({ market: () => quoted() }));
    const history = [registered, working, limited('price-band', '1')];
    given(rules, history)
      .when(aCommand('Amend', { terms: { ...terms, price: '1.04' } }))
      .thenRefused('limit-exceeded');
    given(rules, history)
      .when(aCommand('Amend', { terms }))
      .then([expect.objectContaining({ type: 'AmendmentRequested' })]);
  });

  it('orders leaves closing and cancelling free', () => {
    const all = LimitKind.options.map((kind) => limited(kind, '0'));
    const open = [registered, anEvent('OrderWorking'), anEvent('PositionOpened'), ...all];
    given(accountRules(), open)
      .when(aCommand('ClosePosition'))
      .then([expect.objectContaining({ type: 'CloseRequested' })]);
    given(accountRules(), open)
      .when(aCommand('CancelOrder'))
      .then([expect.objectContaining({ type: 'CancellationRequested' })]);
  });
});
