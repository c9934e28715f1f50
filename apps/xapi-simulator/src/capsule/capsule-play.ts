// Over 300 lines with its table: one place says what makes each recorded fact come about again.
import { statedBy, type RecordedEvent } from '@core/contracts/event';
import type {
  AccountId,
  ContractTerms,
  Decimal,
  Instrument,
  OrderId,
  RequestId,
  Side,
  Uuid,
} from '@core/contracts/primitives';
import { opposite } from '@core/contracts/primitives';
import type { Fact } from '@core/execution/fact';
import { toMs } from '@core/kernel/instant';
import { unreachable } from '@core/kernel/unreachable';
import type { Capsule } from '@core/operations/capsule';
import { ActionRefused } from '../control/broker-control.ts';
import { AccountCurrency, Leverage } from '../core/account.ts';
import { isBrokerFact, type BrokerFact } from './compare-facts.ts';
import { cents, PlayedAccount } from './played-account.ts';
import { RecordedMarket } from './recorded-market.ts';
import { Unplayable } from './unplayable.ts';

const BEFORE_MS = 60_000;
const USUAL_BALANCE = '100000';
const USUAL_LEVERAGE = 100;
const ERROR_CODE_MAX = 16;

export interface PlayedCapsule {
  /** What the broker did, by the ids that its things have here. */
  readonly recorded: readonly BrokerFact[];
  readonly played: readonly BrokerFact[];
  /** What could not be made to happen, and why. */
  readonly unplayed: readonly string[];
}

/**
 * Has one account of a capsule live again: its requests are sent as they were, prices stand where facts say they were,
 * and what people did at the broker is done by its control. Same capsule, same outcome.
 */
export function playAccount(capsule: Capsule, account: AccountId): PlayedCapsule {
  return new CapsulePlay(capsule, account).run();
}

/** An event of the capsule's log and one of the play are one thing: ids of what brokers number differ. */
type Names = Map<Uuid, Uuid>;

class CapsulePlay {
  private readonly events: readonly RecordedEvent[];
  private readonly broker: PlayedAccount;
  private readonly market: RecordedMarket;
  private readonly recorded: BrokerFact[] = [];
  private readonly unplayed: string[] = [];
  private readonly names: Names = new Map();
  /** Orders that stood, and so wait for their price. */
  private readonly stood = new Set<OrderId>();
  /** Changes that were asked for and are still to be seen, by what they change. */
  private readonly asked = new Map<Uuid, number>();
  /** Positions of facts that came about while nobody was connected. */
  private readonly missed = new Set<number>();
  private readonly contracts = new Map<Instrument, ContractTerms>();

  constructor(capsule: Capsule, account: AccountId) {
    this.events = capsule.events.filter(({ subject }) => subject === account);
    for (const { data } of this.events)
      if ('contract' in data && 'instrument' in data) this.contracts.set(data.instrument, data.contract);
    const known = capsule.accounts.find((each) => each.account === account);
    const currency = AccountCurrency.safeParse(known?.currency ?? 'USD');
    if (!currency.success)
      this.unplayed.push(`the simulator has no accounts in ${known?.currency}: it is played in USD`);
    this.broker = new PlayedAccount({
      ...{ account, seed: capsule.seeds.play, startMs: toMs(this.events[0]?.time ?? '') - BEFORE_MS },
      currency: currency.data ?? 'USD',
      balance: cents(known?.balance ?? USUAL_BALANCE),
      leverage: Leverage.safeParse(Number(known?.leverage)).data ?? USUAL_LEVERAGE,
      contractOf: (instrument) => this.contracts.get(instrument) ?? null,
    });
    this.market = new RecordedMarket(this.broker.simulator.market, this.broker.control);
  }

  run(): PlayedCapsule {
    for (const event of this.events) {
      this.broker.passUntil(toMs(event.time));
      this.attempt(event, () => this.play(event));
    }
    this.broker.rest();
    const recorded = this.recorded.map((fact) => this.renamed(fact));
    return { recorded, played: this.broker.facts.filter(isBrokerFact), unplayed: this.unplayed };
  }

  private attempt({ position, type }: RecordedEvent, deed: () => void): void {
    try {
      deed();
    } catch (error) {
      if (!(error instanceof Unplayable || error instanceof ActionRefused)) throw error;
      this.unplayed.push(`position ${position}, ${type}: ${error.message}`);
    }
  }

  private play(event: RecordedEvent): void {
    if (event.type === 'AccountSessionLost') return this.lose(event);
    if (event.type === 'AccountSessionOpened') return this.broker.find();
    if (isBrokerFact(event)) {
      if (!this.missed.has(event.position)) this.provoke(event);
      return this.meet(event);
    }
    if (statedBy(event.type) === 'connector') return;
    this.learn(event);
    if (event.type === 'AmendmentRequested') this.ask(targetOf(event.data.terms));
    if (event.type === 'CancellationRequested') this.ask(event.data.orderId);
    if (event.type === 'RequestDispatched') this.send(event.data.requestId);
  }

  /** What the broker did until somebody was connected again comes about unseen. */
  private lose({ position: lost, time: since }: RecordedEvent): void {
    this.broker.lose();
    const again = this.events.find(({ type, position }) => type === 'AccountSessionOpened' && position > lost);
    const isMissed = ({ position, time, type }: RecordedEvent): boolean =>
      position > lost && time > since && time <= (again?.time ?? since) && HAPPENS.has(type);
    const missed = this.events.filter(isBrokerFact).filter(isMissed);
    for (const fact of missed.toSorted((one, other) => (one.time < other.time ? -1 : 1))) {
      this.missed.add(fact.position);
      this.broker.passUntil(toMs(fact.time));
      this.attempt(fact, () => this.provoke(fact));
    }
  }

  /** A capsule that somebody cut may not hold together. */
  private learn(event: RecordedEvent): void {
    try {
      this.broker.learn(this.renamed(event));
    } catch (error) {
      throw new Unplayable(error instanceof Error ? error.message : String(error));
    }
  }

  /** Sends a request to a broker that is about to do with it what the real one did. */
  private send(requestId: RequestId): void {
    const { faults } = this.broker.simulator;
    const after = this.events.filter((event) => isOf(event, requestId));
    const rejected = after.find((event) => event.type === 'RequestRejected');
    const command = 'tradeTransaction';
    if (after.some(({ type }) => type === 'RequestOutcomeUnknown')) {
      const executed = after.some(
        (event) => event.type === 'RequestAccepted' || (event.type === 'RequestResolved' && event.data.executed),
      );
      faults.set({ kind: 'lose-reply', command, executed, times: 1 });
      for (const stream of ['tradeStatus', 'trade'] as const) faults.set({ kind: 'mute', stream });
    } else if (rejected?.type === 'RequestRejected') {
      const { brokerCode, text } = rejected.data;
      if (brokerCode !== null)
        faults.set({
          ...{ kind: 'reply-error', command, executed: false, times: 1 },
          ...{ code: brokerCode.slice(0, ERROR_CODE_MAX), description: text },
        });
      else faults.set({ kind: 'reject', requestStatus: 4, message: text, times: 1 });
    }
    this.preparePrice(requestId);
    const refused = this.broker.send(requestId);
    if (refused !== null) throw new Unplayable(refused);
  }

  /** The price that the request met, as far as what came of it says. */
  private preparePrice(requestId: RequestId): void {
    const { market } = this;
    const wish = this.events.find((event) => isWish(event, requestId));
    if (wish?.type === 'OrderRequested') {
      const { instrument, side, kind, price } = wish.data;
      const filled = this.events.find((event) => event.type === 'PositionOpened' && event.data.orderId === requestId);
      if (kind !== 'market' && price !== null) market.keepFrom(instrument, side, kind, price);
      else if (filled?.type === 'PositionOpened') market.offer(instrument, side, filled.data.price);
    } else if (wish?.type === 'CloseRequested') {
      const deal = this.events.find((event) => 'deal' in event.data && event.data.requestId === requestId);
      if (deal && 'deal' in deal.data) this.offerClose(wish.data.positionId, deal.data.price);
    } else if (wish?.type === 'AmendmentRequested') {
      const { terms } = wish.data;
      if (terms.target === 'order') {
        const order = this.broker.book.orders[this.numberOf(terms.orderId)];
        if (order && order.kind !== 'market') market.keepFrom(order.instrument, order.side, order.kind, terms.price);
      } else {
        const { instrument, side } = this.position(terms.positionId);
        market.keepBetween(instrument, side, terms.stopLoss, terms.takeProfit);
      }
    }
  }

  /** What the market, a person at the broker or the broker itself did, so that this came about. */
  private provoke(event: RecordedEvent & BrokerFact): void {
    const { control, user: userId } = this.broker;
    switch (event.type) {
      case 'OrderFilled':
        return this.meetTrigger(event.data.orderId, event.data.price);
      case 'PositionOpened': {
        const { orderId, instrument: symbol, side, volumeLots: volume, price, stopLoss, takeProfit } = event.data;
        if (orderId !== null) return this.meetTrigger(orderId, price);
        this.market.offer(symbol, side, price);
        control.openPosition({ userId, symbol, side, volume, ...levels(stopLoss, takeProfit) });
        return;
      }
      case 'OrderWorking': {
        const { orderId, instrument: symbol, side, kind, volumeLots: volume, price, stopLoss, takeProfit } = event.data;
        this.stood.add(orderId);
        if (this.isOurs(orderId) || kind === 'market' || price === null) return;
        this.market.keepFrom(symbol, side, kind, price);
        const expiration = event.data.expiresAt === null ? null : toMs(event.data.expiresAt);
        const order = { userId, symbol, kind: `${side}-${kind}` as const, volume, price, expiration };
        control.placeOrder({ ...order, ...levels(stopLoss, takeProfit) });
        return;
      }
      case 'PositionAmended': {
        if (this.wasAsked(event.data.positionId)) return;
        const { positionId, stopLoss, takeProfit } = event.data;
        const position = Number(this.numberOf(positionId));
        return control.modifyPosition({ position, sl: stopLoss ?? '0', tp: takeProfit ?? '0' });
      }
      case 'OrderAmended':
        if (this.wasAsked(event.data.orderId)) return;
        throw new Unplayable('the simulator’s people cannot change an order');
      case 'OrderCancelled':
        if (this.wasAsked(event.data.orderId)) return;
        if (event.data.reason !== 'trigger-failed')
          return control.cancelOrder({ order: Number(this.numberOf(event.data.orderId)) });
        this.broker.simulator.faults.set({ kind: 'fail-trigger', times: 1 });
        return this.meetTrigger(event.data.orderId, null);
      case 'PositionReduced':
      case 'PositionClosed':
        return this.close(event.data);
      case 'BalanceChanged': {
        const { operation } = event.data;
        if (operation === null) return;
        control.cash({ userId, amount: operation.delta, kind: operation.type === 'credit' ? 'credit' : 'balance' });
        return;
      }
      case 'RequestOutcomeUnknown':
        this.broker.simulator.faults.liftAll();
        return this.broker.doubt(event.data.requestId, event.data.cause);
      case 'RequestAccepted':
      case 'RequestRejected':
      case 'RequestExpired':
      case 'OrderExpired':
        return;
      default:
        return unreachable(event);
    }
  }

  private close({ positionId, requestId, reason, price, volumeLots: volume }: RecordedDeal): void {
    if (requestId !== null) return;
    const { instrument, side, stopLoss, takeProfit } = this.position(positionId);
    const level = reason === 'stop-loss' ? stopLoss : reason === 'take-profit' ? takeProfit : null;
    this.market.offer(instrument, opposite(side), price);
    if (level !== null) return;
    this.broker.control.closePosition({ position: Number(this.numberOf(positionId)), volume });
    if (reason !== 'user') throw new Unplayable(`a person closed what was closed by ${reason}`);
  }

  /** An order that stands meets its price; without one, just so. */
  private meetTrigger(orderId: OrderId, price: Decimal | null): void {
    if (!this.stood.delete(orderId)) return;
    const order = this.broker.book.orders[this.numberOf(orderId)];
    if (order?.price) this.market.offer(order.instrument, order.side, price ?? order.price);
  }

  /** Waits until the same has come out, and learns by which ids. */
  private meet(event: RecordedEvent & BrokerFact): void {
    if (event.type === 'OrderFilled') {
      const from = this.name(event.data.orderId);
      this.pair(event.data.positionId, ({ type, data }) =>
        type === 'OrderFilled' && data.orderId === from ? data.positionId : null,
      );
    } else if (event.type === 'PositionOpened') {
      const { positionId, orderId, instrument, side } = event.data;
      const same = { orderId: orderId && this.name(orderId), instrument, side };
      this.pair(positionId, ({ type, data }) =>
        type === 'PositionOpened' && isSame(data, same) ? data.positionId : null,
      );
    } else if (event.type === 'OrderWorking' && !this.isOurs(event.data.orderId)) {
      const { orderId, instrument, side, kind } = event.data;
      const same = { instrument, side, kind };
      this.pair(orderId, ({ type, data }) => (type === 'OrderWorking' && isSame(data, same) ? data.orderId : null));
    }
    this.recorded.push(event);
    const told = this.renamed(event);
    const many = this.recorded.filter((each) => isLike(each, event)).length;
    this.broker.waitFor(() => this.broker.facts.filter((each) => isLike(each, told)).length >= many);
  }

  /** The first thing of the play that is like one of the capsule, and no other's yet. */
  private pair(recorded: Uuid, idOf: (fact: BrokerFact) => Uuid | null): void {
    if (this.names.has(recorded)) return;
    const taken = new Set(this.names.values());
    const found = (): Uuid | null => {
      for (const fact of this.broker.facts) {
        const id = isBrokerFact(fact) ? idOf(fact) : null;
        if (id !== null && !taken.has(id)) return id;
      }
      return null;
    };
    this.broker.waitFor(() => found() !== null);
    const id = found();
    if (id !== null) this.names.set(recorded, id);
  }

  private ask(target: Uuid): void {
    this.asked.set(target, (this.asked.get(target) ?? 0) + 1);
  }

  private wasAsked(target: Uuid): boolean {
    const many = this.asked.get(target) ?? 0;
    if (many > 0) this.asked.set(target, many - 1);
    return many > 0;
  }

  private isOurs(orderId: OrderId): boolean {
    return this.events.some((event) => event.type === 'OrderRequested' && event.data.orderId === orderId);
  }

  private offerClose(positionId: Uuid, price: Decimal): void {
    const { instrument, side } = this.position(positionId);
    this.market.offer(instrument, opposite(side), price);
  }

  private position(recorded: Uuid): {
    instrument: Instrument;
    side: Side;
    stopLoss: Decimal | null;
    takeProfit: Decimal | null;
  } {
    const position = this.broker.book.positions[this.numberOf(recorded)];
    if (!position) throw new Unplayable(`position ${recorded} does not stand here`);
    return position;
  }

  private numberOf(recorded: Uuid): string {
    return this.broker.book.numbers[this.name(recorded)] ?? '';
  }

  private name(recorded: Uuid): Uuid {
    return this.names.get(recorded) ?? recorded;
  }

  private renamed<Told extends Fact>(event: Told): Told {
    return JSON.parse(JSON.stringify(event), (_field, value: unknown) =>
      typeof value === 'string' ? this.name(value) : value,
    ) as Told;
  }
}

/** What comes about at a broker by itself, by its people and by its market: not what it says to a request of ours. */
const HAPPENS: ReadonlySet<string> = new Set([
  ...['OrderWorking', 'OrderFilled', 'OrderAmended', 'OrderCancelled', 'BalanceChanged'],
  ...['PositionOpened', 'PositionAmended', 'PositionReduced', 'PositionClosed'],
]);

type RecordedDeal = Extract<BrokerFact, { type: 'PositionReduced' | 'PositionClosed' }>['data'];

const levels = (sl: Decimal | null, tp: Decimal | null) => ({ ...(sl !== null && { sl }), ...(tp !== null && { tp }) });

const targetOf = (terms: Extract<RecordedEvent, { type: 'AmendmentRequested' }>['data']['terms']): Uuid =>
  terms.target === 'order' ? terms.orderId : terms.positionId;

const isSame = (data: object, wanted: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(wanted).every(([field, value]) => Reflect.get(data, field) === value);

/** What became of a request; not the wish itself. */
const isOf = ({ data }: RecordedEvent, requestId: RequestId): boolean =>
  'kind' in data && 'requestId' in data && data.requestId === requestId;

const isWish = ({ type, data }: RecordedEvent, requestId: RequestId): boolean =>
  type === 'OrderRequested'
    ? data.orderId === requestId
    : type.endsWith('Requested') && Reflect.get(data, 'requestId') === requestId;

/** The same kind of thing happened to the same. */
function isLike(one: { type: string; data: object }, other: { type: string; data: object }): boolean {
  return (
    one.type === other.type &&
    ['requestId', 'orderId', 'positionId'].every((id) => Reflect.get(one.data, id) === Reflect.get(other.data, id))
  );
}
