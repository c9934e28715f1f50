import { MarketClient } from '@core/bus/market-client';
import { present } from '@core/kernel/present';
import { PATIENCE_MS } from '@core/testing/until';
import { ConnectorHarness } from './connector-harness.fixture.ts';
import type { TradingAccount } from './trading-account.fixture.ts';

describe('an account at a broker', () => {
  let harness: ConnectorHarness;
  let trading: TradingAccount;

  beforeAll(async () => {
    harness = await ConnectorHarness.open();
    trading = await harness.account();
  });
  afterAll(() => harness?.close());

  it('is filled, protected, reduced and closed as it was asked, each step in the log with its cause', async () => {
    const orderId = await trading.buy('0.3');
    const opened = await trading.sees('PositionOpened', ({ data }) => data.orderId === orderId);
    const { positionId } = opened.data;

    const amendment = await trading.command({
      type: 'Amend',
      data: {
        terms: { target: 'position', positionId, stopLoss: '0.5', takeProfit: null },
        requester: { edge: 'operator', reference: null },
      },
    });
    const amended = await trading.sees('PositionAmended', ({ data }) => data.positionId === positionId);
    expect(amended.data).toMatchObject({ stopLoss: '0.5', takeProfit: null });
    await trading.sees('RequestAccepted', ({ data }) => data.requestId === amendment);

    const reduction = await trading.closePosition(positionId, '0.1');
    const reduced = await trading.sees('PositionReduced', ({ data }) => data.positionId === positionId);
    expect(reduced.data).toMatchObject({ remainingLots: '0.2', requestId: reduction });

    const close = await trading.closePosition(positionId);
    const closed = await trading.sees('PositionClosed', ({ data }) => data.positionId === positionId);
    expect(closed.data).toMatchObject({ reason: 'user', requestId: close, inferred: false });
    await trading.sees('BalanceChanged', ({ data }) => data.operation?.reference === positionId);
    expect(closed.correlationid).not.toBe(opened.correlationid);
    for (const request of [orderId, amendment, reduction, close]) expect(await trading.sent(request)).toBe(1);
  });

  it('gives prices and instruments to whoever asks', async () => {
    const snapshot = await new MarketClient(harness.connection).snapshot('sim', PATIENCE_MS);
    const { instruments, quotes } = present(snapshot, 'nobody answered');
    expect(instruments.map(({ instrument }) => instrument)).toEqual(
      expect.arrayContaining(['EURUSD', 'GOLD', 'US500']),
    );
    expect(quotes.length).toBeGreaterThan(0);
  });
});
