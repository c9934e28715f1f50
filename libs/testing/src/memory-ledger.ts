import { LedgerUnavailable, type CommandTransport } from '@core/bus/command-client';
import type { Answer, Command, CommandType } from '@core/contracts/command';
import type { Event, RecordedEvent } from '@core/contracts/event';
import { exampleAccount } from '@core/contracts/examples.fixture';
import type { FeedBatch } from '@core/contracts/feed';
import { anInstrument } from '@core/contracts/market/example.fixture';
import type { MarketSnapshot } from '@core/contracts/market/quote';
import { UNKNOWN_MARKET, type PricedMarket } from '@core/contracts/market/valuation';
import type { AccountId, Instant, Uuid, Venue } from '@core/contracts/primitives';
import type { RefusalReason } from '@core/contracts/refusal';
import { subjects } from '@core/contracts/subjects';
import type { EventLogWriter, IntakeCheckpoint } from '@core/event-log/event-log';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import { toMs } from '@core/kernel/instant';
import { LedgerBusy } from '@core/ledger/command-intake';
import { readIntakeMessage, type IntakeMessage } from '@core/ledger/intake-message';
import { LedgerCore, type LedgerPorts } from '@core/ledger/ledger-core';
import type { LedgerSettings } from '@core/ledger/ledger-settings';
import { newId, now } from '@core/service/clock';

export interface MemoryLedgerOptions {
  /** One that was written before goes on from there, as after a restart. */
  readonly log?: EventLogWriter;
  /** What venues say when they are asked what they trade; EURUSD at `demo` otherwise. Null: nobody answers. */
  readonly market?: () => MarketSnapshot | null;
  /** What prices limits are measured by; none otherwise. */
  readonly prices?: (venue: Venue) => PricedMarket;
  readonly now?: () => Instant;
  /** Goes forward with `now` unless they are to part. */
  readonly steadyMs?: () => number;
  readonly settings?: Partial<LedgerSettings>;
  /** What is told of the ledger’s own commands; nobody is told otherwise. */
  readonly commanding?: LedgerPorts['commanding'];
}

const SETTINGS: LedgerSettings = {
  batchEventsMax: 1_000,
  batchBytesMax: 1e6,
  batchCommandsMax: 200,
  waitingEventsMax: 1e6,
  waitingCommandsMax: 100,
  answersMax: 100,
  seenIdsBytes: 8_192,
  aggregatesMax: 100,
  requestMaxAgeMs: 30_000,
  marketOrderMaxAgeMs: 5_000,
  instrumentsPauseMs: 10,
};

const demoMarket = (): MarketSnapshot => ({ venue: 'demo', instruments: [anInstrument()], quotes: [] });

/** Waits until the feed has told what became of everything it sent. */
interface Sender {
  readonly unsettled: Set<Uuid>;
  readonly recorded: RecordedEvent[];
  readonly resolve: (recorded: readonly RecordedEvent[]) => void;
}

/**
 * The real ledger on a log in memory, for whoever is on the other side of NATS: its commands are calls, its feed is a
 * listener. Only the process around it, NATS and Postgres are missing.
 */
export class MemoryLedger implements CommandTransport {
  /** Every wish that arrived, also the refused ones; what edges tell of their own refusals stands in the log only. */
  readonly commands: Command[] = [];
  /** What became of those that were decided, once each. */
  readonly decided: { readonly type: CommandType; readonly outcome: 'ok' | RefusalReason }[] = [];
  readonly feed: FeedBatch[] = [];
  /** `silent`: takes commands and never answers. `gone`: takes none. */
  mood: 'well' | 'silent' | 'gone' = 'well';
  /** The feed comes this long after the answer, as on a network it may. */
  feedDelayMs = 0;
  readonly log: EventLogWriter;
  /** Ends with `end`, or throws what would end the process. */
  readonly running: Promise<void>;
  private readonly prepared: Promise<void>;
  private readonly core: LedgerCore;
  private readonly listeners = new Set<(batch: FeedBatch) => unknown>();
  private readonly senders = new Set<Sender>();
  private sequence = 0;

  constructor(options: MemoryLedgerOptions = {}) {
    const { log = new MemoryEventLog(), market = demoMarket, settings } = options;
    this.log = log;
    const ports = {
      log,
      publish: (body: string) => this.tell(JSON.parse(body) as FeedBatch),
      askSnapshot: async () => market(),
      market: options.prices ?? (() => UNKNOWN_MARKET),
      metrics: {
        committing: () => () => undefined,
        decided: (type: CommandType, outcome: 'ok' | RefusalReason) => void this.decided.push({ type, outcome }),
      },
      now: options.now ?? now,
      steadyMs: options.steadyMs ?? (() => toMs((options.now ?? now)())),
      newId,
      source: 'ledger@spec',
      commanding: options.commanding,
    };
    this.core = new LedgerCore(ports, { ...SETTINGS, ...settings });
    this.prepared = this.core.loop.prepare();
    this.running = this.prepared.then(() => this.core.loop.run());
  }

  /** Everything recorded since this ledger started. */
  get events(): RecordedEvent[] {
    return this.feed.flatMap(({ events }) => events);
  }

  /** The ledger's answer, as a client at the other end of NATS would get it. */
  async send(command: Command): Promise<Answer> {
    if (command.type !== 'RecordRefusal') this.commands.push(command);
    if (this.mood === 'gone') throw new LedgerUnavailable(command);
    const answer = await this.core.commands.submit(command).catch((error: unknown) => {
      throw error instanceof LedgerBusy ? new LedgerUnavailable(command) : error;
    });
    if (this.mood === 'silent') throw new LedgerUnavailable(command);
    return answer;
  }

  /** Facts of a registered account, as a connector would report them; what may not come from there is quarantined. Resolves once that is told. */
  report(...events: readonly Event[]): Promise<readonly RecordedEvent[]> {
    const body = Buffer.from(JSON.stringify({ batchid: newId(), events }));
    const subject = subjects.intake(events[0]?.subject ?? exampleAccount);
    return this.take(
      readIntakeMessage(subject, 'intake', body, {
        now: now(),
        isRegistered: () => true,
        mayTellOfStranger: () => true,
      }),
      events,
    );
  }

  /** A message of the intake as it stands there, good or bad. Resolves once everything that followed from it is committed. */
  async deliver(account: AccountId, body: Uint8Array): Promise<void> {
    await this.prepared;
    const subject = subjects.intake(account);
    const message = this.core.read(subject, `${subject}#${this.sequence + 1}`, body);
    const checkpoint = this.checkpointOf(message);
    void this.core.queue.addMessage({ message, checkpoint });
    // What was taken from the queue is not committed yet.
    do await new Promise(setImmediate);
    while (!this.core.queue.isEmpty || ((await this.log.checkpoint())?.sequence ?? 0) < checkpoint.sequence);
  }

  /** A past, whoever it was that said so: also what only the ledger decides. Resolves once it is told. */
  record(...events: readonly Event[]): Promise<readonly RecordedEvent[]> {
    return this.take({ identity: newId(), events, deadLetters: [], bytes: 0 }, events);
  }

  /** Calls the listener with every batch of the feed until it is told to stop. */
  listen(listener: (batch: FeedBatch) => unknown): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Everything that waits is committed and told. */
  async end(): Promise<void> {
    this.core.queue.close();
    await this.running;
  }

  private async take(message: IntakeMessage, events: readonly Event[]): Promise<readonly RecordedEvent[]> {
    if (events.length === 0) return [];
    const settled = new Promise<readonly RecordedEvent[]>((resolve) => {
      this.senders.add({ unsettled: new Set(events.map(({ id }) => id)), recorded: [], resolve });
    });
    void this.core.queue.addMessage({ message, checkpoint: this.checkpointOf(message) });
    return settled;
  }

  private checkpointOf({ identity: batchid }: IntakeMessage): IntakeCheckpoint {
    this.sequence += 1;
    return { incarnation: 'memory', sequence: this.sequence, batchid };
  }

  private tell(batch: FeedBatch): void {
    this.feed.push(batch);
    const hear = () => this.listeners.forEach((listener) => listener(batch));
    if (this.feedDelayMs > 0) setTimeout(hear, this.feedDelayMs).unref();
    else hear();
    for (const sender of this.senders) {
      sender.recorded.push(...batch.events.filter(({ id }) => sender.unsettled.has(id)));
      for (const { id } of [...batch.events, ...batch.known, ...batch.refused]) sender.unsettled.delete(id);
      if (sender.unsettled.size > 0) continue;
      this.senders.delete(sender);
      sender.resolve(sender.recorded);
    }
  }
}
