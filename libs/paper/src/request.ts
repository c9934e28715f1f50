import { tokenOf } from '@core/contracts/order-token';
import type { Decimal, Instant, Instrument, OrderKind, Side } from '@core/contracts/primitives';
import { unreachable } from '@core/kernel/unreachable';
import type { BookRequest, BrokerBook } from '@core/projections/broker-book/state';

interface Levels {
  readonly stopLoss: Decimal | null;
  readonly takeProfit: Decimal | null;
}

/** A trailing stop that is not named stays as it is. */
interface Change extends Levels {
  readonly trailingPoints?: number | null | undefined;
}

export interface PaperOrderRequest extends Levels {
  readonly is: 'order';
  readonly instrument: Instrument;
  readonly side: Side;
  readonly kind: OrderKind;
  readonly volumeLots: Decimal;
  /** Null for a market order. */
  readonly price: Decimal | null;
  readonly trailingPoints: number | null;
  readonly expiresAt: Instant | null;
  readonly comment: string | null;
}

/** What may be asked of the exchange; positions and orders go by its own numbers. */
export type PaperRequest =
  | PaperOrderRequest
  | { readonly is: 'close'; readonly position: string; readonly volumeLots: Decimal }
  | { readonly is: 'cancel'; readonly order: string }
  | ({ readonly is: 'protect'; readonly position: string } & Change)
  | ({
      readonly is: 'amend';
      readonly order: string;
      readonly price: Decimal;
      readonly expiresAt: Instant | null;
    } & Change);

/** A request of the log as the exchange takes it; null where the book does not have any more what it is about. */
export function paperRequestOf({ ask }: BookRequest, { numbers }: BrokerBook): PaperRequest | null {
  switch (ask.type) {
    case 'OrderRequested': {
      const { orderId, instrument, side, kind, volumeLots, price, stopLoss, takeProfit, expiresAt } = ask.data;
      const terms = { instrument, side, kind, volumeLots, price, stopLoss, takeProfit, expiresAt };
      const { trailingPoints = null } = ask.data;
      return { is: 'order', ...terms, trailingPoints, comment: tokenOf(orderId) };
    }
    case 'CloseRequested': {
      const position = numbers[ask.data.positionId];
      return position === undefined ? null : { is: 'close', position, volumeLots: ask.data.volumeLots };
    }
    case 'CancellationRequested': {
      const order = numbers[ask.data.orderId];
      return order === undefined ? null : { is: 'cancel', order };
    }
    case 'AmendmentRequested': {
      const { terms } = ask.data;
      const { stopLoss, takeProfit, trailingPoints } = terms;
      const protection = { stopLoss, takeProfit, trailingPoints };
      if (terms.target === 'position') {
        const position = numbers[terms.positionId];
        return position === undefined ? null : { is: 'protect', position, ...protection };
      }
      const order = numbers[terms.orderId];
      const { price, expiresAt } = terms;
      return order === undefined ? null : { is: 'amend', order, price, expiresAt, ...protection };
    }
    default:
      return unreachable(ask);
  }
}
