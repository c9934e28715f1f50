// Faults 19 to 31, 57 and 62 of the table in docs/xapi-faults.md: what records do, and in which order they come.
import { instantFromMs } from '@core/kernel/instant';
import { until } from '@core/testing/until';
import { anAccountForEach, type ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('records of trades', () => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;

  anAccountForEach({}, async (...given) => {
    [harness, trading] = given;
    for (const symbol of ['EURUSD', 'GOLD']) await harness.broker('POST', `prices/${symbol}/hold`, { hold: true });
  });

  const knobs = (change: object): Promise<unknown> => harness.broker('PATCH', 'knobs', change);

  /** A stop order of ours near the market, standing. */
  async function stopOrder(more: object = {}): Promise<{ readonly orderId: string; readonly price: string }> {
    const price = '1.5';
    const orderId = await trading.buy('0.1', { kind: 'stop', price, ...more });
    await trading.sees('OrderWorking', ({ data }) => data.orderId === orderId);
    return { orderId, price };
  }

  const moveTo = (bid: string): Promise<unknown> => harness.broker('PUT', 'prices/EURUSD', { bid, hold: true });
  const backToNormal = (): Promise<unknown> => moveTo('1.1');

  it.each([3, 7])('19: every record %s times', async (duplicate) => {
    await knobs({ duplicate });
    const orderId = await trading.buy();
    const { positionId } = (await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId)).data;
    await trading.closePosition(positionId);
    await trading.sees('PositionClosed');
    expect(await trading.story()).toEqual([
      'OrderRequested',
      'order RequestDispatched',
      'order RequestAccepted',
      'OrderFilled',
      'PositionOpened',
      'CloseRequested',
      'close RequestDispatched',
      'close RequestAccepted',
      'PositionClosed',
    ]);
  });

  it('20: the closing deal before its announcement, and a late record behind both', async () => {
    await knobs({ sequence: { closeBeforeDeleted: true, lateModifiedAfterClose: true }, duplicate: 2 });
    const position = await trading.humanOpens();
    await trading.sees('PositionOpened');
    await trading.humanCloses(position);
    await trading.sees('PositionClosed');
    await trading.interrupted();
    expect(await trading.story()).toEqual(['PositionOpened', 'PositionClosed']);
  });

  it('20: the position before the end of its pending order', async () => {
    await knobs({ sequence: { positionBeforePendingDeleted: true } });
    const { orderId } = await stopOrder();
    await moveTo('1.6');
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    await backToNormal();
    expect((await trading.story()).filter((type) => type === 'OrderFilled')).toHaveLength(1);
    expect(await trading.all('OrderCancelled')).toEqual([]);
  });

  it('20: neighbours changing places by chance', async () => {
    await knobs({ reorderWindowMs: 80, duplicate: 2 });
    for (let n = 0; n < 4; n += 1) await trading.humanCloses(await trading.humanOpens());
    await until(async () => (await trading.all('PositionClosed')).length === 4);
    await trading.interrupted();
    expect(await trading.all('PositionOpened')).toHaveLength(4);
    expect(await trading.all('PositionClosed')).toHaveLength(4);
  });

  it('21: several orders triggered at once', async () => {
    const orders = [await stopOrder(), await stopOrder(), await stopOrder()];
    await moveTo('1.6');
    await until(async () => (await trading.all('PositionOpened')).length === 3);
    await backToNormal();
    const opened = await trading.all('PositionOpened');
    expect(opened.map(({ data }) => data.orderId).sort()).toEqual(orders.map(({ orderId }) => orderId).sort());
  });

  it('22: protection that follows its position', async () => {
    await knobs({ slTpLate: true });
    await trading.humanOpens({ sl: '0.9', tp: '1.9' });
    await trading.sees('PositionAmended', ({ data }) => data.stopLoss === '0.9' && data.takeProfit === '1.9');
    expect((await trading.all('PositionOpened'))[0]?.data).toMatchObject({ stopLoss: null, takeProfit: null });
  });

  it('23: triggered, and no position comes of it', async () => {
    const { orderId } = await stopOrder();
    await harness.fault({ kind: 'fail-trigger', user: trading.userId });
    await moveTo('1.6');
    const cancelled = await trading.sees('OrderCancelled', ({ data }) => data.orderId === orderId);
    await backToNormal();
    expect(cancelled.data.reason).toBe('trigger-failed');
    expect(await trading.all('PositionOpened')).toEqual([]);
  });

  it('24: an order that runs out', async () => {
    const { orderId } = await stopOrder({ expiresAt: instantFromMs(Date.now() + 1_800_000) });
    await knobs({ clockSkewMs: 3_600_000 });
    const expired = await trading.sees('OrderExpired', ({ data }) => data.orderId === orderId);
    expect(expired.data).toMatchObject({ inferred: false });
    expect(await trading.all('RequestExpired')).toEqual([]);
  });

  it('25: one order, several positions', async () => {
    await knobs({ splitFillsAbove: 100 });
    const orderId = await trading.buy('2.5');
    await until(async () => {
      const fills = await trading.all('OrderFilled');
      return fills.reduce((sum, { data }) => sum + Number(data.volumeLots) * 100, 0) === 250;
    });
    const opened = await trading.all('PositionOpened');
    expect(opened.length).toBeGreaterThan(1);
    expect(new Set(opened.map(({ data }) => data.orderId))).toEqual(new Set([orderId]));
  });

  it.each(['same-position', 'new-position'])('26: closed in part, %s', async (partialClose) => {
    await knobs({ partialClose });
    const orderId = await trading.buy('1');
    const { positionId, brokerPosition } = (
      await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId)
    ).data;
    const request = await trading.closePosition(positionId, '0.3');
    const reduced = await trading.sees('PositionReduced');
    expect(reduced.data).toMatchObject({ positionId, volumeLots: '0.3', remainingLots: '0.7', requestId: request });
    expect(reduced.data.brokerPosition === brokerPosition).toBe(partialClose === 'same-position');
    await trading.interrupted();
    await trading.closePosition(positionId);
    await trading.sees('PositionClosed', ({ data }) => data.positionId === positionId && data.volumeLots === '0.7');
    expect(await trading.all('PositionOpened')).toHaveLength(1);
  });

  it.each([true, false])('27: the market order in flight, shown: %s', async (transientType1) => {
    await knobs({ transientType1 });
    const orderId = await trading.buy();
    await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(await trading.all('OrderWorking')).toEqual([]);
  });

  it.each([
    [500, 'deposit', 2],
    [-300, 'withdrawal', 0],
  ])('28: %s is a %s (type %s) and no position', async (amount, type, cashRecordType) => {
    await knobs({ cashRecordType });
    const path = `accounts/${trading.userId}/cash`;
    await harness.broker('POST', path, { amount, comment: 'wire transfer' });
    const changed = await trading.sees('BalanceChanged', ({ data }) => data.operation?.type === type);
    expect(changed.data.operation).toMatchObject({ delta: String(amount) });
    expect(await trading.all('PositionOpened')).toEqual([]);
  });

  it('28: credit alike', async () => {
    const path = `accounts/${trading.userId}/cash`;
    await harness.broker('POST', path, { amount: 50, kind: 'credit' });
    const changed = await trading.sees('BalanceChanged', ({ data }) => data.operation?.type === 'credit');
    expect(changed.data).toMatchObject({ credit: '50' });
  });

  it('29: the result comes from the deal, not from the stale record before it', async () => {
    const position = await trading.humanOpens();
    await trading.sees('PositionOpened');
    await moveTo('1.2');
    await trading.humanCloses(position);
    const closed = await trading.sees('PositionClosed');
    await backToNormal();
    expect(closed.data.price).toBe('1.2');
    expect(Number(closed.data.profit)).toBeGreaterThan(0);
    const booked = await trading.sees('BalanceChanged', ({ data }) => data.operation?.type === 'trading');
    expect(booked.data.operation?.delta).toBe(closed.data.profit);
  });

  it('30: a comment wiped by a person is sent again with our next change, and the position stays ours', async () => {
    const orderId = await trading.buy();
    const { positionId, brokerPosition, comment } = (await trading.sees('PositionOpened')).data;
    await harness.broker('POST', `positions/${brokerPosition}/modify`, { sl: '0.8' });
    await trading.sees('PositionAmended', ({ data }) => data.stopLoss === '0.8');
    const terms = { target: 'position', positionId, stopLoss: '0.9', takeProfit: null } as const;
    await trading.command({ type: 'Amend', data: { terms, requester: { edge: 'operator', reference: null } } });
    await trading.sees('PositionAmended', ({ data }) => data.stopLoss === '0.9');
    const [position] = await harness.broker<{ customComment: string | null }[]>(
      'GET',
      `positions?userId=${trading.userId}`,
    );
    expect(position?.customComment).toBe(comment);
    const close = await trading.closePosition(positionId);
    expect((await trading.sees('PositionClosed')).data.requestId).toBe(close);
    expect((await trading.all('PositionOpened'))[0]?.data.orderId).toBe(orderId);
  });

  it('31: a burst of unchanged records is no news', async () => {
    await trading.humanOpens();
    await trading.humanOpens({ symbol: 'GOLD' });
    await until(async () => (await trading.all('PositionOpened')).length === 2);
    for (let n = 0; n < 5; n += 1) await harness.broker('POST', `accounts/${trading.userId}/resync`);
    const last = await trading.humanOpens();
    await trading.sees('PositionOpened', ({ data }) => data.brokerPosition === String(last));
    expect(await trading.story()).toEqual(['PositionOpened', 'PositionOpened', 'PositionOpened']);
  });

  it('57: a stop loss closes its position although its deal tells another opening time', async () => {
    await harness.broker('POST', 'prices/EURUSD/hold', { hold: true });
    const position = await trading.humanOpens({ sl: '0.9' });
    await trading.sees('PositionOpened');
    await harness.broker('POST', `positions/${position}/hit`, { what: 'sl' });
    const closed = await trading.sees('PositionClosed');
    await backToNormal();
    expect(closed.data).toMatchObject({ reason: 'stop-loss', requestId: null });
    expect(await trading.story()).toEqual(['PositionOpened', 'PositionClosed']);
  });

  it('62: the balance is told before the deal that moved it', async () => {
    await knobs({ execDelayMs: { balance: 0, trade: 250 } });
    const position = await trading.humanOpens();
    const { positionId } = (await trading.sees('PositionOpened')).data;
    await moveTo('1.2');
    await trading.humanCloses(position);
    const booked = await trading.sees('BalanceChanged', ({ data }) => data.operation?.type === 'trading');
    await backToNormal();
    expect(booked.data.operation?.reference).toBe(positionId);
    expect((await trading.all('BalanceChanged')).filter(({ data }) => data.operation?.type === 'correction')).toEqual(
      [],
    );
  });
});
