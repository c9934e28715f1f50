import type { AccountFigures } from '@core/execution/report';
import { EquityMarks } from './equity-marks.ts';

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

  it('come until one was taken after the trade', () => {
    const marks = new EquityMarks(60_000, 1_000);
    marks.take(money('1'));
    marks.ask();
    expect(marks.due(0)?.equity).toBe('1');
    marks.take(money('2'));
    expect(marks.due(1_000)?.equity).toBe('2');
    marks.take(money('3'));
    expect(marks.due(2_000)).toBeNull();
  });
});
