import { compare } from '@core/kernel/decimal';
import type { Decimal, OrderKind, Side } from '../primitives.ts';
import type { Quote } from './quote.ts';

/** A price at which something is to happen. */
export interface Trigger {
  readonly side: Side;
  readonly kind: Exclude<OrderKind, 'market'>;
  readonly price: Decimal;
}

/** A buy is reached by the ask and a sell by the bid: limits at their price or better, stops at their price or worse. */
export function isReached({ side, kind, price }: Trigger, { bid, ask }: Pick<Quote, 'bid' | 'ask'>): boolean {
  const distance = side === 'buy' ? compare(ask, price) : compare(price, bid);
  return kind === 'limit' ? distance <= 0 : distance >= 0;
}
