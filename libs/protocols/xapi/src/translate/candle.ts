import type { Decimal } from '@core/contracts/primitives';
import { pointsOf } from '@core/contracts/market/point';
import { PERIOD_MS, type Candle, type CandlePeriod } from '@core/contracts/market/candle';
import { add, fromNumber, multiply } from '@core/kernel/decimal';
import { instantFromMs } from '@core/kernel/instant';
import { err, ok, type Result } from '@core/kernel/result';
import { z } from 'zod';
import type { CommandArguments } from '../wire/commands.ts';
import { Period } from '../wire/enums.ts';
import { RateInfoRecord } from '../wire/market-record.ts';
import { Digits, EpochMs } from './bounds.ts';

const DAY_MS = 86_400_000;

const Frame = z.object({ digits: Digits, rateInfos: z.array(z.unknown()) });
const Rate = RateInfoRecord.pick({ open: true, high: true, low: true, close: true, vol: true }).extend({
  ctm: EpochMs,
});

/** A chart command's answer: candles oldest first, each once, and how many records could not be read. */
export interface ReadChart {
  readonly candles: readonly Candle[];
  readonly unreadable: number;
}

/** Months for which a period is guaranteed to be told (seed §5.3); days and longer are for ever. */
const guaranteedMonths = (period: CandlePeriod): number =>
  Period[period] < Period.M30 ? 1 : Period[period] < Period.H4 ? 7 : Period[period] < Period.D1 ? 13 : Infinity;

/** How far back it is worth asking: brokers tell more than they guarantee, but not twice as much. */
export const candlesBackMs = (period: CandlePeriod): number => 2 * guaranteedMonths(period) * 31 * DAY_MS;

/**
 * Asks for every candle that opens in [fromMs, toMs). Servers round both ends down to the period and leave them out
 * (seed §5.4), by a wall clock of their own: so the command asks for more, and the caller drops what it did not want.
 */
export function chartCommand(
  symbol: string,
  period: CandlePeriod,
  fromMs: number,
  toMs: number,
): CommandArguments<'getChartRangeRequest'> {
  const lengthMs = PERIOD_MS[period];
  const [start, end] = [Math.max(0, fromMs - lengthMs), toMs + 2 * lengthMs];
  return { info: { start, end, period: Period[period], symbol, ticks: 0 } };
}

/** Answer of a chart command (seed §5.3): prices are whole points; high, low and close are shifts from open. */
export function translateChart(data: unknown): Result<ReadChart, string> {
  const frame = Frame.safeParse(data);
  if (!frame.success) return err(z.prettifyError(frame.error));
  const point = pointsOf(1, frame.data.digits);
  const read = frame.data.rateInfos.map((record) => translateRate(record, point));
  const candles = read.filter((candle) => candle !== null);
  const byOpening = new Map(candles.map((candle) => [candle.openedAt, candle]));
  return ok({
    candles: [...byOpening.values()].sort((one, two) => (one.openedAt < two.openedAt ? -1 : 1)),
    unreadable: read.length - candles.length,
  });
}

function translateRate(record: unknown, point: Decimal): Candle | null {
  const rate = Rate.safeParse(record);
  if (!rate.success || rate.data.vol < 0) return null;
  const { ctm, open, high, low, close, vol } = rate.data;
  const price = (shift: number): Decimal => multiply(sumOf(open, shift), point);
  return {
    openedAt: instantFromMs(ctm),
    open: price(0),
    high: price(high),
    low: price(low),
    close: price(close),
    volume: fromNumber(vol),
  };
}

/** Points are whole, as a rule, and then a double adds them exactly. */
const sumOf = (open: number, shift: number): Decimal =>
  Number.isSafeInteger(open) && Number.isSafeInteger(shift) && Number.isSafeInteger(open + shift)
    ? fromNumber(open + shift)
    : add(fromNumber(open), fromNumber(shift));
