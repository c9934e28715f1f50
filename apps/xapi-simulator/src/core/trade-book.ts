import { TradeState, TransactionType } from '@core/xapi/wire/enums';
import type { StreamingTradeRecord } from '@core/xapi/wire/trade-record';
import type { Written } from '@core/xapi/wire/wire-types';
import {
  addToHistory,
  type SimulatedAccount,
  type CashOperation,
  type Deal,
  type PendingOrder,
  type SimulatedPosition,
} from './account.ts';
import type { Ids } from './ids.ts';
import type { SimulatedInstrument } from './instrument.ts';
import type { BehaviourSettings } from './behaviour-settings.ts';
import type { Market } from './market.ts';
import type { BrokerOutput } from './output.ts';
import type { Random } from './random.ts';
import { cashTrade, dealTrade, pendingTrade, positionTrade, streamed } from './trade-frames.ts';
import type { Centilots, Cents, Points } from './units.ts';
import { closingPoints, commissionCents, marginCents, profitCents } from './valuation.ts';

export type CloseCause = 'user' | 'stop-loss' | 'take-profit' | 'stop-out';

export interface PositionOpening {
  readonly id: number;
  readonly request: number;
  readonly symbol: string;
  readonly isBuy: boolean;
  readonly volume: Centilots;
  readonly price: Points;
  readonly time: number;
  readonly sl: Points;
  readonly tp: Points;
  readonly offset: number;
  readonly comment: string;
  readonly customComment: string | null;
}

export interface PositionClosing {
  readonly volume: Centilots;
  readonly price: Points;
  readonly time: number;
  /** The order that closes it. */
  readonly closedBy: number;
  readonly reason: CloseCause;
  readonly comment: string;
  readonly customComment: string | null;
}

/** Everything that stands at the broker, found by account and by instrument, and the records that each change makes. */
export class TradeBook {
  private readonly positions = new Map<string, Set<SimulatedPosition>>();
  private readonly pendings = new Map<string, Set<PendingOrder>>();

  constructor(
    private readonly market: Market,
    private readonly ids: Ids,
    private readonly random: Random,
    private readonly behaviour: () => BehaviourSettings,
    private readonly output: BrokerOutput,
  ) {}

  positionsIn(symbol: string): ReadonlySet<SimulatedPosition> {
    return this.positions.get(symbol) ?? NONE;
  }

  pendingsIn(symbol: string): ReadonlySet<PendingOrder> {
    return this.pendings.get(symbol) ?? NONE;
  }

  /** Takes over what an account already holds, without a record. */
  adopt(account: SimulatedAccount): void {
    for (const position of account.positions.values()) add(this.positions, position);
    for (const pending of account.pendings.values()) add(this.pendings, pending);
  }

  /** Opens without looking at the money; the caller did. Wire-behaviour §7.6 and §7.4 with its variant (a). */
  open(account: SimulatedAccount, opening: PositionOpening): SimulatedPosition {
    const { id, request, symbol, isBuy, volume, price, time, sl, tp, offset, comment, customComment } = opening;
    const quote = this.market.get(symbol);
    const { instrument } = quote;
    const behaviour = this.behaviour();
    const position: SimulatedPosition = {
      id,
      request,
      userId: account.userId,
      symbol,
      isBuy,
      volume,
      openPrice: price,
      openTime: time,
      sl: behaviour.slTpLate ? 0 : sl,
      tp: behaviour.slTpLate ? 0 : tp,
      offset,
      comment,
      customComment,
      commission: commissionCents(this.market, account.currency, instrument, volume, price),
      commissionBooked: behaviour.commissionAt === 'open',
      storage: 0,
      margin: marginCents(this.market, account, instrument, volume, price),
      shownPrice: 0,
      shownProfit: 0,
    };
    account.positions.set(id, position);
    add(this.positions, position);
    if (position.commissionBooked) account.balance += position.commission;
    this.show(account, position);
    if (behaviour.slTpLate && sl !== 0) this.amend(account, position, { sl });
    if (behaviour.slTpLate && tp !== 0) this.amend(account, position, { tp });
    this.output.balance(account.userId);
    return position;
  }

  /** Changes levels, trailing or comment of a position, and shows it. */
  amend(
    account: SimulatedAccount,
    position: SimulatedPosition,
    change: Partial<Pick<SimulatedPosition, 'sl' | 'tp' | 'offset' | 'customComment'>>,
  ): void {
    Object.assign(position, change);
    this.show(account, position);
  }

  /** Closes all or part of a position. Wire-behaviour §7.8–7.12. */
  close(account: SimulatedAccount, position: SimulatedPosition, closing: PositionClosing): Deal {
    const { instrument } = this.market.get(position.symbol);
    const { userId } = account;
    const whole = closing.volume === position.volume;
    const stale = positionTrade(instrument, position, position.shownPrice, position.shownProfit);
    const deal = this.settle(account, position, closing, instrument);
    const closed = streamed(dealTrade(instrument, deal), TransactionType.close);

    if (whole) {
      account.positions.delete(position.id);
      remove(this.positions, position);
      this.showClose(userId, streamed(stale, TransactionType.open, TradeState.deleted), closed, closing.reason);
    } else if (this.behaviour().partialClose === 'same-position') {
      this.output.trade(userId, closed);
      this.show(account, position);
    } else {
      this.output.trade(userId, streamed(stale, TransactionType.open, TradeState.deleted));
      this.output.trade(userId, closed);
      account.positions.delete(position.id);
      position.request = position.id;
      position.id = this.ids.nextOrder();
      account.positions.set(position.id, position);
      this.show(account, position);
    }
    this.output.balance(userId);
    return deal;
  }

  place(account: SimulatedAccount, pending: PendingOrder): void {
    account.pendings.set(pending.id, pending);
    add(this.pendings, pending);
    this.showPending(pending);
  }

  amendPending(pending: PendingOrder, change: Partial<PendingOrder>): void {
    Object.assign(pending, change);
    this.showPending(pending);
  }

  /** Cancelled, expired or triggered: the record is the same. */
  delete(account: SimulatedAccount, pending: PendingOrder): void {
    this.take(account, pending);
    this.showPending(pending, TradeState.deleted);
  }

  /** Out of the book without a record: whoever triggers it shows it. */
  take(account: SimulatedAccount, pending: PendingOrder): void {
    account.pendings.delete(pending.id);
    remove(this.pendings, pending);
  }

  showPending(pending: PendingOrder, state: 'Modified' | 'Deleted' = TradeState.modified): void {
    const { instrument } = this.market.get(pending.symbol);
    this.output.trade(pending.userId, streamed(pendingTrade(instrument, pending), TransactionType.pending, state));
  }

  /** A position as it is now. */
  show(account: SimulatedAccount, position: SimulatedPosition): void {
    const quote = this.market.get(position.symbol);
    const closePrice = closingPoints(position.isBuy, quote);
    position.shownPrice = closePrice;
    position.shownProfit = profitCents(this.market, account.currency, quote.instrument, { ...position, closePrice });
    const trade = positionTrade(quote.instrument, position, position.shownPrice, position.shownProfit);
    this.output.trade(account.userId, streamed(trade, TransactionType.open));
  }

  /** Wire-behaviour §7.14. */
  book(
    account: SimulatedAccount,
    kind: CashOperation['kind'],
    amount: Cents,
    comment: string,
    time: number,
  ): CashOperation {
    const operation: CashOperation = { id: this.ids.nextOrder(), kind, amount, comment, time };
    if (kind === 'balance') account.balance += amount;
    else account.credit += amount;
    addToHistory(account.cash, operation);
    this.output.trade(account.userId, streamed(cashTrade(operation), this.behaviour().cashRecordType));
    this.output.balance(account.userId);
    return operation;
  }

  /** Moves a closed part's share of volume, margin and costs from the position into a deal, and its result to the balance. */
  private settle(
    account: SimulatedAccount,
    position: SimulatedPosition,
    closing: PositionClosing,
    instrument: SimulatedInstrument,
  ): Deal {
    const { volume, price, time, closedBy, comment, customComment } = closing;
    const share = (of: number): number =>
      volume === position.volume ? of : Math.round((of * volume) / position.volume);
    const commission = share(position.commission);
    const storage = share(position.storage);
    const { id, isBuy, openPrice } = position;
    const profit = profitCents(this.market, account.currency, instrument, {
      isBuy,
      volume,
      openPrice,
      closePrice: price,
    });
    position.margin -= share(position.margin);
    position.commission -= commission;
    position.storage -= storage;
    position.volume -= volume;
    account.balance += profit + storage + (position.commissionBooked ? 0 : commission);
    const deal: Deal = {
      id: this.ids.nextDeal(),
      closedBy,
      position: id,
      symbol: position.symbol,
      isBuy,
      volume,
      openPrice,
      closePrice: price,
      closeTime: time,
      sl: position.sl,
      tp: position.tp,
      offset: position.offset,
      // The two records of one position give its opening some milliseconds apart (wire-behaviour §7.9).
      openTime: Math.min(position.openTime + this.random.between(5, 73), time),
      comment,
      customComment,
      profit,
      commission,
      storage,
    };
    addToHistory(account.deals, deal);
    return deal;
  }

  private showClose(
    userId: string,
    deleted: Written<StreamingTradeRecord>,
    closed: Written<StreamingTradeRecord>,
    reason: CloseCause,
  ): void {
    const { sequence } = this.behaviour();
    const unchanged = { ...deleted, state: TradeState.modified };
    const announced =
      reason === 'stop-loss' ||
      reason === 'stop-out' ||
      (reason === 'take-profit' && sequence.modifiedBeforeTakeProfit);
    if (announced) this.output.trade(userId, unchanged);
    for (const record of sequence.closeBeforeDeleted ? [closed, deleted] : [deleted, closed]) {
      this.output.trade(userId, record);
    }
    if (sequence.lateModifiedAfterClose) this.output.trade(userId, unchanged);
  }
}

const NONE: ReadonlySet<never> = new Set<never>();

function add<Item extends { readonly symbol: string }>(index: Map<string, Set<Item>>, item: Item): void {
  const items = index.get(item.symbol);
  if (items) items.add(item);
  else index.set(item.symbol, new Set([item]));
}

function remove<Item extends { readonly symbol: string }>(index: Map<string, Set<Item>>, item: Item): void {
  index.get(item.symbol)?.delete(item);
}
