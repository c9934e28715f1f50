import { CommandClient } from '@core/bus/command-client';
import { MarketView } from '@core/bus/market-view';
import type { CommandBody } from '@core/contracts/command';
import type { AmendmentTerms, Requester } from '@core/contracts/events/request';
import { OrderLimit } from '@core/edge/order-limit';
import type { Uuid } from '@core/contracts/primitives';
import { KeyedQueue } from '@core/kernel/keyed-queue';
import { uuidV5 } from '@core/kernel/uuid';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { newId } from '@core/service/clock';
import {
  decodeCancelOrder,
  decodeClosePosition,
  decodeModifyOrder,
  decodeModifyPosition,
  type ModifyForm,
  type ModifyPositionForm,
} from '@core/tradingview/decode/change';
import type { Decoded } from '@core/tradingview/decode/form';
import { decodePlaceOrder, type PlaceForm } from '@core/tradingview/decode/order';
import { positionsBeneath } from '@core/tradingview/translate/net-position';
import { translatePreview } from '@core/tradingview/translate/preview';
import { partlyClosedText, refusalText, TOO_MANY_ORDERS } from '@core/tradingview/translate/words';
import type { TvPreview } from '@core/tradingview/wire/preview';
import type { Screen } from '@core/views/tradingview/session-state';
import { Injectable } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { TradingSettings } from '../config.ts';
import { Refused } from '../refused.ts';
import { SlippageBounds } from './slippage-bounds.ts';
import { AccountViews } from '../views/account-views.ts';
import { specOf } from './spec-of.ts';

/**
 * What traders want, as commands. Each method resolves to the id of the request once the ledger has taken it and the
 * lists show it; it throws `Refused` in the user's words, or `LedgerUnavailable` when nobody can say what became of it.
 */
@Injectable()
export class OrderService {
  private readonly changes: KeyedQueue;

  constructor(
    private readonly settings: TradingSettings,
    private readonly commands: CommandClient,
    private readonly runner: ProjectionRunner,
    private readonly market: MarketView,
    private readonly views: AccountViews,
    private readonly limit: OrderLimit,
    private readonly slippage: SlippageBounds,
  ) {
    this.changes = new KeyedQueue(settings.changesWaitingMax);
  }

  /** `requestId` is the browser's: the same one again is the same order, not a second one, and none too many. */
  place(account: TradedAccount, form: PlaceForm, requestId: string | undefined): Promise<Uuid> {
    const spec = specOf(this.market, account, form.instrument);
    const { units: _units, seen, ...order } = required(decodePlaceOrder(form, spec.contract));
    const id =
      requestId === undefined || requestId === '' ? newId() : uuidV5(account.id, `tradingview|place|${requestId}`);
    const isRepeated = this.views.of(account).book.tickets[id] !== undefined;
    if (!isRepeated && !this.limit.take(account.id)) throw new Refused(TOO_MANY_ORDERS);
    const worstPrice =
      order.kind === 'market' && !isRepeated
        ? { worstPrice: this.slippage.worstPrice(account, spec, { side: order.side, seen }) }
        : {};
    const body: CommandBody = {
      type: 'PlaceOrder',
      data: { instrument: form.instrument, ...order, ...worstPrice, requester: requesterOf(requestId), signal: null },
    };
    return this.carryOut(account, body, id);
  }

  modifyOrder(account: TradedAccount, id: string, form: ModifyForm): Promise<Uuid> {
    return this.amend(account, (book) => required(decodeModifyOrder(book, id, form)));
  }

  /** An order is cancelled; one of the brackets is taken off what it protects. */
  cancelOrder(account: TradedAccount, id: string): Promise<Uuid> {
    const what = required(decodeCancelOrder(this.views.of(account).book, id));
    if ('amend' in what) return this.amend(account, (book) => withoutBracket(book, id));
    return this.carryOut(account, { type: 'CancelOrder', data: { orderId: what.cancel, requester: requesterOf() } });
  }

  modifyPosition(account: TradedAccount, id: string, form: ModifyPositionForm): Promise<Uuid> {
    return this.amend(account, (book) => required(decodeModifyPosition(book, id, form)));
  }

  closePosition(account: TradedAccount, id: string, amount: string | undefined): Promise<Uuid> {
    const close = required(decodeClosePosition(this.views.of(account).book, id, amount));
    return this.carryOut(account, { type: 'ClosePosition', data: { ...close, requester: requesterOf() } });
  }

  /**
   * Closes all positions beneath a net position, at once and each by a request of its own. Resolves to one of them where
   * all were taken; where some were not, it is refused with how many were.
   */
  async closeNetPosition(account: TradedAccount, id: string): Promise<Uuid> {
    const beneath = positionsBeneath(this.views.of(account).book, id);
    const closings = await Promise.allSettled(
      beneath.map((position) => this.closePosition(account, position.id, undefined)),
    );
    const failures = closings.flatMap((closing): unknown[] => (closing.status === 'rejected' ? [closing.reason] : []));
    const unknown = failures.find((failure) => !(failure instanceof Refused));
    if (unknown !== undefined) throw unknown;
    const refusals = failures.filter((failure) => failure instanceof Refused).map(({ message }) => message);
    if (refusals.length > 0) throw new Refused(partlyClosedText(refusals, beneath.length));
    const [taken] = closings.flatMap((closing) => (closing.status === 'fulfilled' ? [closing.value] : []));
    if (taken === undefined) throw new Refused(refusalText('unknown-position'));
    return taken;
  }

  /** What an order would cost; nothing happens. */
  preview(account: TradedAccount, form: PlaceForm): TvPreview {
    const spec = specOf(this.market, account, form.instrument);
    const { side, units, price } = required(decodePlaceOrder(form, spec.contract));
    const { market, currency } = this.views.of(account);
    if (currency === null) throw new Refused(refusalText('instruments-unavailable'));
    return translatePreview({ spec, side, units, price, market: market.priced, currency });
  }

  /** One after the other: what a change leaves as it is, is as the one before it wanted. */
  private async amend(account: TradedAccount, termsOn: (book: Screen) => AmendmentTerms): Promise<Uuid> {
    const id = await this.changes.run(account.id, () => {
      const terms = termsOn(this.views.of(account).book);
      return this.carryOut(account, { type: 'Amend', data: { terms, requester: requesterOf() } });
    });
    if (id === null) throw new Refused(TOO_MANY_ORDERS);
    return id;
  }

  private async carryOut(account: TradedAccount, body: CommandBody, id: Uuid = newId()): Promise<Uuid> {
    const answer = await this.commands.ask(account.id, body, { id, timeoutMs: this.settings.commandTimeoutMs });
    if (!answer.ok) throw new Refused(refusalText(answer.refusal.reason));
    // The next poll must show it (TradingView manual, "Orders"); where it takes too long, it is taken all the same.
    await this.runner.reached(answer.position, this.settings.viewTimeoutMs);
    return id;
  }
}

function withoutBracket(book: Screen, id: string): AmendmentTerms {
  const what = required(decodeCancelOrder(book, id));
  if ('cancel' in what) throw new Error(`${id} was a bracket, and is an order`);
  return what.amend;
}

function required<Value>(decoded: Decoded<Value>): Value {
  if (!decoded.ok) throw new Refused(decoded.error);
  return decoded.value;
}

const requesterOf = (requestId: string | undefined = undefined): Requester => ({
  edge: 'tv-gateway',
  reference: requestId ?? null,
});
