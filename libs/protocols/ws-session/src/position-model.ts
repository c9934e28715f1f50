import type { CloseReason as OurCloseReason } from '@core/contracts/events/position';
import type { SignalOrigin } from '@core/contracts/events/request';
import {
  grossProfit,
  openingPrice,
  openProfit,
  type PricedMarket,
  type ValuedPosition,
} from '@core/contracts/market/valuation';
import type { Decimal, Instant, PositionId, RequestId, Uuid } from '@core/contracts/primitives';
import { absolute, divide, negate, ZERO } from '@core/kernel/decimal';
import { baseRateOf, bidAskOf, RATE_DIGITS, rateOf, tradedAt, unknownRate, type Rate } from './bid-ask.ts';
import type { WireCloseReason, Position } from './root-models.ts';
import type { Change } from './account-model.ts';

/** A position as its events tell it; money in account currency, costs negative. */
export interface PositionFacts extends ValuedPosition {
  readonly id: PositionId;
  readonly brokerPosition: string;
  readonly openedAt: Instant;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  readonly trailingPoints: number | null;
  readonly commission: Decimal;
  readonly swaps: readonly { readonly delta: Decimal; readonly at: Instant }[];
  readonly signal: SignalOrigin | null;
  readonly created: Change;
  readonly opened: Change;
  readonly updated: Change;
  /** The event that closed it; null while it is open. */
  readonly closed: { readonly eventId: Uuid } | null;
  /** The deal that closed it, and the request of ours that led to it, where one did; null while it is open. */
  readonly close: {
    readonly requestId: RequestId | null;
    readonly volumeLots: Decimal;
    readonly price: Decimal;
    readonly profit: Decimal;
    readonly reason: OurCloseReason;
    readonly at: Instant;
  } | null;
}

/** Whose it is. `currency` is the account's; empty until the broker told it. */
export interface Owner {
  readonly accountId: string;
  readonly traderId: string;
  readonly currency: string;
}

const CLOSE_REASONS = {
  user: 'ClientCommand',
  'stop-loss': 'StopLoss',
  'take-profit': 'TakeProfit',
  'stop-out': 'StopOut',
  reconciled: 'ForceClose',
  unknown: 'ForceClose',
} as const satisfies Record<OurCloseReason, WireCloseReason>;

/**
 * One position in the protocol's words. Figures of a closed one are the broker's; those of an open one follow the
 * market as it is now: where that is not known, its margin stands at the opening price, and its profit at 0 beside a
 * rate of 0.
 * Prices at which it traded are exact; the other side of those quotes is not in the log and equals them.
 */
export function positionModelOf(facts: PositionFacts, owner: Owner, market: PricedMarket): Position {
  const { instrument, contract, close } = facts;
  const volumeLots = close?.volumeLots ?? facts.volumeLots;
  const now = facts.updated.at;
  const closing = closingProcessOf(facts);
  const margin = marginOf(facts, owner, market);
  const gain = close ? realised(facts, close, owner, market) : floating(facts, owner, market);
  return {
    id: facts.id,
    trader_id: owner.traderId,
    account_id: owner.accountId,
    asset_pair: instrument,
    lost_amount: volumeLots,
    side: facts.side === 'buy' ? 'Buy' : 'Sell',
    leverage: ZERO,
    create_date: facts.created.at,
    tp_in_instrument_price: facts.takeProfit,
    tp_in_currency: null,
    sl_in_instrument_price: facts.stopLoss,
    sl_in_currency: null,
    create_process_id: facts.created.correlationId,
    profit: gain.profit,
    metadata: metadataOf(facts, facts.brokerPosition),
    last_update_date: now,
    last_update_process_id: closing ?? facts.updated.correlationId,
    asset_open_price: facts.openPrice,
    asset_open_bid_ask: tradedAt(instrument, contract, facts.openPrice, facts.openedAt),
    open_date: facts.openedAt,
    open_process_id: facts.opened.correlationId,
    close_date: close?.at ?? null,
    close_reason: close && CLOSE_REASONS[close.reason],
    asset_close_price: close?.price ?? null,
    asset_close_bid_ask: close && tradedAt(instrument, contract, close.price, close.at),
    close_process_id: closing,
    base: contract.baseCurrency,
    quote: contract.quoteCurrency,
    collateral_currency: owner.currency,
    margin_price: margin.price,
    margin_bid_ask: margin.bidAsk,
    profit_price: gain.price,
    profit_bid_ask: gain.bidAsk,
    swaps: facts.swaps.map(({ delta, at }) => ({ amount: delta, date: at })),
    lots_amount: volumeLots,
    lots_size: contract.contractSize,
    commission: negate(facts.commission),
  };
}

/** What the broker closed by itself is a process of its own, not the one that opened it; null while it is open. */
const closingProcessOf = ({ close, closed, updated }: PositionFacts): Uuid | null =>
  closed && (close?.requestId === null ? closed.eventId : updated.correlationId);

/** How far the stop loss trails, and what a strategy signal left for those who follow its position from the outside. */
export const metadataOf = (
  { signal, trailingPoints }: Pick<PositionFacts, 'signal' | 'trailingPoints'>,
  brokerKey: string | null,
): Record<string, string> => ({
  ...(brokerKey === null ? {} : { broker_position: brokerKey }),
  ...(trailingPoints === null ? {} : { trailing_points: String(trailingPoints) }),
  ...(signal && {
    proquant_position_id: signal.externalPositionId,
    proquant_strategy_id: signal.strategyId,
    proquant_event: signal.signalId,
  }),
});

/** Base to collateral, at the side the position opens at. */
function marginOf(facts: PositionFacts, owner: Owner, market: PricedMarket): Rate {
  const { instrument, contract, side, openPrice, openedAt } = facts;
  const last = market.quote(instrument);
  const bidAsk = last ? bidAskOf(last, contract) : tradedAt(instrument, contract, openPrice, openedAt);
  return baseRateOf(openingPrice(side, bidAsk), bidAsk, owner.currency, market.rates);
}

/** Quote to collateral, and what the position would bring if it were closed now: nothing where that is not known. */
function floating(facts: PositionFacts, owner: Owner, market: PricedMarket): Rate & { profit: Decimal } {
  const { instrument, contract, openedAt } = facts;
  const date = market.quote(instrument)?.time ?? openedAt;
  const profit = openProfit(facts, market, owner.currency);
  const { quoteCurrency } = contract;
  if (profit === null) return { ...unknownRate(quoteCurrency, owner.currency, date), profit: ZERO };
  return { ...rateOf(quoteCurrency, owner.currency, market.rates, date), profit };
}

/** The broker's profit, and the rate it must have used. */
function realised(
  facts: PositionFacts,
  { volumeLots, price: closePrice, profit, at }: NonNullable<PositionFacts['close']>,
  owner: Owner,
  market: PricedMarket,
): Rate & { profit: Decimal } {
  const { quoteCurrency } = facts.contract;
  const gain = grossProfit({ ...facts, volumeLots }, closePrice);
  if (quoteCurrency === owner.currency || gain === ZERO || profit === ZERO) {
    return { ...rateOf(quoteCurrency, owner.currency, market.rates, at), profit };
  }
  const price = absolute(divide(profit, gain, RATE_DIGITS));
  return {
    price,
    profit,
    bidAsk: { id: '', bid: price, ask: price, date: at, base: quoteCurrency, quote: owner.currency },
  };
}
