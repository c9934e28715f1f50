import { ManualClock } from '@core/testing/manual-clock';
import { ConnectionBudget } from './connection-budget.ts';

describe('the connections of an address', () => {
  const never = new AbortController().signal;
  let clock: ManualClock;
  beforeEach(() => (clock = new ManualClock()));

  const budgetOf = (connectionsMax: number, loginIntervalMs: number): ConnectionBudget =>
    new ConnectionBudget({ connectionsMax, loginIntervalMs }, clock);

  it('are never more than the budget, and go to those who waited longest', async () => {
    const budget = budgetOf(4, 0);
    await budget.take(2, never);
    await budget.take(2, never);
    const order: string[] = [];
    const first = budget.take(2, never).then(() => order.push('first'));
    const second = budget.take(1, never).then(() => order.push('second'));
    expect([budget.open, budget.waiters]).toEqual([4, 2]);
    budget.give(2);
    await first;
    expect([budget.open, budget.waiters]).toEqual([4, 1]);
    budget.give(2);
    await second;
    expect(order).toEqual(['first', 'second']);
    expect(budget.open).toBe(3);
  });

  it('are not taken by those who gave up', async () => {
    const budget = budgetOf(2, 0);
    await budget.take(2, never);
    const leaving = new AbortController();
    const left = budget.take(2, leaving.signal);
    leaving.abort(new Error('stopped'));
    await expect(left).rejects.toThrow('stopped');
    budget.give(2);
    expect([budget.open, budget.waiters]).toEqual([0, 0]);
  });

  it('are never taken by those who gave up before they asked', async () => {
    const budget = budgetOf(2, 0);
    await expect(budget.take(2, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    expect(budget.open).toBe(0);
  });

  it('keep nobody waiting who gives up his turn, and leave no gap for it', async () => {
    const budget = budgetOf(10, 200);
    await budget.take(2, never);
    const leaving = new AbortController();
    const crowd = Array.from({ length: 1_000 }, () => budget.take(2, leaving.signal));
    const last = budget.take(2, never);
    leaving.abort(new Error('stopped'));
    const ends = await Promise.allSettled(crowd);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(budget.waiters).toBe(1);
    await clock.advance(200);
    await last;
    expect([budget.open, budget.waiters]).toEqual([4, 0]);
  });

  it('are opened one after the other', async () => {
    const budget = budgetOf(10, 20);
    let taken = 0;
    const logins = [1, 2, 3].map(() => budget.take(2, never).then(() => (taken += 1)));
    await clock.advance(19);
    expect(taken).toBe(1);
    await clock.advance(20);
    expect(taken).toBe(2);
    await clock.advance(1);
    await Promise.all(logins);
    expect(budget.open).toBe(6);
  });
});
