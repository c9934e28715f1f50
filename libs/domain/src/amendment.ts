import type { Decide } from './decision.ts';
import { amendOrder, type Orders } from './order.ts';
import { amendPosition, type Positions } from './position.ts';
import type { Requests } from './request.ts';

/** What may be changed: a working order, or the stop loss and take profit of a position. */
interface Known {
  readonly orders: Orders;
  readonly positions: Positions;
  readonly requests: Requests;
}

export const amend: Decide<'Amend', Known> = (known, { commandid, data: { terms, requester } }, at) =>
  terms.target === 'order'
    ? amendOrder(known, commandid, { terms, requester }, at)
    : amendPosition(known, commandid, { terms, requester }, at);
