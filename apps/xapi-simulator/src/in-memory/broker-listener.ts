import type { AccountTracker } from '@core/execution/account-tracker';
import type { Fact } from '@core/execution/fact';
import type { Now } from '@core/execution/knowledge';
import { reconcile } from '@core/execution/reconciliation/reconcile';
import type { AccountFigures } from '@core/execution/report';
import { instantFromMs } from '@core/kernel/instant';
import { present } from '@core/kernel/present';
import type { Result } from '@core/kernel/result';
import { translateMarginLevel, translateStreamedBalance } from '@core/xapi/translate/balance';
import { translateTradeStatus } from '@core/xapi/translate/outcome';
import { translateStreamedTrade, translateTrades } from '@core/xapi/translate/trade';
import { parseObject, type JsonObject } from '@core/xapi/wire/json-splitter';
import type { Simulator } from '../simulator.ts';
import { MemoryClient } from './memory-client.ts';

const AGAIN_MS = 5_000;
const TICK_MS = 200;
/** More than enough for whatever waits for time to pass. */
const REST_SECONDS_MAX = 90;

export interface ListenerParts {
  readonly simulator: Simulator;
  readonly userId: string;
  readonly password: string;
  /** Two reports about one thing within this time may have changed places. */
  readonly raceMs: number;
  tracker(): AccountTracker;
  /** What followed from what was heard. */
  tell(facts: readonly Fact[]): void;
  /** Figures as they are streamed, before they are told. */
  streamed?(figures: AccountFigures): void;
  /** Figures that were told. */
  told?(figures: AccountFigures): void;
  /** Called between frames. */
  ticked?(now: Now): void;
}

/** Listens to one account of the simulated broker as a connector does, on the simulated clock: frames, looks, their translation. */
export class BrokerListener {
  private client: MemoryClient | null = null;
  private heardFrames = 0;
  private lookAtMs = Infinity;

  constructor(private readonly parts: ListenerParts) {}

  get isListening(): boolean {
    return this.client !== null;
  }

  get now(): Now {
    const ms = this.parts.simulator.scheduler.now;
    return { ms, at: instantFromMs(ms) };
  }

  listen(): void {
    if (this.client) return;
    const { simulator, userId, password } = this.parts;
    this.client = new MemoryClient(simulator, userId);
    this.client.enter(password);
    this.heardFrames = 0;
    this.look();
  }

  leave(): void {
    this.client?.main.hangUp();
    this.client?.stream.hangUp();
    this.client = null;
  }

  /** Sends a command as it stands; what is answered within the pace, null where nothing is. */
  send(command: string): JsonObject | null {
    const client = present(this.client, 'somebody listens');
    const answer = client.send(command);
    return parseObject(answer) ?? null;
  }

  pass(ms: number, stepMs = TICK_MS): void {
    const { scheduler } = this.parts.simulator;
    const until = scheduler.now + ms;
    while (scheduler.now < until) {
      this.advance(Math.min(stepMs, until - scheduler.now));
      if (this.client) this.tick();
    }
  }

  /** Listens until nothing waits for time to pass. */
  rest(): void {
    this.listen();
    for (let seconds = 0; seconds < REST_SECONDS_MAX; seconds += 1) {
      this.pass(1_000);
      const { waiting, wantsSnapshot } = this.parts.tracker();
      if (!waiting && !wantsSnapshot && this.lookAtMs === Infinity) break;
    }
    this.pass(2_000);
  }

  private advance(ms: number): void {
    const { simulator } = this.parts;
    const until = simulator.scheduler.now + ms;
    for (let next = simulator.scheduler.nextAt; next !== null && next <= until; next = simulator.scheduler.nextAt)
      simulator.advanceTo(next);
    simulator.advanceTo(until);
  }

  private tick(): void {
    this.hear();
    const tracker = this.parts.tracker();
    const { now } = this;
    if (tracker.waiting) this.parts.tell(tracker.settle(now));
    if (tracker.wantsSnapshot && this.lookAtMs === Infinity) this.lookAtMs = now.ms + 1.2 * this.parts.raceMs;
    this.parts.ticked?.(now);
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
    const tracker = this.parts.tracker();
    if (command === 'trade') {
      const report = valueOf(translateStreamedTrade(data));
      if (report) this.parts.tell(tracker.report(report, now));
    } else if (command === 'tradeStatus') {
      this.parts.tell(tracker.outcome(valueOf(translateTradeStatus(data)), now));
    } else if (command === 'balance') {
      const figures = valueOf(translateStreamedBalance(data));
      this.parts.streamed?.(figures);
      this.parts.tell(tracker.balance(figures, now));
      this.parts.told?.(figures);
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
    const snapshot = { askedMs, ...valueOf(translateTrades(trades, history)), money };
    const found = reconcile(this.parts.tracker(), snapshot, this.now, {
      patience: { settleMs: 30_000, againMs: AGAIN_MS },
      raceMs: this.parts.raceMs,
      sinceSentMs: () => 60_000,
      adopts: () => true,
    });
    this.parts.tell(found.facts);
    this.parts.told?.(money);
    if (found.lookAgain) this.lookAtMs = this.now.ms + AGAIN_MS;
  }
}

function valueOf<Value>(read: Result<Value, string>): Value {
  if (!read.ok) throw new Error(read.error);
  return read.value;
}
