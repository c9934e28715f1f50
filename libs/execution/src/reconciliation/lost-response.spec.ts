import { anEvent, exampleId } from '@core/contracts/examples.fixture';
import { present } from '@core/kernel/present';
import { pending, openPosition, sent, TrackerHarness } from '../account-tracker.fixture.ts';
import type { BookRequest } from '@core/projections/broker-book/state';
import { judge, type Elapsed, type Evidence } from './lost-response.ts';

const patience = { settleMs: 30_000, againMs: 5_000 };
const inTime: Elapsed = { sinceSentMs: 30_000, sinceFirstReadMs: 5_000 };
const nowhere: Evidence = { target: null, standing: false, filled: false };

const [order] = Object.values(new TrackerHarness(sent()).tracker.book.requests);

const asked = (ask: BookRequest['ask'], before: BookRequest['before'] = null): BookRequest => ({
  ...present(order, 'no request'),
  ask,
  before,
});
const cancellation = asked({ type: 'CancellationRequested', data: anEvent('CancellationRequested').data });
const close = asked(
  { type: 'CloseRequested', data: anEvent('CloseRequested').data },
  { volumeLots: '0.1', price: null, stopLoss: null, takeProfit: null, trailingPoints: null },
);

describe('a request without an answer', () => {
  it.each([
    [{ sinceSentMs: 29_999, sinceFirstReadMs: 5_000 }, 'look-again'],
    [{ sinceSentMs: 30_000, sinceFirstReadMs: 4_999 }, 'look-again'],
    [{ sinceSentMs: 30_000, sinceFirstReadMs: null }, 'look-again'],
    [inTime, 'not-executed'],
  ])('counts as not executed after two reads, apart, and long after sending: %p', (elapsed, is) => {
    expect(judge(present(order, 'no request'), nowhere, elapsed, patience).is).toBe(is);
  });

  it('counts as executed after one read that shows its effect, however soon', () => {
    const soon: Elapsed = { sinceSentMs: 0, sinceFirstReadMs: null };
    const gone: Evidence = { target: null, standing: true, filled: false };
    expect(judge(cancellation, gone, soon, patience).is).toBe('executed');
    expect(judge(cancellation, { ...gone, filled: true }, soon, patience).is).toBe('look-again');
    expect(judge(cancellation, { ...gone, target: pending() }, soon, patience).is).toBe('look-again');
  });

  it('to close is executed as soon as less stands than stood, and not while all of it does', () => {
    const of = (volumeLots: '0.1' | '0.09'): Evidence => ({
      target: openPosition({ volumeLots }),
      standing: true,
      filled: false,
    });
    expect(judge(close, of('0.09'), inTime, patience).is).toBe('executed');
    expect(judge(close, of('0.1'), inTime, patience).is).toBe('not-executed');
  });

  it('to set a trailing stop is executed where its stop loss stands or has gone on to the better, by that distance', () => {
    const { data } = anEvent('AmendmentRequested');
    const positionId = exampleId(0x905);
    const terms = { target: 'position', positionId, stopLoss: '1.09', takeProfit: null, trailingPoints: 100 } as const;
    const trailing = asked(
      { type: 'AmendmentRequested', data: { ...data, terms } },
      { volumeLots: '0.1', price: null, stopLoss: '1.08', takeProfit: null, trailingPoints: null },
    );
    const soon: Elapsed = { sinceSentMs: 0, sinceFirstReadMs: null };
    const shown = (parts: Parameters<typeof openPosition>[0]): Evidence => ({
      target: openPosition({ takeProfit: null, ...parts }),
      standing: true,
      filled: false,
    });
    const judged = (parts: Parameters<typeof openPosition>[0], elapsed = inTime) =>
      judge(trailing, shown(parts), elapsed, patience).is;
    expect(judged({ stopLoss: '1.09', trailingPoints: 100 }, soon)).toBe('executed');
    expect(judged({ stopLoss: '1.095', trailingPoints: 100 }, soon)).toBe('executed');
    expect(judged({ stopLoss: '1.08', trailingPoints: null })).toBe('not-executed');
    expect(judged({ stopLoss: '1.089', trailingPoints: 100 })).toBe('mixed');
    expect(judged({ stopLoss: '1.09', trailingPoints: 50 })).toBe('mixed');
  });
});
