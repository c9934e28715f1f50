import type { BrokerExecution, BrokerOrder, BrokerPosition } from '../broker-words.ts';

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
export type BookedOrder = Mutable<BrokerOrder> & { lastModified: number };
export type BookedPosition = Mutable<BrokerPosition>;

export interface Ticket {
  readonly instrument: string;
  readonly side: string;
  readonly type: string;
  readonly qty: number;
  readonly limitPrice?: number;
  readonly stopPrice?: number;
  readonly stopLoss?: number;
  readonly takeProfit?: number;
}

const opposite = (side: string): string => (side === 'buy' ? 'sell' : 'buy');

/** The book of one hedging account: orders, brackets, positions, and what was executed. Prices come with each call. */
export class ReferenceBook {
  readonly orders: BookedOrder[] = [];
  readonly positions: BookedPosition[] = [];
  readonly executions: BrokerExecution[] = [];
  private last = 0;

  constructor(private readonly second: () => number) {}

  place(ticket: Ticket, price: number): BookedOrder {
    const { stopLoss, takeProfit, ...rest } = ticket;
    const order = this.add({ ...rest, id: this.id('o'), status: 'working' });
    this.setBrackets(order, 'order', stopLoss, takeProfit);
    if (order.type === 'market') this.fill(order, price);
    return order;
  }

  modify(order: BookedOrder, changes: Partial<Ticket>): void {
    for (const name of ['qty', 'limitPrice', 'stopPrice'] as const) {
      const value = changes[name];
      if (value !== undefined) order[name] = value;
    }
    this.touch(order);
    if (order.parentId === undefined) this.setBrackets(order, 'order', changes.stopLoss, changes.takeProfit);
  }

  cancel(order: BookedOrder): void {
    this.end(order, 'cancelled');
    for (const bracket of this.bracketsOf(order.id)) this.end(bracket, 'cancelled');
  }

  setPositionBrackets(position: BookedPosition, stopLoss?: number, takeProfit?: number): void {
    this.setBrackets(position, 'position', stopLoss, takeProfit);
  }

  close(position: BookedPosition, amount: number, price: number): BookedOrder {
    const { instrument, side } = position;
    const order = this.add({
      id: this.id('o'),
      instrument,
      side: opposite(side),
      type: 'market',
      qty: amount,
      status: 'working',
    });
    this.execute(order, price, position.id, true);
    position.qty -= amount;
    for (const bracket of this.bracketsOf(position.id)) {
      if (position.qty === 0) this.end(bracket, 'cancelled');
      else bracket.qty = position.qty;
    }
    return order;
  }

  /** Closes it, and opens the same the other way. */
  reverse(position: BookedPosition, price: number): void {
    const { instrument, side, qty } = position;
    this.close(position, qty, price);
    this.place({ instrument, side: opposite(side), type: 'market', qty }, price);
  }

  bracketsOf(parentId: string): readonly BookedOrder[] {
    return this.orders.filter((order) => order.parentId === parentId && !isFinal(order));
  }

  private fill(order: BookedOrder, price: number): void {
    const { instrument, side, qty } = order;
    const position = { id: this.id('p'), instrument, side, qty, avgPrice: price, unrealizedPl: 0 };
    this.positions.push(position);
    this.execute(order, price, position.id, false);
    for (const bracket of this.bracketsOf(order.id)) {
      Object.assign(bracket, { status: 'working', parentType: 'position', parentId: position.id });
      this.touch(bracket);
    }
  }

  private execute(order: BookedOrder, price: number, positionId: string, isClose: boolean): void {
    this.end(order, 'filled');
    Object.assign(order, { filledQty: order.qty, avgPrice: price });
    const { id: orderId, instrument, side, qty } = order;
    const what = { id: this.id('e'), orderId, instrument, side, qty, price, isClose, positionId };
    this.executions.push({ ...what, time: this.second() } as BrokerExecution);
  }

  private setBrackets(
    parent: BookedOrder | BookedPosition,
    parentType: 'order' | 'position',
    stopLoss?: number,
    takeProfit?: number,
  ): void {
    const wanted = { stop: stopLoss, limit: takeProfit };
    for (const type of ['stop', 'limit'] as const) {
      const existing = this.bracketsOf(parent.id).find((bracket) => bracket.type === type);
      const price = wanted[type];
      const priceName = type === 'stop' ? 'stopPrice' : 'limitPrice';
      if (existing && price === undefined) this.end(existing, 'cancelled');
      else if (existing && price !== undefined) Object.assign(existing, { [priceName]: price, qty: parent.qty });
      else if (price !== undefined)
        this.add({
          id: this.id('b'),
          instrument: parent.instrument,
          side: opposite(parent.side),
          type,
          qty: parent.qty,
          status: parentType === 'order' ? 'inactive' : 'working',
          parentId: parent.id,
          parentType,
          [priceName]: price,
        });
    }
  }

  private add(order: BrokerOrder): BookedOrder {
    const booked = { ...order, lastModified: this.second() };
    this.orders.push(booked);
    return booked;
  }

  private end(order: BookedOrder, status: string): void {
    if (isFinal(order)) return;
    order.status = status;
    this.touch(order);
  }

  private touch(order: BookedOrder): void {
    order.lastModified = this.second();
  }

  private id(kind: string): string {
    this.last += 1;
    return `${kind}${this.last}`;
  }
}

export const isFinal = ({ status }: BrokerOrder): boolean => ['filled', 'cancelled', 'rejected'].includes(status);
