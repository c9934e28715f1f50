import { longTimeText } from '@core/xapi/wire/server-clock';
import type { SimulatedAccount, PendingOrder, SimulatedPosition } from '../core/account.ts';
import type { JournalEntry } from '../core/journal.ts';
import type { Market, MarketPrice } from '../core/market.ts';
import { decimalOf } from '../core/units.ts';
import { floatingProfit } from '../core/valuation.ts';
import type { ClientConnection } from '../server/client-connection.ts';
import type { Simulator } from '../simulator.ts';

// What the control API shows. Numbers are exact decimal text, times milliseconds since the epoch; no password is shown.

export function accountView({ broker }: Simulator, account: SimulatedAccount) {
  const { balance, credit, equity, margin, marginFree, marginLevel } = broker.figures(account);
  return {
    userId: account.userId,
    currency: account.currency,
    leverage: account.leverage,
    loginDisabled: account.loginDisabled,
    balance: decimalOf(balance, 2),
    credit: decimalOf(credit, 2),
    equity: decimalOf(equity, 2),
    margin: decimalOf(margin, 2),
    marginFree: decimalOf(marginFree, 2),
    marginLevel: decimalOf(marginLevel, 2),
    positions: account.positions.size,
    orders: account.pendings.size,
    deals: account.deals.length,
  };
}

export function positionView(market: Market, account: SimulatedAccount, position: SimulatedPosition) {
  const { digits } = market.get(position.symbol).instrument;
  return {
    position: position.id,
    order2: position.request,
    userId: position.userId,
    symbol: position.symbol,
    side: position.isBuy ? 'buy' : 'sell',
    volume: decimalOf(position.volume, 2),
    openPrice: decimalOf(position.openPrice, digits),
    openTime: position.openTime,
    sl: decimalOf(position.sl, digits),
    tp: decimalOf(position.tp, digits),
    offset: position.offset,
    profit: decimalOf(floatingProfit(market, account, position), 2),
    storage: decimalOf(position.storage, 2),
    commission: decimalOf(position.commission, 2),
    comment: position.comment,
    customComment: position.customComment,
  };
}

export function orderView(market: Market, pending: PendingOrder) {
  const { digits } = market.get(pending.symbol).instrument;
  return {
    order: pending.id,
    userId: pending.userId,
    symbol: pending.symbol,
    cmd: pending.cmd,
    volume: decimalOf(pending.volume, 2),
    price: decimalOf(pending.price, digits),
    sl: decimalOf(pending.sl, digits),
    tp: decimalOf(pending.tp, digits),
    expiration: pending.expiration,
    customComment: pending.customComment,
  };
}

export function priceView({ instrument, bid, ask, timestamp, held }: MarketPrice) {
  const { symbol, digits } = instrument;
  return { symbol, bid: decimalOf(bid, digits), ask: decimalOf(ask, digits), digits, timestamp, held };
}

/** An entry with how it stands now. `requestStatus` is null for what was never taken, or is long forgotten. */
export function journalView({ broker }: Simulator, entry: JournalEntry) {
  const account = broker.accounts.get(entry.userId);
  const state = entry.order === null ? undefined : account?.requests.get(entry.order);
  const positions = [...(account?.positions.values() ?? [])].filter(({ request }) => request === entry.order);
  return {
    ...entry,
    requestStatus: state?.requestStatus ?? null,
    message: state?.message ?? null,
    positions: entry.order === null ? [] : positions.map(({ id }) => id),
  };
}

export const connectionView = ({ id, kind, address, userId, openedAt, lastCommandAt, strikes }: ClientConnection) => ({
  ...{ id, kind, address, userId, openedAt, strikes },
  lastCommandAt: Number.isFinite(lastCommandAt) ? lastCommandAt : null,
});

export const clockView = ({ scheduler, broker }: Simulator) => ({
  now: scheduler.now,
  serverTime: broker.time,
  serverTimeText: longTimeText(broker.time),
});
