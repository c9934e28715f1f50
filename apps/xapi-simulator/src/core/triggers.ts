import { Cmd, isBuy, TradeState } from '@core/xapi/wire/enums';
import type { PendingOrder, SimulatedPosition } from './account.ts';
import type { SimulatedBroker } from './simulated-broker.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { CloseCause } from './trade-book.ts';
import type { MarketPrice } from './market.ts';
import { decimalOf } from './units.ts';
import { closingPoints, floatingProfit } from './valuation.ts';

/** Pending orders that trigger together open this far apart (wire-behaviour §7.4b). */
const BETWEEN_TRIGGERS_MS = 20;

/** What prices and time do to positions and pending orders, without anyone asking. */
export class Triggers {
  constructor(
    private readonly broker: SimulatedBroker,
    private readonly parts: BrokerParts,
  ) {}

  /** After prices moved. Only accounts that hold something in these instruments are looked at. */
  pricesMoved(quotes: readonly MarketPrice[]): void {
    const touched = new Set<string>();
    for (const quote of quotes) {
      const { symbol } = quote.instrument;
      const triggered = [...this.broker.book.pendingsIn(symbol)].filter((pending) => isReached(pending, quote));
      if (triggered.length > 0) this.trigger(triggered, quote);
      for (const position of [...this.broker.book.positionsIn(symbol)]) {
        this.checkLevels(position, quote);
        touched.add(position.userId);
      }
    }
    for (const userId of touched) this.stopOut(userId);
  }

  /** Pending orders whose time is over go without a word of why (wire-behaviour §7.3). */
  expire(): void {
    const { time } = this.broker;
    for (const account of this.broker.accounts.values()) {
      for (const pending of [...account.pendings.values()]) {
        if (pending.expiration !== null && pending.expiration <= time) this.broker.book.delete(account, pending);
      }
    }
  }

  /** Wire-behaviour §7.4 and §7.5. Several at once come interleaved: all leave, then all open. */
  private trigger(pendings: readonly PendingOrder[], quote: MarketPrice): void {
    const { book } = this.broker;
    const late = this.parts.behaviour().sequence.positionBeforePendingDeleted;
    for (const pending of pendings) book.showPending(pending);
    for (const pending of pendings) {
      if (late) book.take(this.broker.account(pending.userId), pending);
      else book.delete(this.broker.account(pending.userId), pending);
    }
    pendings.forEach((pending, index) => this.fill(pending, quote, index * BETWEEN_TRIGGERS_MS));
    if (late) for (const pending of pendings) book.showPending(pending, TradeState.deleted);
  }

  private fill(pending: PendingOrder, quote: MarketPrice, laterMs: number): void {
    const { execution } = this.broker;
    const account = this.broker.account(pending.userId);
    if (this.parts.faults.strike('fail-trigger', pending.userId)) return;
    const buys = isBuy(pending.cmd);
    const market = buys ? quote.ask : quote.bid;
    const isLimit = pending.cmd === Cmd.buyLimit || pending.cmd === Cmd.sellLimit;
    const { id: request, volume, sl, tp, offset, customComment } = pending;
    execution.open(account, {
      request,
      positionId: this.parts.ids.nextOrder(),
      instrument: quote.instrument,
      isBuy: buys,
      volume,
      price: isLimit ? market : execution.slipped(market, buys),
      time: this.broker.time + laterMs,
      sl,
      tp,
      offset,
      customComment,
    });
  }

  private checkLevels(position: SimulatedPosition, quote: MarketPrice): void {
    const { isBuy: long, sl, tp, offset } = position;
    const price = closingPoints(long, quote);
    const reached = (level: number, below: boolean): boolean =>
      level !== 0 && (below ? price <= level : price >= level);
    if (reached(sl, long))
      return this.close(position, 'stop-loss', '[S/L]', this.broker.execution.slipped(price, !long));
    if (reached(tp, !long)) return this.close(position, 'take-profit', '[T/P]', price);
    if (offset === 0) return;
    const followed = long ? price - offset : price + offset;
    if (followed <= 0) return;
    if (sl === 0 || (long ? followed > sl : followed < sl)) {
      this.broker.book.amend(this.broker.account(position.userId), position, { sl: followed });
    }
  }

  /** Closes the worst position, and again, until the margin level holds (seed §6.7; wire-behaviour §7.11). */
  private stopOut(userId: string): void {
    const { market, behaviour } = this.parts;
    const account = this.broker.account(userId);
    while (account.positions.size > 0) {
      const { equity, margin, marginLevel } = this.broker.figures(account);
      // Not by the level that is shown: rounded, it would spare who is a cent below.
      if (equity * 100 >= margin * behaviour().stopOutPercent) return;
      const [worst] = [...account.positions.values()].sort(
        (left, right) => floatingProfit(market, account, left) - floatingProfit(market, account, right),
      );
      if (!worst) return;
      const [percent, ours, needed] = [marginLevel, equity, margin].map((units) => fixed(units));
      const comment = `[S/O ${percent}% ${ours} / ${needed} (${account.currency})]`;
      this.close(worst, 'stop-out', comment, closingPoints(worst.isBuy, market.get(worst.symbol)));
    }
  }

  private close(position: SimulatedPosition, reason: CloseCause, comment: string, price: number): void {
    const { volume, customComment } = position;
    const closedBy = this.parts.ids.nextOrder();
    const closing = { volume, price, time: this.broker.time, closedBy, reason, comment, customComment };
    this.broker.book.close(this.broker.account(position.userId), position, closing);
  }
}

/** Limits trigger at their price or better, stops at their price or worse. */
function isReached({ cmd, price }: PendingOrder, { bid, ask }: MarketPrice): boolean {
  switch (cmd) {
    case Cmd.buyLimit:
      return ask <= price;
    case Cmd.sellLimit:
      return bid >= price;
    case Cmd.buyStop:
      return ask >= price;
    default:
      return bid <= price;
  }
}

const fixed = (hundredths: number): string => {
  const [whole, fraction = ''] = decimalOf(hundredths, 2).split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
};
