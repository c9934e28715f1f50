import { RequestStatus } from '@core/xapi/wire/enums';
import { errorCodes } from '@core/xapi/wire/error-codes';
import { z } from 'zod';
import {
  AccountCurrency,
  CashOperation,
  Deal,
  Leverage,
  PendingOrder,
  RequestState,
  requestsOf,
  SimulatedPosition,
  type SimulatedAccount,
} from './account.ts';
import type { SimulatedBroker } from './simulated-broker.ts';
import { IdCounters, type Ids } from './ids.ts';
import { instruments } from './instruments.ts';
import { JournalEntry, type Journal } from './journal.ts';
import type { Market } from './market.ts';
import { Cents, Points } from './units.ts';

const SYMBOLS = new Set(instruments.map(({ symbol }) => symbol));
const Price = Points.min(1);

const StoredAccount = z
  .strictObject({
    userId: z.string(),
    password: z.string(),
    currency: AccountCurrency,
    leverage: Leverage,
    balance: Cents,
    credit: Cents,
    loginDisabled: z.boolean(),
    positions: z.array(SimulatedPosition),
    pendings: z.array(PendingOrder),
    requests: z.array(RequestState),
    deals: z.array(Deal),
    cash: z.array(CashOperation),
  })
  .refine(({ userId, positions, pendings }) => [...positions, ...pendings].every((held) => held.userId === userId), {
    message: 'it holds what is another account’s',
  })
  .refine(
    ({ positions, pendings, deals }) =>
      [...positions, ...pendings, ...deals].every(({ symbol }) => SYMBOLS.has(symbol)),
    { message: 'it holds an instrument that no longer exists' },
  );

/** What a broker must still know after a restart: everything but its connections. Plain data, written as JSON. */
export const BrokerState = z.strictObject({
  version: z.literal(1),
  ids: IdCounters,
  accounts: z.array(StoredAccount),
  prices: z.record(z.string(), z.strictObject({ bid: Price, ask: Price, held: z.boolean() })),
  journal: z.array(JournalEntry).readonly(),
});
export type BrokerState = z.output<typeof BrokerState>;

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

/** Takes over accounts and prices, without a record. */
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
