import { EquityMarks } from '@core/connector/accounts/equity-marks';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleAccount } from '@core/contracts/examples.fixture';
import type { AccountFigures } from '@core/execution/report';
import { AccountTracker } from '@core/execution/account-tracker';
import { eventOf, type Fact } from '@core/execution/fact';
import { accountFacts } from '@core/execution/facts/account-facts';
import { equityMark } from '@core/execution/facts/balance-facts';
import type { Now } from '@core/execution/knowledge';
import { reconcile } from '@core/execution/reconciliation/reconcile';
import { instantFromMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import type { Result } from '@core/kernel/result';
import { brokerBook } from '@core/projections/broker-book/fold';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { translateMarginLevel, translateStreamedBalance } from '@core/xapi/translate/balance';
import { translateStreamedTrade, translateTrades } from '@core/xapi/translate/trade';
import { parseObject, type JsonObject } from '@core/xapi/wire/json-splitter';
import { BrokerControl } from './control/broker-control.ts';
import type { AccountTerms } from './core/account.ts';
import type { BehaviourChanges } from './core/behaviour-settings.ts';
import { heard, type HeardMarket } from './core/heard-market.fixture.ts';
import { aSimulator, aTrader, TUESDAY_MS } from './in-memory/example.fixture.ts';
import type { MemoryClient } from './in-memory/memory-client.ts';
import type { Simulator } from './simulator.ts';

export const LIFE_USER = '20001';
const SOURCE = 'connector@life';
const AGAIN_MS = 5_000;
const RACE_MS = 1_000;
const GRACE_MS = 3_000;
const TICK_MS = 200;

/**
 * An account at the simulated broker and everything between it and a reader of the log, on one clock that is turned by
 * hand: the broker's frames as bytes, their translation, the account's tracker with its looks, and the real ledger.
 */
export class AccountLife {
  readonly simulator: Simulator;
  readonly control: BrokerControl;
  readonly recorded: RecordedEvent[] = [];
  /** When a price was last set. */
  pricesMovedMs = 0;
  private readonly ledger: MemoryLedger;
  private readonly untold: Event[] = [];
  private tracker: AccountTracker;
  private client: MemoryClient | null = null;
  private marks = new EquityMarks(60_000, 1_000);
  private heardFrames = 0;
  private lookAtMs = Infinity;

  constructor({ currency, balance }: Pick<AccountTerms, 'currency' | 'balance'>, behaviour: BehaviourChanges) {
    const account = { userId: LIFE_USER, password: 'example', currency, balance, leverage: 100 };
    this.simulator = aSimulator(behaviour, { accounts: [account] });
    this.control = new BrokerControl(this.simulator);
    this.ledger = new MemoryLedger({ now: () => this.now.at });
    this.tracker = this.trackerOf([]);
    const registered = anEvent('AccountRegistered', {}, { time: instantFromMs(TUESDAY_MS - 60_000) });
    this.untold.push(registered);
    this.tracker.learn(registered, this.now);
    const terms = { currency, leverage: '100' as const, group: 'life', tradingDisabled: false };
    this.tell(this.tracker.tell(accountFacts(exampleAccount, this.tracker.book, terms, this.now.at)));
  }

  get account() {
    return this.simulator.broker.account(LIFE_USER);
  }

  get market(): HeardMarket {
    return heard(this.simulator.market);
  }

  get book() {
    return this.tracker.book;
  }

  get isListening(): boolean {
    return this.client !== null;
  }

  /** Nobody listens any more. `forgets`: whoever listens next knows the log and nothing else. */
  leave(forgets: boolean): void {
    this.client?.main.hangUp();
    this.client?.stream.hangUp();
    this.client = null;
    if (!forgets) return;
    this.tracker = this.trackerOf([...this.recorded, ...this.untold]);
    this.marks = new EquityMarks(60_000, 1_000);
  }

  listen(): void {
    if (this.client) return;
    this.client = aTrader(this.simulator, LIFE_USER);
    this.heardFrames = 0;
    this.look();
  }

  pass(ms: number): void {
    const until = this.simulator.scheduler.now + ms;
    while (this.simulator.scheduler.now < until) {
      this.advance(Math.min(TICK_MS, until - this.simulator.scheduler.now));
      if (this.client) this.tick();
    }
  }

  /** Listens until nothing waits for time to pass, and puts what was told into the log. */
  async rest(): Promise<void> {
    this.listen();
    for (let seconds = 0; seconds < 90; seconds += 1) {
      this.pass(1_000);
      if (!this.tracker.waiting && !this.tracker.wantsSnapshot && this.lookAtMs === Infinity) break;
    }
    this.pass(2_000);
    await this.commit();
  }

  private async commit(): Promise<void> {
    const events = this.untold.splice(0);
    const recorded = await this.ledger.record(...events);
    expect(recorded.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    this.recorded.push(...recorded);
  }

  private get now(): Now {
    const ms = this.simulator.scheduler.now;
    return { ms, at: instantFromMs(ms) };
  }

  private advance(ms: number): void {
    const { simulator } = this;
    const until = simulator.scheduler.now + ms;
    for (let next = simulator.scheduler.nextAt; next !== null && next <= until; next = simulator.scheduler.nextAt)
      simulator.advanceTo(next);
    simulator.advanceTo(until);
  }

  private tick(): void {
    this.hear();
    const { tracker, now } = this;
    if (tracker.waiting) this.tell(tracker.settle(now));
    if (tracker.wantsSnapshot && this.lookAtMs === Infinity) this.lookAtMs = now.ms + 1.2 * RACE_MS;
    const figures = tracker.awaitsReason ? null : this.marks.due(now.ms);
    if (figures) this.tell([equityMark(exampleAccount, figures, now.at)]);
    if (now.ms >= this.lookAtMs) this.look();
  }

  /** Takes the frames that came, each as of when it came. */
  private hear(): void {
    const { received } = present(this.client, 'somebody listens').stream;
    for (const { at: ms, message } of received.slice(this.heardFrames)) {
      this.heardFrames += 1;
      const frame = present(parseObject(message), message);
      this.take(frame, { ms, at: instantFromMs(ms) });
    }
  }

  private take({ command, data }: JsonObject, now: Now): void {
    if (command === 'trade') {
      const report = valueOf(translateStreamedTrade(data));
      if (report) this.tell(this.tracker.report(report, now));
    } else if (command === 'balance') {
      const figures = valueOf(translateStreamedBalance(data));
      this.marks.take(figures);
      this.tell(this.tracker.balance(figures, now));
      this.isBrokers(figures);
    }
  }

  private look(): void {
    const client = present(this.client, 'somebody listens');
    const askedMs = this.now.ms;
    this.lookAtMs = Infinity;
    const ask = (command: string, given?: JsonObject): unknown => client.ask(command, given).returnData;
    const trades = ask('getTrades', { openedOnly: false });
    const history = ask('getTradesHistory', { start: 1, end: 0 });
    const money = valueOf(translateMarginLevel(ask('getMarginLevel')));
    this.hear();
    const found = reconcile(this.tracker, { askedMs, ...valueOf(translateTrades(trades, history)), money }, this.now, {
      patience: { settleMs: 30_000, againMs: AGAIN_MS },
      raceMs: RACE_MS,
      sinceSentMs: () => 60_000,
      adopts: () => true,
    });
    this.tell(found.facts);
    this.isBrokers(money);
    if (found.lookAgain) this.lookAtMs = this.now.ms + AGAIN_MS;
  }

  /** A balance is true at once, whatever its reason. */
  private isBrokers({ balance, credit }: AccountFigures): void {
    expect(this.tracker.book.money).toEqual({ balance, credit });
  }

  private tell(facts: readonly Fact[]): void {
    this.untold.push(...facts.map((fact) => eventOf(fact, exampleAccount, SOURCE)));
    if (facts.some(({ type }) => ['PositionOpened', 'PositionClosed', 'PositionReduced'].includes(type)))
      this.marks.ask();
  }

  private trackerOf(log: readonly Event[]): AccountTracker {
    const book = brokerBook.initial();
    for (const event of log) brokerBook.evolve(book, event);
    return new AccountTracker({
      account: exampleAccount,
      source: SOURCE,
      book,
      graceMs: GRACE_MS,
      raceMs: RACE_MS,
      contractOf: (instrument) => this.market.specOf(instrument).contract,
    });
  }
}

function valueOf<Value>(read: Result<Value, string>): Value {
  if (!read.ok) throw new Error(read.error);
  return read.value;
}
