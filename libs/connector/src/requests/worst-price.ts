import type { NotSentCause } from '@core/contracts/events/request';
import { isWorseThan } from '@core/contracts/market/slippage';
import type { Decimal } from '@core/contracts/primitives';
import type { BookRequest } from '@core/projections/broker-book/state';
import type { Prices } from '../broker-adapter.ts';

/** Whether a request is meant for the market of now: an order without a price of its own, or the close before one. */
export const isForNow = ({ ask }: BookRequest): boolean =>
  ask.type === 'OrderRequested'
    ? ask.data.kind === 'market'
    : ask.type === 'CloseRequested' && ask.data.reversedBy !== undefined;

/** What the market offers an order that has a worst price; undefined for every other request. Null: nobody knows. */
export function offeredPrice({ ask }: BookRequest, prices: Prices): Decimal | null | undefined {
  if (ask.type !== 'OrderRequested' || ask.data.worstPrice === undefined) return undefined;
  return prices(ask.data.instrument, ask.data.side);
}

/** Why an order with a worst price must not go to the broker as the market is now; null where nothing speaks against it. */
export function slippageOf(request: BookRequest, prices: Prices): NotSentCause | null {
  const price = offeredPrice(request, prices);
  const { ask } = request;
  if (price === undefined || ask.type !== 'OrderRequested' || ask.data.worstPrice === undefined) return null;
  if (price === null) return 'price-unknown';
  return isWorseThan(ask.data.side, price, ask.data.worstPrice) ? 'price-moved' : null;
}
