import type { Event, EventBody } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples';
import { eurusdTerms } from '@core/contracts/examples';
import { tokenOf } from '@core/contracts/order-token';
import type { OrderId } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import { brokerBook } from '@core/projections/broker-book';
import { AccountTracker, type Now } from './account-tracker.ts';
import type { Fact } from './fact.ts';
import { reconcile, type Read, type Reconciled } from './reconciliation/reconcile.ts';
import { readListedTrade, readStreamedTrade, type Sighting } from '@core/xapi/translate/sighting';
import type { Money } from './facts/balance-facts.ts';

/** The day of every spec, in the broker's clock. */
export const DAY_MS = Date.UTC(2026, 0, 5, 10);

export type WireTrade = Record<string, string | number | boolean | null>;

/** A market position of ours as its first record shows it; wire-behaviour §7, values synthetic. */
const POSITION: WireTrade = {
  cmd: 0,
  order: 500000107,
  digits: 5,
  offset: 0,
  order2: 500000100,
  position: 500000107,
  symbol: 'EURUSD',
  comment: '',
  customComment: null,
  commission: 0,
  storage: 0,
  margin_rate: 0,
  close_price: 1.09652,
  open_price: 1.09654,
  nominalValue: 0,
  profit: -0.2,
  volume: 0.1,
  sl: 0,
  tp: 0,
  closed: false,
  type: 0,
  open_time: DAY_MS,
  close_time: null,
  expiration: null,
  state: 'Modified',
};

export const position = (fields: WireTrade = {}): WireTrade => ({ ...POSITION, ...fields });

/** `t0 Deleted`: stale price and profit, and not closed (wire-behaviour §6, hard rule 2). */
export const positionGone = (fields: WireTrade = {}): WireTrade => position({ ...fields, state: 'Deleted' });

/** The closing deal of a position. */
export const deal = (fields: WireTrade = {}): WireTrade =>
  position({
    order: 73000001,
    order2: 500000400,
    type: 2,
    closed: true,
    close_price: 1.09754,
    profit: 10,
    close_time: DAY_MS + 60_000,
    nominalValue: null,
    ...fields,
  });

/** A buy stop order, T = 500000200. */
export const pending = (fields: WireTrade = {}): WireTrade =>
  position({
    cmd: 4,
    order: 500000200,
    order2: 500000200,
    position: 500000200,
    open_price: 1.1,
    close_price: 0,
    profit: null,
    sl: 1.09,
    tp: 1.12,
    type: 1,
    ...fields,
  });

export const pendingGone = (fields: WireTrade = {}): WireTrade => pending({ ...fields, state: 'Deleted' });

/** The position that the stop order becomes, P = 500000311; it slips past its trigger. */
export const triggered = (fields: WireTrade = {}): WireTrade =>
  position({
    order: 500000311,
    order2: 500000200,
    position: 500000311,
    open_price: 1.10012,
    sl: 1.09,
    tp: 1.12,
    ...fields,
  });

/** The same trade as `getTrades` and `getTradesHistory` list it. */
export const listed = ({ type, state, ...fields }: WireTrade): WireTrade => ({
  ...fields,
  timestamp: DAY_MS,
  open_timeString: '',
  close_timeString: null,
  expirationString: null,
  profit: type === 1 ? 0 : (fields.profit ?? 0),
  ...(state === 'Deleted' ? { closed: true } : {}),
});

export const seen = (data: WireTrade): Sighting => unwrap(readStreamedTrade(data));

const ORDER: OrderId = exampleId(0x0d1);

/** The token that our orders carry. */
export const mark = (orderId: OrderId = ORDER): string => tokenOf(orderId);

const MONEY: Money = {
  balance: '10000',
  credit: '0',
  equity: '10000',
  margin: '0',
  marginFree: '10000',
  marginLevel: '0',
};

/** A desk over the real fold, with a clock to turn and every fact it ever told. */
export class TrackerHarness {
  readonly told: Fact[] = [];
  readonly desk = new AccountTracker({
    account: exampleAccount,
    book: brokerBook.initial(),
    evolve: (book, fact) => brokerBook.evolve(book, asEvent(fact)),
    contractOf: () => eurusdTerms,
    graceMs: 3_000,
    raceMs: 1_000,
  });
  ms = 1_000_000;

  constructor(past: readonly Event[] = [registered()]) {
    for (const event of past) this.desk.learn(event, this.now);
  }

  get now(): Now {
    return { ms: this.ms, at: instantFromMs(DAY_MS + this.ms - 1_000_000) };
  }

  /** Records of the stream, in this order; gives the types of what follows. */
  see(...records: readonly WireTrade[]): string[] {
    return this.note(records.flatMap((record) => this.desk.see(seen(record), this.now)));
  }

  learn(...events: readonly Event[]): string[] {
    return this.note(events.flatMap((event) => this.desk.learn(event, this.now)));
  }

  acknowledge(requestId: string, brokerRequest: number): string[] {
    return this.note(this.desk.acknowledge(requestId, String(brokerRequest), this.now));
  }

  status(order: number, requestStatus: number, fields: { message?: string; customComment?: string } = {}): string[] {
    const status = { brokerRequest: String(order), status: requestStatus, message: null, customComment: null };
    return this.note(this.desk.status({ ...status, ...fields }, this.now));
  }

  balance(balance: Money['balance']): string[] {
    return this.note(this.desk.balance({ ...MONEY, balance, equity: balance }, this.now));
  }

  wait(ms: number): string[] {
    this.ms += ms;
    return this.note(this.desk.tick(this.now));
  }

  read(read: {
    standing?: readonly WireTrade[];
    history?: readonly WireTrade[];
    balance?: Money['balance'];
    /** Kinds of differences that are only listed. */
    observed?: readonly string[];
  }): Reconciled {
    const balance = read.balance ?? this.desk.book.money?.balance ?? MONEY.balance;
    const answer: Read = {
      askedMs: this.ms,
      standing: (read.standing ?? []).map((data) => unwrap(readListedTrade(listed(data)))),
      history: (read.history ?? []).map((data) => unwrap(readListedTrade(listed(data)))),
      money: { ...MONEY, balance },
    };
    const reconciled = reconcile(this.desk, answer, this.now, {
      patience: { settleMs: 30_000, againMs: 5_000 },
      raceMs: 1_000,
      sinceSentMs: () => this.ms - 1_000_000,
      adopts: (kind) => !read.observed?.includes(kind),
    });
    this.note(reconciled.facts);
    return reconciled;
  }

  /** The last thing told of a type. */
  last<Type extends Fact['type']>(type: Type): Fact & EventBody<Type> {
    const fact = this.told.findLast((each) => each.type === type);
    return present(fact, `no ${type} was told`) as Fact & EventBody<Type>;
  }

  private note(facts: readonly Fact[]): string[] {
    this.told.push(...facts);
    return facts.map(({ type }) => type);
  }
}

export const registered = (): Event => anEvent('AccountRegistered', {}, { time: instantFromMs(DAY_MS - 3_600_000) });

/** A market order of ours, sent and not answered. */
export const sent = (data: Partial<EventBody<'OrderRequested'>['data']> = {}): Event[] => [
  registered(),
  anEvent('OrderRequested', {
    orderId: ORDER,
    kind: 'market',
    price: null,
    stopLoss: null,
    takeProfit: null,
    ...data,
  }),
  anEvent('OrderDispatched', { orderId: data.orderId ?? ORDER }),
];

export const sentStop = (): Event[] => sent({ kind: 'stop', price: '1.1', stopLoss: '1.09', takeProfit: '1.12' });

export const asEvent = (fact: Fact): Event => ({
  ...fact,
  schemaversion: 1,
  source: 'xapi-connector@spec',
  subject: exampleAccount,
});

/** Every order the items can come in. */
export function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

function unwrap<Value>(result: { ok: true; value: Value } | { ok: false; error: string }): Value {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}
