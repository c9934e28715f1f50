// What an account is worth between two words of its broker, decided once for every edge: docs/decisions/0014.
import { add, compare, divide, isPositive, multiply, subtract, sum } from '@core/kernel/decimal';
import type { Decimal } from '../primitives.ts';

/** The broker's last word on the whole account, and what had become of its positions by then. Account currency. */
export interface AccountSample extends SampledFigures {
  /** What positions cost and brought, and its balance did not have yet. */
  accrued: Decimal;
  /** Profit of the deals since. */
  dealt: Decimal;
}

interface SampledFigures {
  balance: Decimal;
  credit: Decimal;
  equity: Decimal;
  margin: Decimal;
  marginFree: Decimal;
}

/** Whether a broker lets open gain be used as margin, and takes open loss from it; null until a sample showed it. */
export interface FreeMarginRule {
  countsGain: boolean | null;
  countsLoss: boolean | null;
}

/** An account as its events tell it. `accrued` is what positions cost and brought and its balance does not have yet. */
export interface ReportedMoney {
  readonly money: { readonly balance: Decimal; readonly credit: Decimal };
  readonly accrued: Decimal;
  readonly equity: Readonly<AccountSample> | null;
  readonly freeMargin: Readonly<FreeMarginRule>;
}

export interface WorthNow {
  readonly profit: Decimal;
  readonly equity: Decimal;
  /** Null until the broker has sampled it, as `marginFree`. */
  readonly margin: Decimal | null;
  readonly marginFree: Decimal | null;
  /** Percent; null without margin. */
  readonly marginLevel: Decimal | null;
}

const LEVEL_DIGITS = 2;

/**
 * What the account is worth now. `openProfit` is that of all open positions by the one valuation; where it is not known,
 * the broker's last sample stands for it, moved by what was booked and closed since.
 */
export function worthOf(account: ReportedMoney, openProfit: Decimal | null): WorthNow {
  const { money, accrued, equity: sample } = account;
  const settled = sum([money.balance, money.credit, accrued]);
  const profit = openProfit ?? (sample ? sampledProfit(sample) : '0');
  const equity = add(settled, profit);
  if (!sample) return { profit, equity, margin: null, marginFree: null, marginLevel: null };
  const { margin } = sample;
  const usable = (figures: Pick<SampledFigures, 'balance' | 'equity'>) => usableOf(account.freeMargin, figures);
  const moved = subtract(usable({ balance: money.balance, equity }), usable(sample));
  return {
    profit,
    equity,
    margin,
    marginFree: add(sample.marginFree, moved),
    marginLevel: isPositive(margin) ? divide(multiply(equity, '100'), margin, LEVEL_DIGITS) : null,
  };
}

/** What a sample shows of how its broker counts; what was seen before stands where this one shows nothing. */
export function freeMarginRule(before: FreeMarginRule, sample: SampledFigures): FreeMarginRule {
  const { balance, equity, margin, marginFree } = sample;
  const usable = add(marginFree, margin);
  const isShown = balance !== equity && (usable === balance || usable === equity);
  if (!isShown) return before;
  const counts = usable === equity;
  return compare(equity, balance) > 0 ? { ...before, countsGain: counts } : { ...before, countsLoss: counts };
}

/** What the broker's margin is taken from: with open gain only where it was seen to count, with open loss unless not. */
function usableOf(
  { countsGain, countsLoss }: FreeMarginRule,
  { balance, equity }: Pick<SampledFigures, 'balance' | 'equity'>,
): Decimal {
  if (compare(equity, balance) > 0) return countsGain === true ? equity : balance;
  return countsLoss === false ? balance : equity;
}

/** Of what floated then, what deals have not taken since. */
const sampledProfit = ({ balance, credit, equity, accrued, dealt }: AccountSample): Decimal =>
  subtract(equity, sum([balance, credit, accrued, dealt]));
