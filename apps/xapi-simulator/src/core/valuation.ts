import { SwapType } from '@core/xapi/wire/enums';
import type { SimulatedAccount, SimulatedPosition } from './account.ts';
import type { SimulatedInstrument } from './instrument.ts';
import type { Market, MarketPrice } from './market.ts';
import { scaleBy, toUnits, type Centilots, type Cents, type Points, type Ratio } from './units.ts';

/** An account's figures, all in hundredths of its currency but the level. */
export interface Figures {
  readonly balance: Cents;
  readonly credit: Cents;
  readonly equity: Cents;
  readonly margin: Cents;
  readonly marginFree: Cents;
  /** Hundredths of a percent; 0 without positions. */
  readonly marginLevel: number;
}

/** Longs are closed at the bid, shorts at the ask. */
export const closingPoints = (isBuy: boolean, { bid, ask }: MarketPrice): Points => (isBuy ? bid : ask);
export const openingPoints = (isBuy: boolean, { bid, ask }: MarketPrice): Points => (isBuy ? ask : bid);

/** Gross: without commission and swap (wire-behaviour §8). One rounding, after the conversion. */
export function profitCents(
  market: Market,
  currency: string,
  instrument: SimulatedInstrument,
  deal: { isBuy: boolean; volume: Centilots; openPrice: Points; closePrice: Points },
): Cents {
  const moved = deal.isBuy ? deal.closePrice - deal.openPrice : deal.openPrice - deal.closePrice;
  return nominalOf(market, currency, instrument, deal.volume, moved, 1n, 1n);
}

/** What a position of this size holds back. */
export function marginCents(
  market: Market,
  { currency, leverage }: Pick<SimulatedAccount, 'currency' | 'leverage'>,
  instrument: SimulatedInstrument,
  volume: Centilots,
  price: Points,
): Cents {
  const under = 10_000n * BigInt(leverage);
  return nominalOf(market, currency, instrument, volume, price, BigInt(instrument.marginBasisPoints) * 100n, under);
}

/** 0 or negative. */
export function commissionCents(
  market: Market,
  currency: string,
  instrument: SimulatedInstrument,
  volume: Centilots,
  price: Points,
): Cents {
  if (instrument.commissionBasisPoints === 0) return 0;
  return nominalOf(market, currency, instrument, volume, price, BigInt(-instrument.commissionBasisPoints), 10_000n);
}

/** What one night adds to a position's storage. */
export function swapCents(
  market: Market,
  currency: string,
  instrument: SimulatedInstrument,
  position: SimulatedPosition,
): Cents {
  const { symbol, isBuy, volume } = position;
  const swap = BigInt(toUnits(isBuy ? instrument.swapLong : instrument.swapShort, 2));
  const price = market.get(symbol).bid;
  switch (instrument.swapType) {
    case SwapType.points:
      return nominalOf(market, currency, instrument, volume, 1, swap, 100n);
    case SwapType.interest:
      return nominalOf(market, currency, instrument, volume, price, swap, 10_000n * 360n);
    default:
      return scaleBy(swap * BigInt(volume), under(market.rate(instrument.currencyProfit, currency), 100n));
  }
}

/** The floating result of an open position, gross. */
export function floatingProfit(market: Market, account: SimulatedAccount, position: SimulatedPosition): Cents {
  const quote = market.get(position.symbol);
  const closePrice = closingPoints(position.isBuy, quote);
  return profitCents(market, account.currency, quote.instrument, { ...position, closePrice });
}

export function accountFigures(market: Market, account: SimulatedAccount): Figures {
  const { balance, credit } = account;
  let equity = balance + credit;
  for (const position of account.positions.values()) {
    equity += floatingProfit(market, account, position) + position.storage;
    if (!position.commissionBooked) equity += position.commission;
  }
  const margin = heldMarginCents(account);
  return {
    balance,
    credit,
    equity,
    margin,
    marginFree: Math.min(balance, equity) - margin,
    marginLevel: margin === 0 ? 0 : scaleBy(BigInt(equity) * 10_000n, { over: 1n, under: BigInt(margin) }),
  };
}

/** Opposite positions in one instrument are hedged: the larger side counts. */
export function heldMarginCents(
  account: SimulatedAccount,
  added?: { symbol: string; isBuy: boolean; margin: Cents },
): Cents {
  const sides = new Map<string, { long: Cents; short: Cents }>();
  for (const { symbol, isBuy, margin } of added ? [...account.positions.values(), added] : account.positions.values()) {
    const side = sides.get(symbol) ?? { long: 0, short: 0 };
    side[isBuy ? 'long' : 'short'] += margin;
    sides.set(symbol, side);
  }
  let held = 0;
  for (const { long, short } of sides.values()) held += Math.max(long, short);
  return held;
}

/** volume × contract × price × over / under, in hundredths of the account's currency. */
function nominalOf(
  market: Market,
  currency: string,
  { contractSize, digits, currencyProfit }: SimulatedInstrument,
  volume: Centilots,
  price: Points,
  over: bigint,
  divisor: bigint,
): Cents {
  const rate = market.rate(currencyProfit, currency);
  const amount = BigInt(volume) * BigInt(contractSize) * BigInt(price) * over;
  return scaleBy(amount, under(rate, divisor * 10n ** BigInt(digits)));
}

const under = (rate: Ratio, divisor: bigint): Ratio => ({ over: rate.over, under: rate.under * divisor });
