import { BoundedMap } from '@core/kernel/bounded-map';
import type { Centilots, Cents, Points } from './units.ts';

/** A position stands under one number for its whole life; `request` is the order that it came from. */
export interface SimulatedPosition {
  id: number;
  request: number;
  readonly userId: string;
  readonly symbol: string;
  readonly isBuy: boolean;
  volume: Centilots;
  readonly openPrice: Points;
  readonly openTime: number;
  sl: Points;
  tp: Points;
  /** Distance in points at which the stop loss follows the price; 0 not at all. */
  offset: number;
  comment: string;
  customComment: string | null;
  /** 0 or negative. */
  commission: Cents;
  /** Whether the commission has left the balance already, or leaves it at the close. */
  readonly commissionBooked: boolean;
  storage: Cents;
  margin: Cents;
  /** What the last record about it said: the record that deletes it says it again, stale as it is. */
  shownPrice: Points;
  shownProfit: Cents;
}

/** Stands until it triggers, is deleted or expires. Its number is that of the request that placed it. */
export interface PendingOrder {
  readonly id: number;
  readonly userId: string;
  readonly symbol: string;
  /** 2 … 5. */
  readonly cmd: number;
  readonly volume: Centilots;
  price: Points;
  sl: Points;
  tp: Points;
  offset: number;
  /** Null stands until cancelled. */
  expiration: number | null;
  comment: string;
  customComment: string | null;
  readonly openTime: number;
}

/** What a position, or a part of one, closed with. */
export interface Deal {
  /** Unique among deals only: it may equal another order's number. */
  readonly id: number;
  /** The request, or the server's own order, that closed it. */
  readonly closedBy: number;
  readonly position: number;
  readonly symbol: string;
  readonly isBuy: boolean;
  readonly volume: Centilots;
  readonly openPrice: Points;
  readonly closePrice: Points;
  readonly openTime: number;
  readonly closeTime: number;
  readonly sl: Points;
  readonly tp: Points;
  readonly offset: number;
  readonly comment: string;
  readonly customComment: string | null;
  readonly profit: Cents;
  readonly commission: Cents;
  readonly storage: Cents;
}

/** A deposit (positive) or withdrawal (negative) of balance, or a change of credit. */
export interface CashOperation {
  readonly id: number;
  readonly kind: 'balance' | 'credit';
  readonly amount: Cents;
  readonly comment: string;
  readonly time: number;
}

/** How a request stands: what `tradeTransactionStatus` answers. */
export interface RequestState {
  readonly order: number;
  requestStatus: number;
  message: string | null;
  readonly customComment: string | null;
  readonly price: Points;
  readonly digits: number;
}

/** What an account is opened with. */
export interface AccountTerms {
  readonly userId: string;
  readonly password: string;
  readonly currency: string;
  readonly balance: Cents;
  /** 100 is 1:100 of what an instrument asks for; 200 halves it. */
  readonly leverage: number;
}

export interface SimulatedAccount {
  readonly userId: string;
  password: string;
  readonly currency: string;
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
