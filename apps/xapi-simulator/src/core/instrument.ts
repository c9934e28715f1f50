import type { Decimal } from '@core/contracts/primitives';
import type { HoursProfile } from './trading-hours.ts';
import type { Centilots, Points } from './units.ts';

/** What can be traded, and how it behaves. */
export interface SimulatedInstrument {
  readonly symbol: string;
  readonly description: string;
  readonly category: 'FX' | 'IND' | 'CMD' | 'CRT' | 'STC';
  readonly group: string;
  /** The class number that clients group symbols by. */
  readonly type: number;
  /** What one unit is priced in margin terms; for a pair its first currency. */
  readonly currency: string;
  readonly currencyProfit: string;
  readonly digits: number;
  readonly pipDigits: number;
  /** Units in one lot. */
  readonly contractSize: number;
  readonly lotMin: Centilots;
  readonly lotStep: Centilots;
  readonly lotMax: Centilots;
  /** Margin as hundredths of a percent of nominal value: 333 is 1:30. */
  readonly marginBasisPoints: number;
  readonly startPrice: Points;
  readonly spread: Points;
  /** Typical move from one tick to the next. */
  readonly restlessness: Points;
  readonly swapType: number;
  readonly swapLong: Decimal;
  readonly swapShort: Decimal;
  /** The weekday whose rollover counts three times, Monday = 0. */
  readonly tripleSwapDay: number;
  /** Least distance of stop loss and take profit from the price, in pips. */
  readonly stopsLevelPips: number;
  readonly hours: HoursProfile;
  /** Levels of the order book, the base level included. */
  readonly depth: number;
  /** Charged in all for opening, as hundredths of a percent of nominal value. */
  readonly commissionBasisPoints: number;
  readonly shortSelling: boolean;
  /** Whether a stop loss may trail. */
  readonly trailing: boolean;
  readonly stepRuleId: number;
}
