import { EquityMarks } from '@core/connector/accounts/equity-marks';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { anEvent, exampleAccount } from '@core/contracts/examples.fixture';
import { AccountTracker } from '@core/execution/account-tracker';
import { eventOf, type Fact } from '@core/execution/fact';
import { accountFacts } from '@core/execution/facts/account-facts';
import { equityMark } from '@core/execution/facts/balance-facts';
import type { Now } from '@core/execution/knowledge';
import type { AccountFigures } from '@core/execution/report';
import { instantFromMs } from '@core/kernel/instant';
import { brokerBook } from '@core/projections/broker-book/fold';
import { MemoryLedger } from '@core/testing/memory-ledger';
import { BrokerControl } from './control/broker-control.ts';
import type { AccountTerms } from './core/account.ts';
import type { BehaviourChanges } from './core/behaviour-settings.ts';
import { heard, type HeardMarket } from './core/heard-market.fixture.ts';
import { BrokerListener } from './in-memory/broker-listener.ts';
import { aSimulator, EXAMPLE_PASSWORD, TUESDAY_MS } from './in-memory/example.fixture.ts';
import type { Simulator } from './simulator.ts';

export const LIFE_USER = '20001';
const SOURCE = 'connector@life';
const RACE_MS = 1_000;
const GRACE_MS = 3_000;

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
  private readonly listener: BrokerListener;
  private readonly untold: Event[] = [];
  private tracker: AccountTracker;
  private marks = new EquityMarks(60_000, 1_000);

  constructor({ currency, balance }: Pick<AccountTerms, 'currency' | 'balance'>, behaviour: BehaviourChanges) {
    const account = { userId: LIFE_USER, password: EXAMPLE_PASSWORD, currency, balance, leverage: 100 };
    this.simulator = aSimulator(behaviour, { accounts: [account] });
    this.control = new BrokerControl(this.simulator);
    this.ledger = new MemoryLedger({ now: () => this.now.at });
    this.tracker = this.trackerOf([]);
    this.listener = new BrokerListener({
      ...{ simulator: this.simulator, userId: LIFE_USER, password: EXAMPLE_PASSWORD, raceMs: RACE_MS },
      tracker: () => this.tracker,
      tell: (facts) => this.tell(facts),
      streamed: (figures) => this.marks.take(figures),
      told: (figures) => this.isBrokers(figures),
      ticked: (now) => {
        const figures = this.tracker.awaitsReason ? null : this.marks.due(now.ms);
        if (figures) this.tell([equityMark(exampleAccount, figures, now.at)]);
      },
    });
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
    return this.listener.isListening;
  }

  /** Nobody listens any more. `forgets`: whoever listens next knows the log and nothing else. */
  leave(forgets: boolean): void {
    this.listener.leave();
    if (!forgets) return;
    this.tracker = this.trackerOf([...this.recorded, ...this.untold]);
    this.marks = new EquityMarks(60_000, 1_000);
  }

  listen(): void {
    this.listener.listen();
  }

  pass(ms: number): void {
    this.listener.pass(ms);
  }

  /** Listens until nothing waits for time to pass, and puts what was told into the log. */
  async rest(): Promise<void> {
    this.listener.rest();
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
