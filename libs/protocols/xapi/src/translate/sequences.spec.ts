import { present } from '@core/kernel/present';
import { sent, TrackerHarness } from '@core/execution/account-tracker.fixture';
import { translateStreamedTrade } from './trade.ts';

const OPENED_MS = Date.UTC(2026, 0, 5, 10);

/** As one server sent it; wire-behaviour §7, values synthetic. */
const record = {
  cmd: 0,
  order: 500000107,
  digits: 5,
  offset: 0,
  order2: 500000100,
  position: 500000107,
  symbol: 'EURUSD',
  comment: '',
  customComment: null,
  commission: 0,
  storage: 0,
  close_price: 1.09652,
  open_price: 1.09654,
  profit: -0.2,
  volume: 1,
  sl: 0,
  tp: 0,
  type: 0,
  open_time: OPENED_MS,
  close_time: null,
  expiration: null,
  state: 'Modified',
};
const deal = { order: 73000001, order2: 500000400, type: 2, close_price: 1.09754, close_time: OPENED_MS + 60_000 };
const pending = { cmd: 4, type: 1, order: 500000200, order2: 500000200, position: 500000200, profit: null };

/** What follows from records of the stream, in this order. */
function told(harness: TrackerHarness, ...records: readonly object[]): string[] {
  return records.flatMap((fields) => {
    const report = translateStreamedTrade({ ...record, ...fields });
    if (!report.ok) throw new Error(report.error);
    return report.value ? harness.see(report.value) : [];
  });
}

describe('records of a stream, up to their facts', () => {
  it('show a market order in flight, and nothing follows from it', () => {
    const harness = new TrackerHarness(sent());
    const inFlight = { ...pending, cmd: 0, order: 500000100, order2: 500000100, position: 500000100 };
    expect(told(harness, inFlight, { ...inFlight, state: 'Deleted' })).toEqual([]);
    expect(harness.tracker.wantsSnapshot).toBe(false);
  });

  it('trigger a pending order: its position names it in order2', () => {
    const harness = new TrackerHarness();
    const filled = { order: 500000311, order2: 500000200, position: 500000311, open_price: 1.10012 };
    const types = told(harness, pending, pending, { ...pending, state: 'Deleted' }, filled);
    expect(types).toEqual(['OrderWorking', 'OrderFilled', 'PositionOpened']);
  });

  it.each([
    ['', 'user'],
    ['[S/L]', 'stop-loss'],
    ['(T/P)', 'take-profit'],
    ['[S/O 48.12% 481.20 / 1000.00 (USD)]', 'stop-out'],
  ])('close a position, with the comment %p by %s, at the price of the deal', (comment, reason) => {
    const harness = new TrackerHarness();
    expect(told(harness, {}, { state: 'Deleted', profit: 55 }, { ...deal, comment, profit: 10 })).toEqual([
      'PositionOpened',
      'PositionClosed',
    ]);
    expect(harness.last('PositionClosed').data).toMatchObject({ reason, price: '1.09754', profit: '10' });
  });

  it.each([
    ['under its number', { volume: 0.7 }, '500000107'],
    ['under a new one that names the old', { order: 500000501, position: 500000501, order2: 500000107 }, '500000501'],
  ])('reduce a position %s', (_, rest, number) => {
    const harness = new TrackerHarness();
    const ended = number === '500000107' ? [] : [{ state: 'Deleted' }];
    const types = told(harness, {}, ...ended, { ...deal, volume: 0.3 }, { volume: 0.7, ...rest });
    expect(types).toEqual(['PositionOpened', 'PositionReduced']);
    expect(present(harness.tracker.book.positions[number], 'the rest').volumeLots).toBe('0.7');
  });
});
