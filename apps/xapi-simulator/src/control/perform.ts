import type { z } from 'zod';
import { actions, type ActionName } from './actions.ts';
import type { Hand } from './hand.ts';

/** Reads an action's input and does it; gives what the deed gives. Throws zod's error on input that does not fit. */
export type Perform = (hand: Hand, input: unknown) => unknown;

const performing =
  <Schema extends z.ZodType>(schema: Schema, deed: (hand: Hand, action: z.output<Schema>) => unknown): Perform =>
  (hand, input) =>
    deed(hand, schema.parse(input));

export const performers: Readonly<Record<ActionName, Perform>> = {
  setPrice: performing(actions.setPrice, (hand, action) => hand.setPrice(action)),
  movePrice: performing(actions.movePrice, (hand, action) => hand.movePrice(action)),
  holdPrice: performing(actions.holdPrice, (hand, action) => hand.holdPrice(action)),
  hit: performing(actions.hit, (hand, action) => hand.hit(action)),
  openPosition: performing(actions.openPosition, (hand, action) => hand.openPosition(action)),
  closePosition: performing(actions.closePosition, (hand, action) => hand.closePosition(action)),
  modifyPosition: performing(actions.modifyPosition, (hand, action) => hand.modifyPosition(action)),
  placeOrder: performing(actions.placeOrder, (hand, action) => hand.placeOrder(action)),
  cancelOrder: performing(actions.cancelOrder, (hand, action) => hand.cancelOrder(action)),
  cash: performing(actions.cash, (hand, action) => hand.cash(action)),
  resync: performing(actions.resync, (hand, action) => hand.resync(action)),
  loginDisabled: performing(actions.loginDisabled, (hand, action) => hand.loginDisabled(action)),
  addAccount: performing(actions.addAccount, (hand, action) => hand.addAccount(action)),
  disconnect: performing(actions.disconnect, (hand, action) => hand.disconnect(action)),
  endSession: performing(actions.endSession, (hand, action) => hand.endSession(action)),
  raw: performing(actions.raw, (hand, action) => hand.raw(action)),
  tickBurst: performing(actions.tickBurst, (hand, action) => hand.tickBurst(action)),
  news: performing(actions.news, (hand, action) => hand.news(action)),
  rollover: performing(actions.rollover, (hand, action) => hand.rollover(action)),
};
