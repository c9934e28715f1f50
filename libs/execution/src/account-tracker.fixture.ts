import type { Event, EventBody } from '@core/contracts/event';
import { anEvent, eurusdTerms, exampleAccount, exampleId, toldAs } from '@core/contracts/examples.fixture';
import { tokenOf } from '@core/contracts/order-token';
import type { RejectionReason } from '@core/contracts/events/request';
import type { ContractTerms, Decimal, Instrument, OrderId } from '@core/contracts/primitives';
import { instantFromMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import { brokerBook } from '@core/projections/broker-book/fold';
import { AccountTracker } from './account-tracker.ts';
import type { Fact } from './fact.ts';
import type { Now } from './knowledge.ts';
import { reconcile, type Reconciled } from './reconciliation/reconcile.ts';
import type {
  AccountFigures,
  BookingReport,
  BrokerSnapshot,
  DealReport,
  OrderReport,
  OutcomeReport,
  PositionReport,
  Report,
} from './report.ts';

/** The day of every spec, in the broker's clock. */
export const DAY_MS = Date.UTC(2026, 0, 5, 10);

/** A market position of ours as it is first reported. */
const POSITION: PositionReport = {
  about: 'position',
  position: '500000107',
  origin: '500000100',
  instrument: 'EURUSD',
  digits: 5,
  side: 'buy',
  volumeLots: '0.1',
  price: '1.09654',
  closePrice: '1.09652',
  stopLoss: null,
  takeProfit: null,
  trailingPoints: null,
  profit: '-0.2',
  commission: '0',
  swap: '0',
  openedAt: instantFromMs(DAY_MS),
  comment: null,
};

export const openPosition = (fields: Partial<PositionReport> = {}): PositionReport => ({ ...POSITION, ...fields });

export const positionGone = (number = POSITION.position): Report => ({ about: 'position-gone', position: number });

/** The closing deal of the position. */
export const deal = (fields: Partial<DealReport> = {}): DealReport => ({
  about: 'deal',
  deal: '73000001',
  position: '500000107',
  request: '500000400',
  instrument: 'EURUSD',
  digits: 5,
  side: 'buy',
  volumeLots: '0.1',
  openPrice: '1.09654',
  closePrice: '1.09754',
  profit: '10',
  commission: '0',
  swap: '0',
  stopLoss: null,
  takeProfit: null,
  reason: 'user',
  openedAt: instantFromMs(DAY_MS),
  closedAt: instantFromMs(DAY_MS + 60_000),
  comment: null,
  ...fields,
});

/** A buy stop order. */
export const pending = (fields: Partial<OrderReport> = {}): OrderReport => ({
  about: 'order',
  order: '500000200',
  instrument: 'EURUSD',
  digits: 5,
  side: 'buy',
  kind: 'stop',
  volumeLots: '0.1',
  price: '1.1',
  stopLoss: '1.09',
  takeProfit: '1.12',
  trailingPoints: null,
  placedAt: instantFromMs(DAY_MS),
  expiresAt: null,
  comment: null,
  ...fields,
});

export const pendingGone = (number = '500000200'): Report => ({ about: 'order-gone', order: number });

/** The position that the stop order becomes; it slips past its trigger. */
export const triggered = (fields: Partial<PositionReport> = {}): PositionReport =>
  openPosition({
    position: '500000311',
    origin: '500000200',
    price: '1.10012',
    stopLoss: '1.09',
    takeProfit: '1.12',
    ...fields,
  });

export const booking = (
  type: BookingReport['operation']['type'],
  delta: BookingReport['operation']['delta'],
): BookingReport => ({
  about: 'booking',
  operation: { type, delta, reference: '900001', comment: 'wire' },
  at: instantFromMs(DAY_MS),
});

const ORDER: OrderId = exampleId(0x0d1);

/** The token that our orders carry. */
export const mark = (orderId: OrderId = ORDER): string => tokenOf(orderId);

const START_MS = 1_000_000;

const FIGURES: AccountFigures = {
  balance: '10000',
  credit: '0',
  equity: '10000',
  margin: '0',
  marginFree: '10000',
  marginLevel: '0',
};

/** A tracker over the real fold, with a clock to turn and every fact it ever told. */
export class TrackerHarness {
  readonly told: Fact[] = [];
  readonly tracker: AccountTracker;
  ms = START_MS;

  constructor(
    past: readonly Event[] = [registeredAccount()],
    contractOf: (instrument: Instrument) => ContractTerms | null = () => eurusdTerms,
  ) {
    this.tracker = new AccountTracker({
      account: exampleAccount,
      book: brokerBook.initial(),
      source: 'connector@spec',
      contractOf,
      graceMs: 3_000,
      raceMs: 1_000,
    });
    for (const event of past) this.tracker.learn(event, this.now);
  }

  get now(): Now {
    return { ms: this.ms, at: instantFromMs(DAY_MS + this.ms - START_MS) };
  }

  /** What the broker says on its own, in this order; gives the types of what follows. */
  see(...reports: readonly Report[]): string[] {
    return this.note(reports.flatMap((report) => this.tracker.report(report, this.now)));
  }

  learn(...events: readonly Event[]): string[] {
    return this.note(events.flatMap((event) => this.tracker.learn(event, this.now)));
  }

  acknowledge(requestId: string, brokerRequest: string): string[] {
    return this.note(this.tracker.acknowledge(requestId, brokerRequest, this.now));
  }

  accepted(brokerRequest: string): string[] {
    return this.outcome({ brokerRequest, comment: null, outcome: { is: 'accepted' } });
  }

  rejected(brokerRequest: string, reason: RejectionReason = 'broker-error'): string[] {
    const outcome = { is: 'rejected', reason, brokerCode: null, text: null } as const;
    return this.outcome({ brokerRequest, comment: null, outcome });
  }

  outcome(report: OutcomeReport): string[] {
    return this.note(this.tracker.outcome(report, this.now));
  }

  balance(balance: Decimal): string[] {
    return this.note(this.tracker.balance({ ...FIGURES, balance, equity: balance }, this.now));
  }

  wait(ms: number): string[] {
    this.ms += ms;
    return this.note(this.tracker.settle(this.now));
  }

  read(read: {
    standing?: BrokerSnapshot['standing'];
    history?: BrokerSnapshot['history'];
    balance?: Decimal;
    /** Kinds of differences that are only listed. */
    observed?: readonly string[];
  }): Reconciled {
    const balance = read.balance ?? this.tracker.book.money?.balance ?? FIGURES.balance;
    const snapshot: BrokerSnapshot = {
      askedMs: this.ms,
      standing: read.standing ?? [],
      history: read.history ?? [],
      money: { ...FIGURES, balance },
    };
    const reconciled = reconcile(this.tracker, snapshot, this.now, {
      patience: { settleMs: 30_000, againMs: 5_000 },
      raceMs: 1_000,
      sinceSentMs: () => this.ms - START_MS,
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
    return facts.map(toldAs);
  }
}

export const registeredAccount = (): Event =>
  anEvent('AccountRegistered', {}, { time: instantFromMs(DAY_MS - 3_600_000) });

/** A market order of ours, sent and not answered. */
export const sent = (data: Partial<EventBody<'OrderRequested'>['data']> = {}): Event[] => [
  registeredAccount(),
  anEvent('OrderRequested', {
    orderId: ORDER,
    kind: 'market',
    price: null,
    stopLoss: null,
    takeProfit: null,
    ...data,
  }),
  anEvent('RequestDispatched', { requestId: data.orderId ?? ORDER }),
];

export const sentStop = (): Event[] => sent({ kind: 'stop', price: '1.1', stopLoss: '1.09', takeProfit: '1.12' });

/** Every order the items can come in. */
export function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
