// Faults 3 and 32 to 36 of the table in docs/xapi-faults.md: snapshots beside the stream, and time without a session.
import { until } from '@core/testing/until';
import { anAccountForEach, type ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('snapshots and time away', () => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;

  anAccountForEach({ connector: { RECONCILE_MS: '2000' } }, async (...given) => {
    [harness, trading] = given;
    await harness.broker('PUT', 'prices/EURUSD', { bid: '1.1', hold: true });
  });

  /** Does something while the account has no session, and lets it back in. */
  async function away(what: () => Promise<void>): Promise<void> {
    const before = (await trading.all('AccountReconciled')).length;
    await harness.fault({ kind: 'maintenance', mode: 'close' });
    await harness.broker('POST', 'disconnect', { userId: trading.userId });
    await trading.sees('AccountSessionLost');
    await what();
    await harness.broker('DELETE', 'faults');
    await trading.reconciledSince(before);
  }

  it('3: the stream lives and tells no trades: the periodic look finds them', async () => {
    await harness.fault({ kind: 'mute', stream: 'trade', user: trading.userId });
    const position = await trading.humanOpens();
    const opened = await trading.sees('PositionOpened');
    expect(opened.data.inferred).toBe(true);
    const drift = await trading.sees('AccountReconciled', ({ data }) => data.outcome === 'drift');
    expect(drift.data.drifts).toMatchObject([{ kind: 'position', brokerKey: String(position), ours: null }]);
  });

  it('32: a snapshot older than the stream does not bring back what was closed', async () => {
    const position = await trading.humanOpens();
    await trading.sees('PositionOpened');
    await harness.fault({ kind: 'delay-reply', command: 'getTrades', ms: 1_000, user: trading.userId, times: 1 });
    const { id } = await harness.fault({
      kind: 'delay-reply',
      command: 'getTradesHistory',
      ms: 1,
      user: trading.userId,
    });
    await until(async () => (await harness.broker<{ id: number }[]>('GET', 'faults')).every((each) => each.id === id));
    await trading.humanCloses(position);
    await trading.sees('PositionClosed');
    await trading.interrupted();
    expect(await trading.story()).toEqual(['PositionOpened', 'PositionClosed']);
  });

  it('33: a snapshot newer than the stream, and the stream has nothing to add', async () => {
    await harness.broker('PATCH', 'knobs', { streamDelayMs: 1_500 });
    const position = await trading.humanOpens();
    await trading.sees('PositionOpened');
    await trading.humanCloses(position);
    await trading.sees('PositionClosed');
    await harness.broker('PATCH', 'knobs', { streamDelayMs: 0 });
    await trading.interrupted();
    expect(await trading.story()).toEqual(['PositionOpened', 'PositionClosed']);
  });

  it('34: opened and closed while nobody listened', async () => {
    await away(async () => trading.humanCloses(await trading.humanOpens()).then(() => undefined));
    expect(await trading.story()).toEqual(['PositionOpened', 'PositionClosed']);
    const closed = await trading.sees('PositionClosed');
    expect(closed.data).toMatchObject({ inferred: true, reason: 'user' });
  });

  it('35: a pending order was triggered meanwhile', async () => {
    const orderId = await trading.buy('0.1', { kind: 'stop', price: '1.5' });
    await trading.sees('OrderWorking');
    await away(async () => {
      await harness.broker('PUT', 'prices/EURUSD', { bid: '1.6', hold: true });
    });
    await harness.broker('PUT', 'prices/EURUSD', { bid: '1.1', hold: true });
    const opened = await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    expect(opened.data.inferred).toBe(true);
    expect(await trading.all('OrderCancelled')).toEqual([]);
  });

  it('35: and triggered, and its position closed again', async () => {
    const orderId = await trading.buy('0.1', { kind: 'stop', price: '1.5' });
    await trading.sees('OrderWorking');
    await away(async () => {
      await harness.broker('PUT', 'prices/EURUSD', { bid: '1.6', hold: true });
      const positions = (): Promise<{ position: number }[]> =>
        harness.broker('GET', `positions?userId=${trading.userId}`);
      await until(async () => (await positions()).length === 1);
      for (const { position } of await positions()) await trading.humanCloses(position);
    });
    await harness.broker('PUT', 'prices/EURUSD', { bid: '1.1', hold: true });
    await trading.sees('PositionClosed');
    expect((await trading.all('OrderFilled')).map(({ data }) => data.orderId)).toEqual([orderId]);
    expect(await trading.all('OrderCancelled')).toEqual([]);
  });

  it('36: a person changes things at the broker, with a session and without', async () => {
    const position = await trading.humanOpens({ volume: '1' });
    const { positionId, orderId } = (await trading.sees('PositionOpened')).data;
    expect(orderId).toBeNull();
    const order = await trading.humanPlaces();
    await trading.sees('OrderWorking', ({ data }) => data.brokerOrder === String(order));
    await harness.broker('DELETE', `orders/${order}`);
    await trading.sees('OrderCancelled');
    await away(async () => {
      await harness.broker('POST', `positions/${position}/modify`, { sl: '0.8', tp: '1.8' });
      await trading.humanCloses(position, { volume: '0.4' });
    });
    const amended = await trading.sees('PositionAmended', ({ data }) => data.positionId === positionId);
    expect(amended.data).toMatchObject({ stopLoss: '0.8', takeProfit: '1.8', inferred: true });
    expect((await trading.sees('PositionReduced')).data).toMatchObject({ remainingLots: '0.6', inferred: true });
  });
});
