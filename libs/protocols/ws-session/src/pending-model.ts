import type { SignalOrigin } from '@core/contracts/events/request';
import { openingPrice, type PricedMarket } from '@core/contracts/market/valuation';
import type { ContractTerms, Decimal, Instrument, OrderId, OrderKind, Side } from '@core/contracts/primitives';
import { subtract, ZERO } from '@core/kernel/decimal';
import type { PendingPosition } from './root-models.ts';
import type { Change } from './account-model.ts';
import { metadataOf, type Owner } from './position-model.ts';

/** A limit or stop order that stands, or stood, at the broker. */
export interface PendingFacts {
  readonly id: OrderId;
  readonly instrument: Instrument;
  readonly contract: ContractTerms;
  readonly side: Side;
  readonly kind: OrderKind;
  readonly volumeLots: Decimal;
  readonly filledLots: Decimal;
  readonly averagePrice: Decimal | null;
  readonly price: Decimal | null;
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
  readonly trailingPoints: number | null;
  readonly signal: SignalOrigin | null;
  readonly created: Change;
  readonly updated: Change;
}

/**
 * One pending order in the protocol's words. An executed one shows its whole size, any other what is still to fill.
 * The market at its placing is not in the log: `init_price` is the market now, or the trigger where that is not known.
 */
export function pendingModelOf(facts: PendingFacts, owner: Owner, market: PricedMarket): PendingPosition {
  const { instrument, contract, side } = facts;
  const left = subtract(facts.volumeLots, facts.filledLots);
  const trigger = facts.price ?? ZERO;
  const last = market.quote(instrument);
  return {
    id: facts.id,
    trader_id: owner.traderId,
    account_id: owner.accountId,
    asset_pair: instrument,
    lots_amount: left === ZERO ? facts.volumeLots : left,
    side: side === 'buy' ? 'Buy' : 'Sell',
    create_date: facts.created.at,
    tp_in_instrument_price: facts.takeProfit,
    tp_in_currency: null,
    sl_in_instrument_price: facts.stopLoss,
    sl_in_currency: null,
    create_process_id: facts.created.correlationId,
    metadata: metadataOf(facts, null),
    last_update_date: facts.updated.at,
    last_update_process_id: facts.updated.correlationId,
    base: contract.baseCurrency,
    quote: contract.quoteCurrency,
    collateral_currency: owner.currency,
    desire_price: trigger,
    lots_size: contract.contractSize,
    execute_price: facts.averagePrice ?? ZERO,
    order_type: facts.kind === 'stop' ? 'Stop' : 'Limit',
    init_price: last ? openingPrice(side, last) : trigger,
  };
}
