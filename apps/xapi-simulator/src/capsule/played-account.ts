import type { AccountId, ContractTerms, Instrument, RequestId } from '@core/contracts/primitives';
import { AccountTracker } from '@core/execution/account-tracker';
import type { Fact } from '@core/execution/fact';
import { accountFacts } from '@core/execution/facts/account-facts';
import type { Doubt } from '@core/execution/facts/request-outcome';
import { instantFromMs } from '@core/kernel/instant';
import { brokerBook } from '@core/projections/broker-book/fold';
import type { BrokerBook } from '@core/projections/broker-book/state';
import { encodeRequest } from '@core/xapi/translate/encode-request';
import { translateReceipt } from '@core/xapi/translate/outcome';
import { decodeReply } from '@core/xapi/wire/frames';
import { BrokerControl } from '../control/broker-control.ts';
import type { AccountCurrency } from '../core/account.ts';
import { defaultBehaviour, withChanges } from '../core/behaviour-settings.ts';
import { toUnits, type Cents } from '../core/units.ts';
import { BrokerListener } from '../in-memory/broker-listener.ts';
import { Simulator } from '../simulator.ts';

const PLAYER = '1';
const PASSWORD = 'played';
const RACE_MS = 1_000;
const GRACE_MS = 3_000;
/** A pause is listened to so closely, and the rest of a long one in longer steps, with a word to the broker now and then. */
const CLOSELY_MS = 30_000;
const QUIET_STEP_MS = 10_000;
const WORD_MS = 3_600_000;
const SESSION_IDLE_MS = 86_400_000;
/** For so long what is to follow is waited for. */
const PATIENCE_MS = 15_000;
const STEP_MS = 200;

export interface PlayedTerms {
  readonly account: AccountId;
  readonly seed: string;
  readonly startMs: number;
  readonly currency: AccountCurrency;
  readonly balance: Cents;
  readonly leverage: number;
  contractOf(instrument: Instrument): ContractTerms | null;
}

/** One account at a simulated broker of its own, listened to and traded on as a connector does it. */
export class PlayedAccount {
  readonly simulator: Simulator;
  readonly control: BrokerControl;
  readonly user = PLAYER;
  /** What came out so far. */
  readonly facts: Fact[] = [];
  private readonly tracker: AccountTracker;
  private readonly listener: BrokerListener;

  constructor({ account, seed, startMs, currency, balance, leverage, contractOf }: PlayedTerms) {
    const quiet = { market: { ticksPerSecond: 0 }, sessionIdleMs: SESSION_IDLE_MS };
    const terms = { userId: PLAYER, password: PASSWORD, currency, balance, leverage };
    const behaviour = withChanges(defaultBehaviour(), quiet);
    this.simulator = new Simulator({ seed, startMs, accounts: [terms], behaviour });
    this.simulator.pulse.start();
    this.control = new BrokerControl(this.simulator);
    const book = brokerBook.initial();
    this.tracker = new AccountTracker({
      ...{ account, source: 'capsule', book, graceMs: GRACE_MS, raceMs: RACE_MS, contractOf },
    });
    const report = { currency, leverage: `${leverage}` as const, group: 'capsule', tradingDisabled: false };
    this.tracker.tell(accountFacts(account, book, report, instantFromMs(startMs)));
    this.listener = new BrokerListener({
      ...{ simulator: this.simulator, userId: PLAYER, password: PASSWORD, raceMs: RACE_MS },
      tracker: () => this.tracker,
      tell: (facts) => this.facts.push(...facts),
    });
    this.listener.listen();
  }

  get book(): BrokerBook {
    return this.tracker.book;
  }

  /** Lets time pass until then, where it has not already. */
  passUntil(ms: number): void {
    const { scheduler } = this.simulator;
    this.listener.pass(Math.min(CLOSELY_MS, Math.max(0, ms - scheduler.now)));
    while (scheduler.now < ms) {
      this.listener.pass(Math.min(WORD_MS, ms - scheduler.now), QUIET_STEP_MS);
      if (this.listener.isListening) this.listener.send('{"command":"ping"}');
    }
  }

  /** Waits for what is to come of what was done. */
  waitFor(hasCome: () => boolean): void {
    for (let ms = 0; ms < PATIENCE_MS && !hasCome(); ms += STEP_MS) this.listener.pass(STEP_MS);
  }

  /** The connection is gone: what happens at the broker is seen when there is another. */
  lose(): void {
    this.listener.leave();
  }

  /** Another connection, and a look at the broker. */
  find(): void {
    this.listener.listen();
  }

  rest(): void {
    this.listener.rest();
  }

  /** Something that the log says and no broker. */
  learn(event: Fact): void {
    this.facts.push(...this.tracker.learn(event, this.listener.now));
  }

  /** Sends a request as a connector does; why not, where it is not sent or nothing follows from the answer. */
  send(requestId: RequestId): string | null {
    const { tracker, listener } = this;
    const request = tracker.book.requests[requestId];
    if (!request) return `request ${requestId} is not in the book any more`;
    const command = encodeRequest(request, tracker.book, () => null);
    if (!command.ok) return `request ${requestId} cannot be sent: ${command.error}`;
    if (!listener.isListening) return `request ${requestId} was sent while nobody was connected`;
    const answer = listener.send(command.value);
    const reply = answer && decodeReply(answer);
    if (!reply) return null;
    const receipt = translateReceipt(reply);
    if (receipt.is === 'taken') this.facts.push(...tracker.acknowledge(requestId, receipt.brokerRequest, listener.now));
    else if (receipt.is === 'rejected') this.facts.push(...tracker.reject(requestId, receipt, listener.now));
    else return `request ${requestId} was answered ${receipt.is}`;
    return null;
  }

  /** Nobody knows what became of it: the broker is looked at. */
  doubt(requestId: RequestId, cause: Doubt): void {
    this.facts.push(...this.tracker.doubt(requestId, cause, this.listener.now));
    this.tracker.askForSnapshot();
  }
}

export const cents = (amount: Parameters<typeof toUnits>[0]): Cents => toUnits(amount, 2);
