import { deal, TrackerHarness, position } from '../account-tracker.fixture.ts';

describe('money', () => {
  it('is what the broker says it is, with the deal that moved it', () => {
    const kit = new TrackerHarness();
    expect(kit.balance('10000')).toEqual(['BalanceChanged']);
    kit.see(position(), deal());
    expect(kit.balance('10010')).toEqual(['BalanceChanged']);
    const { positionId } = kit.last('PositionClosed').data;
    expect(kit.last('BalanceChanged').data).toEqual({
      balance: '10010',
      credit: '0',
      operation: { type: 'trading', delta: '10', reference: positionId, comment: null },
    });
    expect(kit.last('BalanceChanged').causationid).toBe(kit.last('PositionClosed').id);
    expect(kit.balance('10010')).toEqual([]);
  });

  it('waits for the deal when the balance is told first', () => {
    const kit = new TrackerHarness();
    kit.balance('10000');
    kit.see(position());
    expect(kit.balance('10010')).toEqual([]);
    expect(kit.see(deal())).toEqual(['PositionClosed', 'BalanceChanged']);
  });

  it('splits one figure over the deals that made it', () => {
    const kit = new TrackerHarness();
    kit.balance('10000');
    const other = { order: 500000108, position: 500000108, order2: 500000101 };
    kit.see(position(), position(other), deal(), deal({ ...other, order: 73000002, profit: -4 }));
    expect(kit.balance('10006')).toEqual(['BalanceChanged', 'BalanceChanged']);
    const balances = kit.told.flatMap((fact) => (fact.type === 'BalanceChanged' ? [fact.data.balance] : []));
    expect(balances).toEqual(['10000', '10010', '10006']);
  });

  it.each([
    [500, 6, 'deposit', '10500'],
    [-500, 6, 'withdrawal', '9500'],
  ] as const)('moved by %s, cmd %s, is a %s', (profit, cmd, type, balance) => {
    const kit = new TrackerHarness();
    kit.balance('10000');
    const booking = { cmd, profit, symbol: null, type: 2, closed: true, order: 900001, comment: 'wire', volume: 0 };
    expect(kit.see(position(booking))).toEqual([]);
    expect(kit.balance(balance)).toEqual(['BalanceChanged']);
    expect(kit.last('BalanceChanged').data.operation).toMatchObject({
      type,
      delta: String(profit),
      reference: '900001',
    });
    expect(kit.see(position(booking))).toEqual([]);
  });

  it('is told without a reason when none comes', () => {
    const kit = new TrackerHarness();
    kit.balance('10000');
    expect(kit.balance('9999')).toEqual([]);
    expect(kit.wait(3_000)).toEqual(['BalanceChanged']);
    expect(kit.last('BalanceChanged').data).toMatchObject({ balance: '9999', operation: null });
  });
});
