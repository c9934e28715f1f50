import { BoundedMap } from '@core/kernel/bounded-map';
import { z } from 'zod';
import { BrokerTime, Centilots, Cents, Points } from './units.ts';

/** Of orders, positions and deals. */
export const OrderNumber = z.int().min(0).max(1_000_000_000_000);

/** What accounts are kept in: prices lead from one to the other. */
export const AccountCurrency = z.enum(['USD', 'EUR', 'GBP', 'CHF', 'PLN', 'JPY']);
export type AccountCurrency = z.output<typeof AccountCurrency>;
/** 100 is 1:100 of what an instrument asks for; 200 halves it. */
export const Leverage = z.int().min(1).max(1_000);

/** A position stands under one number for its whole life; `request` is the order that it came from. */
export const SimulatedPosition = z.strictObject({
  id: OrderNumber,
  request: OrderNumber,
  userId: z.string(),
  symbol: z.string(),
  isBuy: z.boolean(),
  volume: Centilots,
  openPrice: Points,
  openTime: BrokerTime,
  sl: Points,
  tp: Points,
  /** Distance in points at which the stop loss follows the price; 0 not at all. */
  offset: Points,
  comment: z.string(),
  customComment: z.string().nullable(),
  /** 0 or negative. */
  commission: Cents,
  /** Whether the commission has left the balance already, or leaves it at the close. */
  commissionBooked: z.boolean(),
  storage: Cents,
  margin: Cents,
  /** What the last record about it said: the record that deletes it says it again, stale as it is. */
  shownPrice: Points,
  shownProfit: Cents,
});
export type SimulatedPosition = z.output<typeof SimulatedPosition>;

/** Stands until it triggers, is deleted or expires. Its number is that of the request that placed it. */
export const PendingOrder = z.strictObject({
  id: OrderNumber,
  userId: z.string(),
  symbol: z.string(),
  /** 2 … 5. */
  cmd: z.int().min(2).max(5),
  volume: Centilots,
  price: Points,
  sl: Points,
  tp: Points,
  offset: Points,
  /** Null stands until cancelled. */
  expiration: BrokerTime.nullable(),
  comment: z.string(),
  customComment: z.string().nullable(),
  openTime: BrokerTime,
});
export type PendingOrder = z.output<typeof PendingOrder>;

/** What a position, or a part of one, closed with. */
export const Deal = z.strictObject({
  /** Unique among deals only: it may equal another order's number. */
  id: OrderNumber,
  /** The request, or the server's own order, that closed it. */
  closedBy: OrderNumber,
  position: OrderNumber,
  symbol: z.string(),
  isBuy: z.boolean(),
  volume: Centilots,
  openPrice: Points,
  closePrice: Points,
  openTime: BrokerTime,
  closeTime: BrokerTime,
  sl: Points,
  tp: Points,
  offset: Points,
  comment: z.string(),
  customComment: z.string().nullable(),
  profit: Cents,
  commission: Cents,
  storage: Cents,
});
export type Deal = Readonly<z.output<typeof Deal>>;

/** A deposit (positive) or withdrawal (negative) of balance, or a change of credit. */
export const CashOperation = z.strictObject({
  id: OrderNumber,
  kind: z.enum(['balance', 'credit']),
  amount: Cents,
  comment: z.string(),
  time: BrokerTime,
});
export type CashOperation = Readonly<z.output<typeof CashOperation>>;

/** How a request stands: what `tradeTransactionStatus` answers. */
export const RequestState = z.strictObject({
  order: OrderNumber,
  requestStatus: z.int(),
  message: z.string().nullable(),
  customComment: z.string().nullable(),
  price: Points,
  digits: z.int().min(0).max(15),
});
export type RequestState = z.output<typeof RequestState>;

/** What an account is opened with. */
export interface AccountTerms {
  readonly userId: string;
  readonly password: string;
  readonly currency: AccountCurrency;
  readonly balance: Cents;
  readonly leverage: number;
}

export interface SimulatedAccount {
  readonly userId: string;
  password: string;
  readonly currency: AccountCurrency;
  readonly leverage: number;
  balance: Cents;
  credit: Cents;
  loginDisabled: boolean;
  readonly positions: Map<number, SimulatedPosition>;
  readonly pendings: Map<number, PendingOrder>;
  readonly requests: BoundedMap<number, RequestState>;
  readonly deals: Deal[];
  readonly cash: CashOperation[];
}

export const openAccount = ({ userId, password, currency, balance, leverage }: AccountTerms): SimulatedAccount => ({
  userId,
  password,
  currency,
  leverage,
  balance,
  credit: 0,
  loginDisabled: false,
  positions: new Map(),
  pendings: new Map(),
  requests: requestsOf([]),
  deals: [],
  cash: [],
});

/** Requests beyond this many are forgotten, oldest first: nobody asks for their status any more. */
const MAX_REQUESTS = 5_000;
/** Likewise the oldest deals and cash operations. */
const MAX_HISTORY = 20_000;

export function requestsOf(states: Iterable<RequestState>): BoundedMap<number, RequestState> {
  const requests = new BoundedMap<number, RequestState>(MAX_REQUESTS);
  for (const state of states) requests.set(state.order, state);
  return requests;
}

export function addToHistory<Entry>(history: Entry[], entry: Entry): void {
  history.push(entry);
  if (history.length > MAX_HISTORY) history.splice(0, history.length - MAX_HISTORY);
}
