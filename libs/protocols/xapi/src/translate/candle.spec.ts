import { Candle } from '@core/contracts/market/candle';
import { candlesBackMs, chartCommand, translateChart } from './candle.ts';

const START = Date.UTC(2026, 0, 5, 10);
const MINUTE = 60_000;
const DAY = 86_400_000;

/** As a broker writes it: points, and shifts from open. */
const rate = (fields: object = {}) => ({
  close: 1,
  ctm: START,
  ctmString: 'Jan 5, 2026 11:00:00 AM',
  high: 6,
  low: -2,
  open: 41848,
  vol: 0,
  ...fields,
});

describe('a chart', () => {
  const candles = (digits: number, ...rateInfos: unknown[]) => translateChart({ digits, rateInfos });

  it('has exact prices, the shifts added to the opening', () => {
    expect(candles(4, rate({ vol: 12.5 }))).toEqual({
      ok: true,
      value: {
        unreadable: 0,
        candles: [
          {
            openedAt: '2026-01-05T10:00:00.000000Z',
            open: '4.1848',
            high: '4.1854',
            low: '4.1846',
            close: '4.1849',
            volume: '12.5',
          },
        ],
      },
    });
  });

  it.each([
    [0, { open: 41848, close: 52 }, '41900'],
    [2, { open: 41848, close: 52 }, '419'],
    [5, { open: 1, close: 0 }, '0.00001'],
    [5, { open: 110000.1, close: 0.2 }, '1.100003'],
    [2, { open: 100, close: -3863 }, '-37.63'],
    [8, { open: 9007199254740991, close: 0 }, '90071992.54740991'],
  ])('of %i digits: %j closes at %s', (digits, fields, close) => {
    expect(candles(digits, rate(fields))).toMatchObject({ ok: true, value: { candles: [{ close }] } });
  });

  it('is told in the order of time, each candle once, the last record of it', () => {
    const later = START + MINUTE;
    const read = candles(2, rate({ ctm: later }), rate(), rate({ ctm: later, close: 2 }));
    expect(read).toMatchObject({ ok: true, value: { candles: [{ close: '418.49' }, { close: '418.5' }] } });
  });

  it('counts the records that cannot be read and keeps the others', () => {
    const read = candles(2, rate({ vol: -1 }), 7, rate({ open: '1' }), rate({ ctm: 9e15 }), rate());
    expect(read).toMatchObject({ ok: true, value: { unreadable: 4, candles: [{ open: '418.48' }] } });
  });

  it.each([null, [], {}, { digits: 2 }, { rateInfos: [] }])('is not %j', (data) => {
    expect(translateChart(data)).toMatchObject({ ok: false });
  });

  it('fits the contract', () => {
    const read = candles(5, rate({ vol: 0.01 }));
    expect(read.ok && Candle.safeParse(read.value.candles[0]).success).toBe(true);
  });
});

describe('a chart command', () => {
  it('asks for more than the range, because servers round both ends down and leave them out', () => {
    const { info } = chartCommand('EURUSD', 'M5', START, START + 30 * MINUTE);
    expect(info).toEqual({
      symbol: 'EURUSD',
      period: 5,
      ticks: 0,
      start: START - 5 * MINUTE,
      end: START + 40 * MINUTE,
    });
    expect(chartCommand('EURUSD', 'MN1', 0, DAY).info.start).toBe(0);
  });
});

describe('periods', () => {
  it('are told as far back as is guaranteed, and twice that', () => {
    expect(candlesBackMs('M1')).toBe(62 * DAY);
    expect(candlesBackMs('H1')).toBe(14 * 31 * DAY);
    expect(candlesBackMs('D1')).toBe(Infinity);
  });
});
