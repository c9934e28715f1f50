import type { AccountFigures } from '@core/execution/report';
import { Backoff } from './backoff.ts';
import { ConnectionBudget } from './connection-budget.ts';
import { EquityMarks } from './equity-marks.ts';

describe('waits between sessions', () => {
  it('double up to a limit, a random part of each, and begin again after a good session', () => {
    const backoff = new Backoff({ minMs: 1_000, maxMs: 5_000 });
    expect([1, 1, 1, 1, 0.5, 0].map((random) => backoff.next(random))).toEqual([1_000, 2_000, 4_000, 5_000, 2_500, 0]);
    backoff.reset();
    expect(backoff.next(1)).toBe(1_000);
  });
});

describe('the connections of an address', () => {
  const never = new AbortController().signal;

  it('are never more than the budget, and go to those who waited longest', async () => {
    const budget = new ConnectionBudget({ connectionsMax: 4, loginIntervalMs: 0 });
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
    const budget = new ConnectionBudget({ connectionsMax: 2, loginIntervalMs: 0 });
    await budget.take(2, never);
    const leaving = new AbortController();
    const left = budget.take(2, leaving.signal);
    leaving.abort(new Error('stopped'));
    await expect(left).rejects.toThrow('stopped');
    budget.give(2);
    expect([budget.open, budget.waiters]).toEqual([0, 0]);
  });

  it('are never taken by those who gave up before they asked', async () => {
    const budget = new ConnectionBudget({ connectionsMax: 2, loginIntervalMs: 0 });
    await expect(budget.take(2, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    expect(budget.open).toBe(0);
  });

  it('keep nobody waiting who gives up his turn, and leave no gap for it', async () => {
    const budget = new ConnectionBudget({ connectionsMax: 10, loginIntervalMs: 200 });
    await budget.take(2, never);
    const leaving = new AbortController();
    const crowd = Array.from({ length: 1_000 }, () => budget.take(2, leaving.signal));
    const last = budget.take(2, never);
    leaving.abort(new Error('stopped'));
    const ends = await Promise.allSettled(crowd);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(budget.waiters).toBe(1);
    await last;
    expect([budget.open, budget.waiters]).toEqual([4, 0]);
  });

  it('are opened one after the other', async () => {
    const budget = new ConnectionBudget({ connectionsMax: 10, loginIntervalMs: 20 });
    let taken = 0;
    const logins = [1, 2, 3].map(() => budget.take(2, never).then(() => (taken += 1)));
    await logins[0];
    expect(taken).toBe(1);
    await logins[1];
    expect(taken).toBe(2);
    await Promise.all(logins);
    expect(budget.open).toBe(6);
  });
});

describe('samples of equity', () => {
  const money = (equity: AccountFigures['equity']): AccountFigures => ({
    balance: '0',
    credit: '0',
    equity,
    margin: '0',
    marginFree: '0',
    marginLevel: '0',
  });

  it('are told once in an interval, the latest, and only if something changed', () => {
    const marks = new EquityMarks(60_000, 1_000);
    marks.take(money('1'));
    expect(marks.due(0)?.equity).toBe('1');
    marks.take(money('2'));
    marks.take(money('3'));
    expect(marks.due(59_000)).toBeNull();
    expect(marks.due(60_000)?.equity).toBe('3');
    marks.take(money('3'));
    expect(marks.due(200_000)).toBeNull();
  });

  it('come sooner after a trade', () => {
    const marks = new EquityMarks(60_000, 1_000);
    marks.take(money('1'));
    marks.due(0);
    marks.ask();
    marks.take(money('2'));
    expect(marks.due(500)).toBeNull();
    expect(marks.due(1_000)?.equity).toBe('2');
  });
});
