import { convert } from '@core/contracts/market/conversion';
import type { Quote } from '@core/contracts/market/quote';
import { pointsOf } from '@core/contracts/market/point';
import { isReached } from '@core/contracts/market/trigger';
import { closingPrice, grossProfit, moneyDigits } from '@core/contracts/market/valuation';
import { opposite, type Instant, type Instrument } from '@core/contracts/primitives';
import { add, compare, negate } from '@core/kernel/decimal';
import type { PaperOrder, PaperPosition } from './account.ts';
import { figuresOf, isStoppedOut } from './figures.ts';
import { limitPrice, marketPrice } from './fill.ts';
import { openingOf } from './opening.ts';
import type { PaperBook, PaperClosing } from './paper-book.ts';
import type { PaperMarket } from './paper-market.ts';
import type { PaperTerms } from './terms.ts';

/** What prices do to an account, without anyone asking. */
export class PaperTriggers {
  constructor(
    private readonly book: PaperBook,
    private readonly terms: PaperTerms,
    private readonly market: PaperMarket,
  ) {}

  /** Prices moved: ends of positions first, then beginnings, and a stop-out where the margin does not hold. */
  moved(instruments: ReadonlySet<Instrument>, at: Instant): void {
    const { positions, orders } = this.book;
    for (const position of positions) if (instruments.has(position.instrument)) this.guard(position, at);
    for (const order of orders) if (instruments.has(order.instrument)) this.trigger(order, at);
    this.stopOut(at);
  }

  /** A stop loss closes a position at the market, a take profit at no worse than its price. */
  private guard(position: PaperPosition, at: Instant): void {
    const { side, volumeLots, stopLoss, takeProfit, contract } = position;
    const market = this.exitOf(position);
    if (market === null) return;
    const { quote, price, rate } = market;
    const exit = opposite(side);
    const close = (how: Pick<PaperClosing, 'reason' | 'price'>): void =>
      this.book.close(position, { volumeLots, rate, request: this.book.number(), at, ...how });
    if (stopLoss !== null && isReached({ side: exit, kind: 'stop', price: stopLoss }, quote))
      return close({ reason: 'stop-loss', price });
    if (takeProfit !== null && isReached({ side: exit, kind: 'limit', price: takeProfit }, quote))
      return close({ reason: 'take-profit', price: limitPrice(exit, volumeLots, takeProfit, quote, contract.digits) });
    this.trail(position, quote);
  }

  /** The stop loss follows the price where that is better, and never goes back. */
  private trail(position: PaperPosition, quote: Quote): void {
    const { side, stopLoss, trailingPoints, contract } = position;
    if (trailingPoints === null) return;
    const distance = pointsOf(trailingPoints, contract.digits);
    const followed = add(closingPrice(side, quote), side === 'buy' ? negate(distance) : distance);
    const gain = stopLoss === null ? null : compare(followed, stopLoss);
    if (gain === null || (side === 'buy' ? gain > 0 : gain < 0)) this.book.change(position, { stopLoss: followed });
  }

  /** An order whose price is met is told once more before it goes: without a position of it, its trigger failed. */
  private trigger(order: PaperOrder, at: Instant): void {
    const { number, instrument, contract, side, kind, volumeLots, price, comment } = order;
    const { stopLoss, takeProfit, trailingPoints } = order;
    const quote = this.market.live(instrument);
    if (quote === null || !isReached(order, quote) || (order.expiresAt !== null && order.expiresAt <= at)) return;
    const openPrice =
      kind === 'limit'
        ? limitPrice(side, volumeLots, price, quote, contract.digits)
        : marketPrice(side, volumeLots, quote, contract.digits);
    const terms = { instrument, contract, side, volumeLots, openPrice, stopLoss, takeProfit, trailingPoints, comment };
    const opening = openingOf({ ...terms, origin: number, openedAt: at }, this.book, this.terms, this.market);
    if (!opening.ok && opening.error === 'off-quotes') return; // nothing says what it would cost: it waits
    this.book.put(order);
    this.book.remove(number);
    if (opening.ok) this.book.open(opening.value);
  }

  /** The worst first, and again, until the margin holds; what has no live price waits for one. */
  private stopOut(at: Instant): void {
    const { stopOutPercent, currency } = this.terms;
    for (;;) {
      const figures = figuresOf(this.book.account, this.market, currency);
      if (figures === null || !isStoppedOut(figures, stopOutPercent)) return;
      const [worst] = this.book.positions
        .flatMap((position) => {
          const exit = this.exitOf(position);
          return exit === null ? [] : [{ position, ...exit, profit: this.profitOf(position, exit) }];
        })
        .sort((one, two) => compare(one.profit, two.profit));
      if (!worst) return;
      const { position, price, rate } = worst;
      const { volumeLots } = position;
      this.book.close(position, { volumeLots, price, rate, reason: 'stop-out', request: this.book.number(), at });
    }
  }

  /** What a position would end at now; null while nothing live says so. */
  private exitOf(position: PaperPosition) {
    const { instrument, side, volumeLots, contract } = position;
    const quote = this.market.live(instrument);
    const rate = this.market.bookedRates.rate(contract.quoteCurrency, this.terms.currency);
    if (quote === null || rate === null) return null;
    return { quote, rate, price: marketPrice(opposite(side), volumeLots, quote, contract.digits) };
  }

  private profitOf(position: PaperPosition, { price, rate }: Pick<PaperClosing, 'price' | 'rate'>) {
    return convert(grossProfit(position, price), rate, moneyDigits(this.terms.currency));
  }
}
