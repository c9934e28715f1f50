import { BrokerControl } from '../control/broker-control.ts';
import { aSimulator, aTrader, EXAMPLE_PASSWORD, TUESDAY_MS } from '../in-memory/example.fixture.ts';
import { MemoryClient } from '../in-memory/memory-client.ts';

const ORDER = { type: 0, cmd: 0, symbol: 'EURUSD', volume: 0.1, price: 1, customComment: 'a1' };

describe('a broker’s state', () => {
  it('is taken over whole, through JSON', () => {
    const before = aSimulator();
    const client = aTrader(before);
    client.ask('tradeTransaction', { tradeTransInfo: { ...ORDER, sl: 1.05 } });
    client.ask('tradeTransaction', { tradeTransInfo: { ...ORDER, cmd: 2, price: 1.05 } });
    new BrokerControl(before).setPrice({ symbol: 'GOLD', bid: '1999', hold: true });
    new BrokerControl(before).cash({ userId: '10001', amount: '5', kind: 'balance' });

    const state = JSON.parse(JSON.stringify(before.capture()));
    const after = aSimulator({}, { state, startMs: TUESDAY_MS + 60_000 });
    expect(after.capture()).toEqual({
      ...state,
      ids: { order: state.ids.order + 100_000, deal: state.ids.deal + 100_000 },
    });

    // It is alive: the old stop loss still triggers, and no number comes again.
    new BrokerControl(after).setPrice({ symbol: 'EURUSD', bid: '1.04' });
    const account = after.broker.account('10001');
    expect([account.positions.size, account.pendings.size, account.deals.length]).toEqual([1, 0, 1]);
    const [opened] = account.positions.keys();
    expect(opened).toBeGreaterThan(state.ids.order);
    expect(after.journal.all()).toHaveLength(2);
  });

  it('rejects what was on its way', () => {
    const before = aSimulator({ execDelayMs: { execute: 60_000 } });
    const client = aTrader(before);
    const { returnData } = client.ask('tradeTransaction', { tradeTransInfo: ORDER });
    const after = aSimulator({}, { state: JSON.parse(JSON.stringify(before.capture())) });
    const again = new MemoryClient(after, '10001');
    again.login(EXAMPLE_PASSWORD);
    expect(again.ask('tradeTransactionStatus', returnData as never).returnData).toMatchObject({ requestStatus: 4 });
    again.wait(120_000);
    expect(after.broker.account('10001').positions.size).toBe(0);
  });

  it('gives way to the password that the configuration names', () => {
    const state = aSimulator().capture();
    const terms = { userId: '10001', password: 'new', currency: 'USD', balance: 0, leverage: 100 } as const;
    const after = aSimulator({}, { state, accounts: [terms] });
    expect(new MemoryClient(after, '10001').login('new')).toMatchObject({ status: true });
    expect(after.broker.account('10001').balance).toBe(1_000_000);
  });
});
