import { booking, deal, openPosition, TrackerHarness } from '../account-tracker.fixture.ts';

describe('money', () => {
  it('is what the broker says it is, with the deal that moved it', () => {
    const harness = new TrackerHarness();
    expect(harness.balance('10000')).toEqual(['BalanceChanged']);
    harness.see(openPosition(), deal());
    expect(harness.balance('10010')).toEqual(['BalanceChanged']);
    const { positionId } = harness.last('PositionClosed').data;
    expect(harness.last('BalanceChanged').data).toEqual({
      balance: '10010',
      credit: '0',
      operation: { type: 'trading', delta: '10', reference: positionId, comment: null },
    });
    expect(harness.last('BalanceChanged').causationid).toBe(harness.last('PositionClosed').id);
    expect(harness.balance('10010')).toEqual([]);
  });

  it('waits for the deal when the balance is told first', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    harness.see(openPosition());
    expect(harness.balance('10010')).toEqual([]);
    expect(harness.see(deal())).toEqual(['PositionClosed', 'BalanceChanged']);
  });

  it('splits one figure over the deals that made it', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    const other = { position: '500000108', origin: '500000101' };
    harness.see(
      openPosition(),
      openPosition(other),
      deal(),
      deal({ position: other.position, deal: '73000002', profit: '-4' }),
    );
    expect(harness.balance('10006')).toEqual(['BalanceChanged', 'BalanceChanged']);
    const balances = harness.told.flatMap((fact) => (fact.type === 'BalanceChanged' ? [fact.data.balance] : []));
    expect(balances).toEqual(['10000', '10010', '10006']);
  });

  it.each([
    ['deposit', '500', '10500'],
    ['withdrawal', '-500', '9500'],
  ] as const)('moved by a %s of %s', (type, delta, balance) => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    expect(harness.see(booking(type, delta))).toEqual([]);
    expect(harness.balance(balance)).toEqual(['BalanceChanged']);
    expect(harness.last('BalanceChanged').data.operation).toMatchObject({ type, delta, reference: '900001' });
    expect(harness.see(booking(type, delta))).toEqual([]);
  });

  it('is told without a reason when none comes', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    expect(harness.balance('9999')).toEqual([]);
    expect(harness.wait(3_000)).toEqual(['BalanceChanged']);
    expect(harness.last('BalanceChanged').data).toMatchObject({ balance: '9999', operation: null });
  });
});
