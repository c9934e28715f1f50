import { Cmd, TradeState } from '@core/xapi/wire/enums';
import { longTimeText } from '@core/xapi/wire/server-clock';
import type { StreamingTradeRecord, TradeRecord } from '@core/xapi/wire/trade-record';
import type { Written } from '@core/xapi/wire/wire-types';
import type { CashOperation, Deal, PendingOrder, SimulatedPosition } from './account.ts';
import type { SimulatedInstrument } from './instrument.ts';
import { decimalOf, priceText, type Cents, type Points } from './units.ts';

/** What streamed records and snapshots say alike. */
type Trade = Omit<Written<StreamingTradeRecord>, 'type' | 'state'>;

/** A position with its value as of some moment; closed positions and stale records keep an old one. */
export function positionTrade(
  { digits }: SimulatedInstrument,
  position: SimulatedPosition,
  closePrice: Points,
  profit: Cents,
): Trade {
  return {
    ...levels(position, digits),
    cmd: position.isBuy ? Cmd.buy : Cmd.sell,
    order: position.id,
    order2: position.request,
    position: position.id,
    symbol: position.symbol,
    commission: decimalOf(position.commission, 2),
    storage: decimalOf(position.storage, 2),
    close_price: priceText(closePrice, digits),
    open_price: priceText(position.openPrice, digits),
    nominalValue: 0,
    profit: decimalOf(profit, 2),
    volume: decimalOf(position.volume, 2),
    closed: false,
    open_time: position.openTime,
    close_time: null,
    expiration: null,
  };
}

/** A pending order, or with `cmd` 0 or 1 a market order on its way. Its profit is null when streamed, 0.0 in a snapshot. */
export function pendingTrade({ digits }: SimulatedInstrument, pending: PendingOrder): Trade {
  return {
    ...levels(pending, digits),
    cmd: pending.cmd,
    order: pending.id,
    order2: pending.id,
    position: pending.id,
    symbol: pending.symbol,
    commission: 0,
    storage: 0,
    close_price: 0,
    open_price: priceText(pending.price, digits),
    nominalValue: 0,
    profit: null,
    volume: decimalOf(pending.volume, 2),
    closed: false,
    open_time: pending.openTime,
    close_time: null,
    expiration: pending.expiration,
  };
}

export function dealTrade({ digits }: SimulatedInstrument, deal: Deal): Trade {
  return {
    ...levels(deal, digits),
    cmd: deal.isBuy ? Cmd.buy : Cmd.sell,
    order: deal.id,
    order2: deal.closedBy,
    position: deal.position,
    symbol: deal.symbol,
    commission: decimalOf(deal.commission, 2),
    storage: decimalOf(deal.storage, 2),
    close_price: priceText(deal.closePrice, digits),
    open_price: priceText(deal.openPrice, digits),
    nominalValue: null,
    profit: decimalOf(deal.profit, 2),
    volume: decimalOf(deal.volume, 2),
    closed: true,
    open_time: deal.openTime,
    close_time: deal.closeTime,
    expiration: null,
  };
}

/** Deposits, withdrawals and credit are trades too, without an instrument (seed, cmd 6 and 7). */
export function cashTrade({ id, kind, amount, comment, time }: CashOperation): Trade {
  return {
    ...levels({ sl: 0, tp: 0, offset: 0, comment, customComment: null }, 0),
    cmd: kind === 'balance' ? Cmd.balance : Cmd.credit,
    order: id,
    order2: id,
    position: id,
    symbol: null,
    commission: 0,
    storage: 0,
    close_price: 0,
    open_price: 0,
    nominalValue: null,
    profit: decimalOf(amount, 2),
    volume: 0,
    closed: true,
    open_time: time,
    close_time: time,
    expiration: null,
  };
}

export const streamed = (
  trade: Trade,
  type: number,
  state: StreamingTradeRecord['state'] = TradeState.modified,
): Written<StreamingTradeRecord> => ({ ...trade, type, state });

export const inSnapshot = (trade: Trade, now: number, spread: Points): Written<TradeRecord> => ({
  ...trade,
  profit: trade.profit ?? 0,
  timestamp: now,
  spread,
  taxes: 0,
  open_timeString: longTimeText(Number(trade.open_time)),
  close_timeString: trade.close_time === null ? null : longTimeText(Number(trade.close_time)),
  expirationString: trade.expiration === null ? null : longTimeText(Number(trade.expiration)),
});

function levels(
  { sl, tp, offset, comment, customComment }: Pick<Deal, 'sl' | 'tp' | 'offset' | 'comment' | 'customComment'>,
  digits: number,
) {
  return {
    digits,
    offset,
    comment,
    customComment,
    margin_rate: 0,
    sl: priceText(sl, digits),
    tp: priceText(tp, digits),
  };
}
