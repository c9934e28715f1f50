import { closingPrice } from '@core/contracts/market/valuation';
import type { RejectionReason } from '@core/contracts/events/request';
import { opposite, type Decimal, type Instant, type Instrument } from '@core/contracts/primitives';
import { add, minimum, ZERO } from '@core/kernel/decimal';
import { unreachable } from '@core/kernel/unreachable';
import type { AccountFigures, Receipt, Report, StandingReport } from '@core/execution/report';
import type { PaperAccount } from './account.ts';
import { figuresOf, swapOf } from './figures.ts';
import { marketPrice } from './fill.ts';
import { openingOf } from './opening.ts';
import { PaperBook } from './paper-book.ts';
import type { PaperMarket } from './paper-market.ts';
import { levelsRefusal, orderRefusal, pendingRefusal, volumeRejection } from './refusals.ts';
import type { PaperOrderRequest, PaperRequest } from './request.ts';
import { nextNight, type Night } from './rollover.ts';
import type { PaperTerms } from './terms.ts';
import { PaperTriggers } from './triggers.ts';

type RequestOf<Is extends PaperRequest['is']> = Extract<PaperRequest, { is: Is }>;

/**
 * One account at the paper venue: what is asked of it is decided at once, by the rules of any broker and at the other
 * venue's live prices. It changes the account it is given in place and tells each change as a broker reports it.
 */
export class PaperExchange {
  private readonly book: PaperBook;
  private readonly triggers: PaperTriggers;
  private night: Night | null = null;

  constructor(
    readonly account: PaperAccount,
    private readonly terms: PaperTerms,
    private readonly market: PaperMarket,
  ) {
    this.book = new PaperBook(account, terms.currency, market);
    this.triggers = new PaperTriggers(this.book, terms, market);
  }

  /** Carried out, under a number, or refused and nothing is changed. */
  perform(request: PaperRequest, at: Instant): Receipt {
    switch (request.is) {
      case 'order':
        return this.order(request, at);
      case 'close':
        return this.close(request, at);
      case 'cancel':
        return this.cancel(request);
      case 'protect':
        return this.protect(request);
      case 'amend':
        return this.amend(request);
      default:
        return unreachable(request);
    }
  }

  /** What an account begins with. */
  begin(at: Instant): void {
    const { balance, credit } = this.terms;
    if (balance !== ZERO) this.book.cash('deposit', balance, at);
    if (credit !== ZERO) this.book.cash('credit', credit, at);
  }

  /** What prices matter to the account. */
  get instruments(): ReadonlySet<Instrument> {
    return new Set([...this.book.positions, ...this.book.orders].map(({ instrument }) => instrument));
  }

  /** Prices moved, of these instruments. */
  moved(instruments: ReadonlySet<Instrument>, at: Instant): void {
    this.triggers.moved(instruments, at);
  }

  /** Time passed: orders expire, and nights are charged for as soon as their prices are known. */
  passed(at: Instant): void {
    for (const { number, expiresAt } of this.book.orders)
      if (expiresAt !== null && expiresAt <= at) this.book.remove(number);
    for (;;) {
      this.night ??= nextNight(this.account.chargedTo, this.terms.rollover);
      if (this.night.at > at || !this.charge(this.night)) return;
      this.account.chargedTo = this.night.at;
      this.night = null;
    }
  }

  /** Null while a price that they depend on is not known. */
  figures(): AccountFigures | null {
    return figuresOf(this.account, this.market, this.terms.currency);
  }

  standing(): StandingReport[] {
    return this.book.standing();
  }

  /** What became of the account since the last call, in its order. */
  drain(): Report[] {
    return this.book.drain();
  }

  private order(request: PaperOrderRequest, at: Instant): Receipt {
    const { instrument, side, kind, volumeLots, price, stopLoss, takeProfit, trailingPoints, expiresAt, comment } =
      request;
    const spec = this.market.instrument(instrument);
    if (spec === null) return rejected('unknown-instrument');
    const refused = orderRefusal(request, spec, this.market);
    if (refused !== null) return rejected(refused);
    const terms = {
      instrument,
      contract: spec.contract,
      side,
      volumeLots,
      stopLoss,
      takeProfit,
      trailingPoints,
      comment,
    };
    if (kind !== 'market' && price !== null)
      return this.taken((number) => this.book.put({ number, ...terms, kind, price, expiresAt, placedAt: at }));

    const quote = this.market.live(instrument);
    if (quote === null) return rejected(this.market.refusal(instrument));
    const openPrice = marketPrice(side, volumeLots, quote, spec.contract.digits);
    const filled = { ...terms, openPrice, origin: '', openedAt: at };
    const opening = openingOf(filled, this.book, this.terms, this.market);
    if (!opening.ok) return rejected(opening.error);
    return this.taken((origin) => this.book.open({ ...opening.value, origin }));
  }

  private close({ position: number, volumeLots }: RequestOf<'close'>, at: Instant): Receipt {
    const position = this.account.positions[number];
    if (!position) return rejected('not-found');
    const { instrument, side, contract } = position;
    const lots = minimum(volumeLots, position.volumeLots);
    const spec = this.market.instrument(instrument);
    const odd = spec && lots !== position.volumeLots ? volumeRejection(lots, spec) : null;
    if (odd !== null) return rejected(odd);
    const quote = this.market.live(instrument);
    const rate = this.market.bookedRates.rate(contract.quoteCurrency, this.terms.currency);
    if (quote === null || rate === null)
      return rejected(this.market.quote(instrument) && rate ? this.market.refusal(instrument) : 'off-quotes');
    const price = marketPrice(opposite(side), lots, quote, contract.digits);
    return this.taken((request) =>
      this.book.close(position, { volumeLots: lots, price, rate, reason: 'user', request, at }),
    );
  }

  private cancel({ order }: RequestOf<'cancel'>): Receipt {
    return this.account.orders[order] ? this.taken(() => this.book.remove(order)) : rejected('not-found');
  }

  private protect({ position: number, stopLoss, takeProfit, trailingPoints }: RequestOf<'protect'>): Receipt {
    const position = this.account.positions[number];
    if (!position) return rejected('not-found');
    const { instrument, side } = position;
    const [spec, quote] = [this.market.instrument(instrument), this.market.quote(instrument)];
    if (!spec || !quote) return rejected('off-quotes');
    const trailing = trailingPoints === undefined ? position.trailingPoints : trailingPoints;
    const wanted = { stopLoss, takeProfit, trailingPoints: trailing };
    const refused = levelsRefusal(side, closingPrice(side, quote), wanted, position, spec);
    if (refused !== null) return rejected(refused);
    return this.taken(() => this.book.change(position, wanted));
  }

  private amend({
    order: number,
    price,
    expiresAt,
    stopLoss,
    takeProfit,
    trailingPoints,
  }: RequestOf<'amend'>): Receipt {
    const order = this.account.orders[number];
    if (!order) return rejected('not-found');
    const [spec, quote] = [this.market.instrument(order.instrument), this.market.quote(order.instrument)];
    if (!spec || !quote) return rejected('off-quotes');
    const trailing = trailingPoints === undefined ? order.trailingPoints : trailingPoints;
    const wanted = { ...order, price, expiresAt, stopLoss, takeProfit, trailingPoints: trailing };
    const refused = pendingRefusal(wanted, order, quote, spec);
    return refused === null ? this.taken(() => this.book.put(wanted)) : rejected(refused);
  }

  private charge(night: Night): boolean {
    const held = this.book.positions.filter(({ openedAt }) => openedAt < night.at);
    const swaps: Decimal[] = [];
    for (const position of held) {
      const swap = swapOf(position, night, this.market, this.terms.currency);
      if (swap === null) return false;
      swaps.push(add(position.swap, swap));
    }
    for (const [index, position] of held.entries()) {
      const swap = swaps[index] ?? position.swap;
      if (swap !== position.swap) this.book.change(position, { swap });
    }
    return true;
  }

  private taken(carryOut: (number: string) => void): Receipt {
    const brokerRequest = this.book.number();
    carryOut(brokerRequest);
    return { is: 'taken', brokerRequest };
  }
}

const rejected = (reason: RejectionReason): Receipt => ({ is: 'rejected', reason, brokerCode: null, text: null });
