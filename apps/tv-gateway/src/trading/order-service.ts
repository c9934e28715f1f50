import { CommandClient } from '@core/bus/command-client';
import { MarketView } from '@core/bus/market-view';
import type { CommandBody } from '@core/contracts/command';
import type { AmendmentTerms, Requester } from '@core/contracts/events/request';
import { OrderLimit } from '@core/edge/order-limit';
import type { InstrumentSpec } from '@core/contracts/market/instrument';
import { closingPrice } from '@core/contracts/market/valuation';
import type { Decimal, Instrument, Side, Uuid } from '@core/contracts/primitives';
import { KeyedQueue } from '@core/kernel/keyed-queue';
import type { Language } from '@core/kernel/language';
import { uuidV5 } from '@core/kernel/uuid';
import { ProjectionRunner } from '@core/projection-runner/projection-runner';
import { newId } from '@core/service/clock';
import {
  decodeCancelOrder,
  decodeClosePosition,
  decodeModifyOrder,
  decodeModifyPosition,
  decodeReversePosition,
  type ModifyForm,
  type ModifyPositionForm,
} from '@core/tradingview/decode/change';
import type { Decoded } from '@core/tradingview/decode/form';
import { decodePlaceOrder, type NewOrder, type PlaceForm } from '@core/tradingview/decode/order';
import { positionsBeneath } from '@core/tradingview/translate/net-position';
import { partlyClosedText, refusalText, refusedText } from '@core/tradingview/translate/words';
import type { TvPreview } from '@core/tradingview/wire/preview';
import { ticketOf, type Screen, type SessionPosition } from '@core/views/tradingview/session-state';
import { Injectable } from '@nestjs/common';
import type { TradedAccount } from '../accounts/traders.ts';
import { TradingSettings } from '../config.ts';
import { Refused } from '../refused.ts';
import { Previews, type Wish } from './previews.ts';
import { SlippageBounds, type MarketOrder } from './slippage-bounds.ts';
import { AccountViews } from '../views/account-views.ts';
import { specOf } from './spec-of.ts';

/** What the address of an order says besides its form; what is empty is not said. */
interface PlaceOptions {
  readonly requestId?: string | undefined;
  readonly confirmId?: string | undefined;
}

/** An order as it is previewed; `id` is the one that would be changed. */
interface PreviewForm extends PlaceForm {
  readonly id?: string;
}

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
    private readonly previews: Previews,
  ) {
    this.changes = new KeyedQueue(settings.changesWaitingMax);
  }

  /** `requestId` is the browser's: the same one again is the same order, not a second one, and none too many. */
  async place(account: TradedAccount, form: PlaceForm, { requestId, confirmId = '' }: PlaceOptions): Promise<Uuid> {
    const spec = specOf(this.market, account, form.instrument);
    const { units: _units, seen, ...order } = required(decodePlaceOrder(form, spec.contract));
    const id =
      requestId === undefined || requestId === '' ? newId() : uuidV5(account.id, `tradingview|place|${requestId}`);
    const isRepeated = this.views.of(account).book.tickets[id] !== undefined;
    if (!isRepeated) this.requireRoom(account);
    const wish = placing(form.instrument, order, requesterOf(requestId));
    if (isRepeated) return this.carryOut(account, wish, id);
    const confirmed = confirmId === '' ? null : this.previews.confirmed(account, wish, confirmId);
    const worstPrice =
      order.kind === 'market' ? await this.worstPrice(account, spec, { ...order, seen }, confirmed) : null;
    const body = { ...wish, data: { ...wish.data, ...(worstPrice !== null && { worstPrice }) } };
    return this.carryOut(account, body, id);
  }

  modifyOrder(account: TradedAccount, id: string, form: ModifyForm, confirmId = ''): Promise<Uuid> {
    return this.amend(account, (book) => {
      const terms = required(decodeModifyOrder(book, id, form));
      if (confirmId !== '') this.previews.confirmed(account, amending(terms), confirmId);
      return terms;
    });
  }

  /** An order is cancelled; one of the brackets is taken off what it protects. */
  cancelOrder(account: TradedAccount, id: string): Promise<Uuid> {
    const what = required(decodeCancelOrder(this.views.of(account).book, id));
    if ('amend' in what) return this.amend(account, (book) => withoutBracket(book, id));
    return this.carryOut(account, { type: 'CancelOrder', data: { orderId: what.cancel, requester: requesterOf() } });
  }

  modifyPosition(account: TradedAccount, id: string, form: ModifyPositionForm): Promise<Uuid> {
    const { market } = this.views.of(account);
    const closing = ({ instrument, side }: SessionPosition): Decimal | null => {
      const quote = market.priced.quote(instrument);
      return quote && closingPrice(side, quote);
    };
    return this.amend(account, (book) => required(decodeModifyPosition(book, id, form, closing)));
  }

  /**
   * Closes a position and opens as much on the other side, which `form` names: two requests, of which this gives the
   * close. The same `requestId` again is the same reversal, and with other terms it is none.
   */
  async reversePosition(
    account: TradedAccount,
    id: string,
    form: ModifyPositionForm & { readonly side: Side },
    requestId = '',
  ): Promise<Uuid> {
    if (account.netting) throw new Refused({ key: 'position.noReverse' });
    const { book } = this.views.of(account);
    const closeId = requestId === '' ? newId() : uuidV5(account.id, `tradingview|reverse|${id}|${requestId}`);
    const isRepeated = ticketOf(book, closeId) !== null;
    const { instrument, side, seen, ...terms } = required(decodeReversePosition(book, id, form, isRepeated));
    const data = { ...terms, requester: requesterOf(requestId) };
    if (isRepeated) return this.carryOut(account, { type: 'ReversePosition', data }, closeId);
    this.requireRoom(account);
    const spec = specOf(this.market, account, instrument);
    const worstPrice = await this.slippage.worstPrice(account, spec, { side, seen });
    return this.carryOut(account, { type: 'ReversePosition', data: { ...data, worstPrice } }, closeId);
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
    const refusals = failures.filter((failure) => failure instanceof Refused).map(({ text }) => text);
    if (refusals.length > 0) throw new Refused(partlyClosedText(refusals, beneath.length));
    const [taken] = closings.flatMap((closing) => (closing.status === 'fulfilled' ? [closing.value] : []));
    if (taken === undefined) throw new Refused(refusalText('unknown-position'));
    return taken;
  }

  /** What an order, or a change of the one it names, would come to; nothing happens. */
  async preview(account: TradedAccount, form: PreviewForm, language: Language): Promise<TvPreview> {
    const { instrument, id = '' } = form;
    const order = required(decodePlaceOrder(form, specOf(this.market, account, instrument).contract));
    const { units: _units, seen: _seen, ...terms } = order;
    const wish =
      id === ''
        ? placing(instrument, terms, requesterOf())
        : amending(required(decodeModifyOrder(this.views.of(account).book, id, form)));
    return this.previews.preview(account, { wish, instrument, order }, language);
  }

  /** What was previewed holds, where it was; the market is asked either way. */
  private async worstPrice(
    account: TradedAccount,
    spec: InstrumentSpec,
    order: MarketOrder,
    confirmed: Decimal | null,
  ): Promise<Decimal> {
    if (confirmed === null) return this.slippage.worstPrice(account, spec, order);
    this.slippage.require(account, spec.instrument, order.side, confirmed);
    return confirmed;
  }

  /** One after the other: what a change leaves as it is, is as the one before it wanted. */
  private async amend(account: TradedAccount, termsOn: (book: Screen) => AmendmentTerms): Promise<Uuid> {
    const id = await this.changes.run(account.id, () => {
      const terms = termsOn(this.views.of(account).book);
      return this.carryOut(account, amending(terms));
    });
    if (id === null) throw new Refused({ key: 'order.tooMany' });
    return id;
  }

  private requireRoom({ id }: TradedAccount): void {
    if (this.limit.take(id)) return;
    throw new Refused({ key: 'order.tooMany' }, `order.tooMany, more than ${this.limit.terms}`);
  }

  private async carryOut(account: TradedAccount, body: CommandBody, id: Uuid = newId()): Promise<Uuid> {
    const asking = { id, correlation: id, timeoutMs: this.settings.commandTimeoutMs };
    const answer = await this.commands.ask(account.id, body, asking);
    if (!answer.ok) throw new Refused(refusedText(answer.refusal), answer.refusal.reason, id);
    // The next poll must show it (TradingView manual, "Orders"); where it takes too long, it is taken all the same.
    await this.runner.reached(answer.position, this.settings.viewTimeoutMs);
    return id;
  }
}

type WishOf<Type extends Wish['type']> = Extract<Wish, { type: Type }>;

const placing = (
  instrument: Instrument,
  order: Omit<NewOrder, 'units' | 'seen'>,
  requester: Requester,
): WishOf<'PlaceOrder'> => ({ type: 'PlaceOrder', data: { instrument, ...order, requester, signal: null } });

const amending = (terms: AmendmentTerms): WishOf<'Amend'> => ({
  type: 'Amend',
  data: { terms, requester: requesterOf() },
});

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
  reference: requestId || null,
});
