import { isBuy, isPendingCmd, TradeState, TransactionType } from '@core/xapi/wire/enums';
import { errorCodes } from '@core/xapi/wire/error-codes';
import type { SimulatedAccount, PendingOrder } from './account.ts';
import type { TradeBook } from './trade-book.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { SimulatedInstrument } from './instrument.ts';
import type { CheckedOrder, OrderRequest } from './order-check.ts';
import { decimalOf, type Centilots, type Points } from './units.ts';
import { closingPoints, accountFigures, heldMarginCents, marginCents, openingPoints } from './valuation.ts';

/** An order that passed the checks, with the numbers it was given. */
export interface AcceptedOrder {
  readonly account: SimulatedAccount;
  readonly request: OrderRequest;
  readonly checked: CheckedOrder;
  /** Of the request. */
  readonly order: number;
  /** Of the position, if it opens one. */
  readonly positionId: number;
}

/** What a market order or a trigger wants opened. */
export interface Wanted {
  readonly request: number;
  readonly positionId: number;
  readonly instrument: SimulatedInstrument;
  readonly isBuy: boolean;
  readonly volume: Centilots;
  readonly price: Points;
  readonly time: number;
  readonly sl: Points;
  readonly tp: Points;
  readonly offset: number;
  readonly comment?: string;
  readonly customComment: string | null;
}

const NO_MONEY = 'Not enough money';

/** Carries orders out at the prices of the moment. Each method gives null when it was done, or the reason why not. */
export class OrderExecution {
  constructor(
    private readonly parts: Omit<BrokerParts, 'faults'>,
    private readonly book: TradeBook,
    private readonly time: () => number,
  ) {}

  execute(accepted: AcceptedOrder): string | null {
    switch (accepted.request.type) {
      case TransactionType.open:
        return isPendingCmd(accepted.request.cmd) ? this.place(accepted) : this.openAtMarket(accepted);
      case TransactionType.close:
        return this.close(accepted);
      case TransactionType.modify:
        return this.modify(accepted);
      default:
        return this.delete(accepted);
    }
  }

  /** Opens, as several positions where the setting says so, or opens nothing when the money does not suffice. */
  open(account: SimulatedAccount, wanted: Wanted): string | null {
    const { market, behaviour, ids } = this.parts;
    const { instrument, volume, price, positionId } = wanted;
    const { symbol } = instrument;
    const margin = marginCents(market, account, instrument, volume, price);
    const { balance, equity } = accountFigures(market, account);
    const held = heldMarginCents(account, { symbol, isBuy: wanted.isBuy, margin });
    if (Math.min(balance, equity) < held) return NO_MONEY;

    const most = behaviour().splitFillsAbove || volume;
    for (let left = volume, id = positionId; left > 0; left -= most, id = ids.nextOrder()) {
      const part = Math.min(left, most);
      const share = `${decimalOf(part, 2)}/${decimalOf(volume, 2)}`;
      const comment = most < volume ? `OPEN ${wanted.isBuy ? 'BUY' : 'SELL'} ${share}` : (wanted.comment ?? '');
      this.book.open(account, { ...wanted, id, symbol, volume: part, comment });
    }
    return null;
  }

  /** Against whoever trades, by chance, as far as the setting allows. */
  slipped(price: Points, isBuy: boolean): Points {
    const { random, behaviour } = this.parts;
    const slippage = random.below(behaviour().slippagePoints + 1);
    return isBuy ? price + slippage : price - slippage;
  }

  private openAtMarket({ account, request, checked, order, positionId }: AcceptedOrder): string | null {
    const { market, behaviour } = this.parts;
    const { instrument, volume, sl, tp } = checked;
    const buys = isBuy(request.cmd);
    const price = this.slipped(openingPoints(buys, market.get(instrument.symbol)), buys);
    const { offset, customComment } = request;
    const wanted: Wanted = {
      ...{ request: order, positionId, instrument, isBuy: buys, volume, price },
      ...{ time: this.time(), sl, tp, offset, customComment },
    };
    if (behaviour().transientType1) {
      const inFlight = this.pendingOf(account, request, checked, order);
      this.book.showPending(inFlight);
      this.book.showPending(inFlight, TradeState.deleted);
    }
    return this.open(account, wanted);
  }

  private place({ account, request, checked, order }: AcceptedOrder): string | null {
    this.book.place(account, this.pendingOf(account, request, checked, order));
    return null;
  }

  private close({ account, request, checked, order }: AcceptedOrder): string | null {
    const position = account.positions.get(request.order);
    if (!position) return errorCodes.BE097;
    const volume = Math.min(checked.volume, position.volume);
    const price = this.slipped(closingPoints(position.isBuy, this.parts.market.get(position.symbol)), !position.isBuy);
    const { comment } = position;
    const customComment =
      this.parts.behaviour().closeComment === 'replace' ? request.customComment : position.customComment;
    const closing = { volume, price, time: this.time(), closedBy: order, comment, customComment };
    this.book.close(account, position, { ...closing, reason: 'user' });
    return null;
  }

  /** The comment is replaced by the request's, even by none (wire-behaviour §5). */
  private modify({ account, request, checked }: AcceptedOrder): string | null {
    const { sl, tp, price } = checked;
    const { offset, customComment, expiration } = request;
    const pending = account.pendings.get(request.order);
    if (pending) {
      this.book.amendPending(pending, { sl, tp, price, offset, customComment, expiration });
      return null;
    }
    const position = account.positions.get(request.order);
    if (!position) return errorCodes.BE098;
    if (this.parts.behaviour().modifyTwice && sl !== position.sl && tp !== position.tp) {
      this.book.amend(account, position, { sl });
    }
    this.book.amend(account, position, { sl, tp, offset, customComment });
    return null;
  }

  private delete({ account, request }: AcceptedOrder): string | null {
    const pending = account.pendings.get(request.order);
    if (!pending) return errorCodes.BE098;
    this.book.delete(account, pending);
    return null;
  }

  private pendingOf(account: SimulatedAccount, request: OrderRequest, checked: CheckedOrder, id: number): PendingOrder {
    const { volume, price, sl, tp, instrument } = checked;
    const { cmd, offset, expiration, customComment } = request;
    return {
      ...{ id, userId: account.userId, symbol: instrument.symbol, cmd, volume, price, sl, tp, offset },
      ...{ expiration: isPendingCmd(cmd) ? expiration : null, comment: '', customComment, openTime: this.time() },
    };
  }
}
