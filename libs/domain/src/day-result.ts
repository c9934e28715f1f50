import type { Recorded } from '@core/contracts/event';
import type { Currency, Decimal, Instant } from '@core/contracts/primitives';
import { add, subtract, sum, ZERO } from '@core/kernel/decimal';
import { unreachable } from '@core/kernel/unreachable';
import { dayOf } from './order-flow.ts';

/** What an account has, and what it had when the day began. Account currency; null until the broker told. */
export interface DayResult {
  currency: Currency | null;
  /** Balance and credit. */
  funds: Decimal | null;
  /** Profit of open positions as the broker last sampled it. */
  openProfit: Decimal | null;
  day: { of: string; funds: Decimal; transferred: Decimal } | null;
}

export const noDayResult = (): DayResult => ({ currency: null, funds: null, openProfit: null, day: null });

/**
 * What was lost since the day began: its funds then, and what was paid in and out, less what the account is worth now.
 * Negative is a gain; null while the broker has not told what there is.
 */
export function dayLoss({ funds, openProfit, day }: DayResult, valued: Decimal | null, now: Instant): Decimal | null {
  if (funds === null) return null;
  const profit = valued ?? openProfit;
  if (profit === null) return null;
  const began = day?.of === dayOf(now) ? add(day.funds, day.transferred) : funds;
  return subtract(began, add(funds, profit));
}

export type DayResultEvent = Recorded<'AccountUpdated' | 'BalanceChanged' | 'EquityMarked'>;

export function evolveDayResult(result: DayResult, event: DayResultEvent): void {
  switch (event.type) {
    case 'AccountUpdated':
      result.currency = event.data.currency;
      return;
    case 'BalanceChanged': {
      const { balance, credit, operation } = event.data;
      has(result, add(balance, credit), event.time);
      if (result.day && operation && operation.type !== 'trading')
        result.day.transferred = add(result.day.transferred, operation.delta);
      return;
    }
    case 'EquityMarked': {
      const { balance, credit, equity } = event.data;
      has(result, add(balance, credit), event.time);
      result.openProfit = subtract(equity, sum([balance, credit]));
      return;
    }
    default:
      unreachable(event);
  }
}

/** The first word of a day finds the funds of the one before; what comes late changes no day that is over. */
function has(result: DayResult, funds: Decimal, time: Instant): void {
  const today = dayOf(time);
  if (result.day === null || result.day.of < today)
    result.day = { of: today, funds: result.funds ?? funds, transferred: ZERO };
  result.funds = funds;
}
