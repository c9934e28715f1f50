import { RequestStatus } from '@core/xapi/wire/enums';
import { errorCodes } from '@core/xapi/wire/error-codes';
import {
  requestsOf,
  type SimulatedAccount,
  type PendingOrder,
  type SimulatedPosition,
  type RequestState,
} from './account.ts';
import type { SimulatedBroker } from './simulated-broker.ts';
import type { IdCounters, Ids } from './ids.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Market } from './market.ts';
import type { Points } from './units.ts';

type StoredAccount = Omit<SimulatedAccount, 'positions' | 'pendings' | 'requests'> & {
  readonly positions: readonly SimulatedPosition[];
  readonly pendings: readonly PendingOrder[];
  readonly requests: readonly RequestState[];
};

/** What a broker must still know after a restart: everything but its connections. Plain data, written as JSON. */
export interface BrokerState {
  readonly version: 1;
  readonly ids: IdCounters;
  readonly accounts: readonly StoredAccount[];
  readonly prices: Readonly<Record<string, { readonly bid: Points; readonly ask: Points; readonly held: boolean }>>;
  readonly journal: readonly JournalEntry[];
}

interface Parts {
  readonly broker: SimulatedBroker;
  readonly market: Market;
  readonly ids: Ids;
  readonly journal: Journal;
}

export function capture({ broker, market, ids, journal }: Parts): BrokerState {
  return {
    version: 1,
    ids: ids.counters,
    accounts: [...broker.accounts.values()].map((account) => ({
      ...account,
      positions: [...account.positions.values()],
      pendings: [...account.pendings.values()],
      requests: [...account.requests.values()],
    })),
    prices: Object.fromEntries(
      [...market.all()].map(({ instrument, bid, ask, held }) => [instrument.symbol, { bid, ask, held }]),
    ),
    journal: journal.all(),
  };
}

/** Takes over accounts and prices, without a record. Instruments that no longer exist must not be held by anyone. */
export function restore({ broker, market, journal }: Omit<Parts, 'ids'>, state: BrokerState, now: number): void {
  for (const [symbol, { bid, ask, held }] of Object.entries(state.prices)) {
    if (market.find(symbol)) market.set(symbol, bid, ask, now).held = held;
  }
  for (const stored of state.accounts) {
    const account: SimulatedAccount = {
      ...stored,
      deals: [...stored.deals],
      cash: [...stored.cash],
      positions: byId(stored.positions),
      pendings: byId(stored.pendings),
      requests: requestsOf(stored.requests.map(withOutcome)),
    };
    broker.accounts.set(account.userId, account);
    broker.book.adopt(account);
  }
  journal.restore(state.journal);
}

/** What was on its way when the broker went down was not carried out. */
const withOutcome = (request: RequestState): RequestState =>
  request.requestStatus === RequestStatus.pending
    ? { ...request, requestStatus: RequestStatus.rejected, message: errorCodes.BE019 }
    : request;

const byId = <Item extends { readonly id: number }>(items: readonly Item[]): Map<number, Item> =>
  new Map(items.map((item) => [item.id, item]));
