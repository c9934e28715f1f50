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

  it('is told at once, and its deal when it comes', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    harness.see(openPosition());
    expect(harness.balance('10010')).toEqual(['BalanceChanged']);
    expect(harness.last('BalanceChanged').data).toMatchObject({ balance: '10010', operation: null });
    expect(harness.see(deal())).toEqual(['PositionClosed', 'BalanceChanged']);
    expect(harness.last('BalanceChanged').data).toMatchObject({ balance: '10010', operation: { delta: '10' } });
  });

  it('stays what it is while its reasons are told', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    const other = { position: '500000108', origin: '500000101' };
    harness.see(openPosition(), openPosition(other));
    harness.balance('10006');
    harness.see(deal(), deal({ position: other.position, deal: '73000002', profit: '-4' }));
    const balances = harness.told.flatMap((fact) => (fact.type === 'BalanceChanged' ? [fact.data.balance] : []));
    expect(balances).toEqual(['10000', '10006', '10006', '10006']);
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

  it('has its reason asked for when none comes', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    expect(harness.balance('9999')).toEqual(['BalanceChanged']);
    expect(harness.wait(3_000)).toEqual([]);
    expect(harness.tracker.wantsSnapshot).toBe(true);
    const { drifts } = harness.read({ balance: '9999' });
    expect(drifts).toEqual([{ kind: 'balance', brokerKey: '', ours: '10000', theirs: '9999' }]);
    expect(harness.last('BalanceChanged').data).toMatchObject({ balance: '9999', operation: { delta: '-1' } });
    expect(harness.wait(3_000)).toEqual([]);
    expect(harness.tracker.wantsSnapshot).toBe(false);
  });

  it('has its reason asked for once for each change, and no sample is worth telling meanwhile', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    harness.balance('9999');
    expect(harness.tracker.awaitsReason).toBe(true);
    harness.wait(3_000);
    expect(harness.tracker.awaitsReason).toBe(false);
    harness.read({ balance: '9999', observed: ['balance'] });
    harness.wait(3_000);
    expect(harness.tracker.wantsSnapshot).toBe(false);
    harness.balance('9998');
    harness.wait(3_000);
    expect(harness.tracker.wantsSnapshot).toBe(true);
  });

  it('never lays on a deal what is not its own', () => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    const other = { position: '500000108', origin: '500000101' };
    harness.see(openPosition(), openPosition(other), deal());
    harness.see(deal({ position: other.position, deal: '73000002', profit: '-4' }));
    harness.balance('10005');
    harness.wait(3_000);
    harness.ms += 2_000;
    harness.read({ balance: '10005' });
    const operations = harness.told.flatMap((fact) =>
      fact.type === 'BalanceChanged' && fact.data.operation ? [fact.data.operation] : [],
    );
    expect(operations.map(({ type, delta }) => [type, delta])).toEqual([
      ['trading', '10'],
      ['trading', '-4'],
      ['correction', '-1'],
    ]);
  });

  it.each([
    ['at the opening', ['9994', '10004']],
    ['at the close', ['10000', '10004']],
  ] as const)('has its commission booked %s, and every change has its reason', (_, balances) => {
    const harness = new TrackerHarness();
    harness.balance('10000');
    harness.see(openPosition({ commission: '-6' }));
    harness.balance(balances[0]);
    harness.see(deal({ commission: '-6' }));
    harness.balance(balances[1]);
    const operations = harness.told.flatMap((fact) =>
      fact.type === 'BalanceChanged' && fact.data.operation ? [fact.data.operation.delta] : [],
    );
    expect(operations).toEqual(balances[0] === '9994' ? ['-6', '10'] : ['4']);
    expect(harness.tracker.book.accruals.positions).toEqual({});
  });
});
