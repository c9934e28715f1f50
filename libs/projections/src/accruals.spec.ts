import type { Event } from '@core/contracts/event';
import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import type { Decimal } from '@core/contracts/primitives';
import { accrue, accrued, noAccruals, type Accruals } from './accruals.ts';
import { examplePosition } from './histories.fixture.ts';

const accruals = (...events: readonly Event[]): Accruals => {
  const state = noAccruals();
  for (const event of events) accrue(state, event, null);
  return state;
};

const opened = anEvent('PositionOpened', { commission: '-6', swap: '-1' });
const reduced = anEvent('PositionReduced', {
  ...{ profit: '4', swap: '0', commission: '-2' },
  ...{ remainingCommission: '-4', remainingSwap: '-1' },
});
const closed = anEvent('PositionClosed', { profit: '10', swap: '-1', commission: '-4' });
const booked = (delta: Decimal, { id: causationid }: Event = opened, reference = examplePosition) =>
  anEvent('BalanceChanged', { operation: { type: 'trading', delta, reference, comment: null } }, { causationid });
const money = (rounds: number): { balance: Decimal; credit: Decimal } => ({ balance: `${rounds * 3}`, credit: '0' });
const corrected = anEvent('BalanceChanged', {
  operation: { type: 'correction', delta: '1', reference: null, comment: null },
});

describe('what a balance does not have yet', () => {
  it.each([
    ['at the close', [booked('2', reduced), booked('5', closed)], '-7', '-5'],
    ['at the opening', [booked('-6'), booked('4', reduced), booked('9', closed)], '-7', '-1'],
  ] as const)('is nothing in the end, with commissions booked %s', (_, bookings, standing, reducedLeft) => {
    const prepaid = bookings.length === 3 ? bookings.slice(0, 1) : [];
    const [first, last] = bookings.slice(-2);
    expect(accrued(accruals(opened))).toBe(standing);
    const half = [opened, ...prepaid, reduced, ...(first ? [first] : [])];
    expect(accrued(accruals(...half))).toBe(reducedLeft);
    const whole = accruals(...half, closed, ...(last ? [last] : []));
    expect([accrued(whole), whole.pending, whole.positions]).toEqual(['0', [], {}]);
  });

  it('stays what it was while a booking is on its way', () => {
    const before = accrued(accruals(opened, booked('-6')));
    expect(before).toBe('-1');
    const whole = anEvent('PositionClosed', { profit: '10', swap: '-1', commission: '-6' });
    expect(accrued(accruals(opened, booked('-6'), whole))).toBe('9');
    expect(accrued(accruals(opened, booked('-6'), whole, booked('9', whole, exampleId(9))))).toBe('9');
  });

  it('is no deal once a correction says what the balance is', () => {
    const state = accruals(opened, reduced, closed, corrected);
    expect([accrued(state), state.pending.filter(({ is }) => is === 'deal')]).toEqual(['0', []]);
  });

  it('has what the balance got for no known reason', () => {
    const state = accruals(opened, booked('-6'));
    const changed = anEvent('BalanceChanged', { balance: '110', credit: '0', operation: null });
    accrue(state, changed, { balance: '100', credit: '0' });
    expect(accrued(state)).toBe('-11');
  });

  it('is kept of so many closed positions, and its sum of all, where a balance never says what moved it', () => {
    const state = noAccruals();
    const sums = new Set<Decimal>();
    for (let n = 0; n < 1_200; n += 1) {
      const positionId = exampleId(0x1000 + n);
      accrue(state, anEvent('PositionOpened', { positionId, commission: '-6', swap: '0' }), null);
      accrue(state, anEvent('PositionClosed', { positionId, profit: '10', swap: '-1', commission: '-6' }), null);
      accrue(state, anEvent('BalanceChanged', { ...money(n + 1), operation: null }), money(n));
      if (n % 100 === 0) sums.add(accrued(state));
    }
    expect([...sums]).toEqual(['0']);
    expect(Object.keys(state.positions).length).toBeLessThanOrEqual(1_000);
    expect(state.pending.length).toBeLessThanOrEqual(1_000);
  });

  it('learns when the broker books commissions', () => {
    expect(accruals(opened, booked('-6')).commissionAt).toBe('opening');
    expect(accruals(opened, reduced, booked('2', reduced)).commissionAt).toBe('closing');
  });
});
