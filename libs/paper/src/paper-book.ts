import { convert, type ConversionRate } from '@core/contracts/market/conversion';
import { grossProfit, moneyDigits } from '@core/contracts/market/valuation';
import type { CloseReason } from '@core/contracts/events/position';
import type { Currency, Decimal, Instant } from '@core/contracts/primitives';
import { add, divide, multiply, subtract, sum } from '@core/kernel/decimal';
import type { Report, StandingReport } from '@core/execution/report';
import type { PaperAccount, PaperOrder, PaperPosition } from './account.ts';
import type { PaperMarket } from './paper-market.ts';
import { orderReport, positionReport } from './reports.ts';

/** A position that is to stand: all of it but its number. */
export type PaperOpening = Omit<PaperPosition, 'number'>;

export interface PaperClosing {
  readonly volumeLots: Decimal;
  readonly price: Decimal;
  /** From the instrument's quote currency to the account's. */
  readonly rate: ConversionRate;
  readonly reason: CloseReason;
  /** The number of what asked for it. */
  readonly request: string;
  readonly at: Instant;
}

/**
 * The books of one account: changes what stands and what is owned, without asking whether it may be, and reports each
 * change. The balance is the sum of what was booked and what deals brought, to the last digit.
 */
export class PaperBook {
  private told: Report[] = [];

  constructor(
    readonly account: PaperAccount,
    readonly currency: Currency,
    private readonly market: PaperMarket,
  ) {}

  /** As they were numbered. */
  get positions(): readonly PaperPosition[] {
    return Object.values(this.account.positions);
  }

  get orders(): readonly PaperOrder[] {
    return Object.values(this.account.orders);
  }

  /** The next of the account's numbers, which is never given again. */
  number(): string {
    this.account.numbers += 1;
    return String(this.account.numbers);
  }

  /** Money that no trade moved. */
  cash(type: 'deposit' | 'credit', delta: Decimal, at: Instant): void {
    const { account } = this;
    if (type === 'credit') account.credit = add(account.credit, delta);
    else account.balance = add(account.balance, delta);
    this.told.push({ about: 'booking', operation: { type, delta, reference: this.number(), comment: null }, at });
  }

  open(opening: PaperOpening): void {
    const position = { number: this.number(), ...opening };
    this.account.positions[position.number] = position;
    this.show(position);
  }

  change(
    position: PaperPosition,
    to: Partial<Pick<PaperPosition, 'stopLoss' | 'takeProfit' | 'trailingPoints' | 'swap'>>,
  ): void {
    Object.assign(position, to);
    this.show(position);
  }

  /** A part takes its share of what the position holds back and costs, and the last part what is left of it. */
  close(position: PaperPosition, { volumeLots, price: closePrice, rate, reason, request, at }: PaperClosing): void {
    const { account, told } = this;
    const digits = moneyDigits(this.currency);
    const isWhole = volumeLots === position.volumeLots;
    const share = (of: Decimal): Decimal => divide(multiply(of, volumeLots), position.volumeLots, digits);
    const [commission, swap] = [share(position.commission), share(position.swap)];
    const profit = convert(grossProfit({ ...position, volumeLots }, closePrice), rate, digits);
    account.balance = sum([account.balance, profit, commission, swap]);

    const { number, instrument, contract, side, openPrice, stopLoss, takeProfit, openedAt, comment } = position;
    if (isWhole) {
      delete account.positions[number];
      told.push({ about: 'position-gone', position: number });
    }
    told.push({
      ...{ about: 'deal', deal: this.number(), position: number, request, reason, comment },
      ...{ instrument, digits: contract.digits, side, volumeLots, openPrice, closePrice, stopLoss, takeProfit },
      ...{ profit, commission, swap, openedAt, closedAt: at },
    });
    if (isWhole) return;
    position.margin = subtract(position.margin, share(position.margin));
    position.commission = subtract(position.commission, commission);
    position.volumeLots = subtract(position.volumeLots, volumeLots);
    this.change(position, { swap: subtract(position.swap, swap) });
  }

  /** A new order, or new terms of one that stands. */
  put(order: PaperOrder): void {
    this.account.orders[order.number] = order;
    this.told.push(orderReport(order));
  }

  /** Filled, cancelled, expired or failed: gone is gone. */
  remove(order: string): void {
    delete this.account.orders[order];
    this.told.push({ about: 'order-gone', order });
  }

  standing(): StandingReport[] {
    const positions = this.positions.map((position) => positionReport(position, this.market, this.currency));
    return [...positions, ...this.orders.map(orderReport)];
  }

  /** What became of the account since the last call, in its order. */
  drain(): Report[] {
    return this.told.splice(0);
  }

  private show(position: PaperPosition): void {
    this.told.push(positionReport(position, this.market, this.currency));
  }
}
