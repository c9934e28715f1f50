import type { z } from 'zod';
import { actions, type ActionName } from './actions.ts';
import type { BrokerControl } from './broker-control.ts';

/** Reads an action's input and does it; gives what the deed gives. Throws zod's error on input that does not fit. */
export type Perform = (control: BrokerControl, input: unknown) => unknown;

const performing =
  <Schema extends z.ZodType>(
    schema: Schema,
    deed: (control: BrokerControl, action: z.output<Schema>) => unknown,
  ): Perform =>
  (control, input) =>
    deed(control, schema.parse(input));

export const performers: Readonly<Record<ActionName, Perform>> = {
  setPrice: performing(actions.setPrice, (control, action) => control.setPrice(action)),
  movePrice: performing(actions.movePrice, (control, action) => control.movePrice(action)),
  holdPrice: performing(actions.holdPrice, (control, action) => control.holdPrice(action)),
  hit: performing(actions.hit, (control, action) => control.hit(action)),
  openPosition: performing(actions.openPosition, (control, action) => control.openPosition(action)),
  closePosition: performing(actions.closePosition, (control, action) => control.closePosition(action)),
  modifyPosition: performing(actions.modifyPosition, (control, action) => control.modifyPosition(action)),
  placeOrder: performing(actions.placeOrder, (control, action) => control.placeOrder(action)),
  cancelOrder: performing(actions.cancelOrder, (control, action) => control.cancelOrder(action)),
  cash: performing(actions.cash, (control, action) => control.cash(action)),
  resync: performing(actions.resync, (control, action) => control.resync(action)),
  loginDisabled: performing(actions.loginDisabled, (control, action) => control.loginDisabled(action)),
  addAccount: performing(actions.addAccount, (control, action) => control.addAccount(action)),
  disconnect: performing(actions.disconnect, (control, action) => control.disconnect(action)),
  endSession: performing(actions.endSession, (control, action) => control.endSession(action)),
  raw: performing(actions.raw, (control, action) => control.raw(action)),
  tickBurst: performing(actions.tickBurst, (control, action) => control.tickBurst(action)),
  news: performing(actions.news, (control, action) => control.news(action)),
  rollover: performing(actions.rollover, (control, action) => control.rollover(action)),
};
