import type { Answer, Command } from '@core/contracts/command';
import { exampleNow } from '@core/contracts/command-examples';
import type { Event } from '@core/contracts/event';
import { anEvent, exampleAccount, exampleId } from '@core/contracts/examples';
import type { FeedBatch } from '@core/contracts/feed';
import { anInstrument } from '@core/contracts/market/example';
import { subjects } from '@core/contracts/subjects';
import type { AppendBatch } from '@core/event-log/event-log';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import { newId } from '@core/service/clock';
import { Registry } from 'prom-client';
import { Aggregates } from './aggregates.ts';
import { CommandDesk } from './command-desk.ts';
import { FirstAnswers } from './command-deduplicator.ts';
import type { Instruments } from './instruments.ts';
import { readIntakeMessage } from './intake-message.ts';
import { Ledger } from './ledger.ts';
import { LedgerMetrics } from './metrics.ts';
import { WaitingLine } from './write-queue.ts';

const eurusd = anInstrument();

/** Counts its transactions, and can be made to wait or to fail. */
class WatchedLog extends MemoryEventLog {
  readonly batches: AppendBatch[] = [];
  gate: Promise<void> = Promise.resolve();

  override async append(batch: AppendBatch) {
    this.batches.push(batch);
    await this.gate;
    return super.append(batch);
  }
}

/** A whole ledger in memory: no database, no NATS, the rest as it is. */
export class MemoryLedger {
  readonly log: WatchedLog;
  readonly feed: FeedBatch[] = [];
  readonly line = new WaitingLine({
    batchEventsMax: 1_000,
    batchBytesMax: 1e6,
    batchCommandsMax: 200,
    waitingEventsMax: 1e6,
  });
  readonly running: Promise<void>;
  private readonly desk: CommandDesk;
  private sequence = 0;

  constructor(store = new MemoryEventLog().store, prices: 'eurusd' | 'unavailable' = 'eurusd') {
    this.log = new WatchedLog(store);
    const { log, line } = this;
    const aggregates = new Aggregates(log, 100);
    const instruments: Pick<Instruments, 'prepare' | 'lookUp'> = {
      prepare: async () => undefined,
      lookUp: (_, name) => (prices === 'unavailable' ? 'unavailable' : name === eurusd.instrument ? eurusd : 'unknown'),
    };
    const limits = { waitingCommandsMax: 100, requestMaxAgeMs: 30_000 };
    const stamp = { newId, source: 'ledger@spec' };
    this.desk = new CommandDesk(
      line,
      aggregates,
      new FirstAnswers(log, 100),
      instruments as Instruments,
      stamp,
      limits,
    );
    const metrics = new LedgerMetrics(new Registry(), () => line.depth);
    const publish = (body: string) => void this.feed.push(JSON.parse(body) as FeedBatch);
    const parts = { log, line, desk: this.desk, aggregates, metrics, publish, newId, source: 'ledger@spec' };
    const ledger = new Ledger({ ...parts, now: () => exampleNow });
    this.running = ledger.prepare().then(() => ledger.run());
  }

  submit(command: Command): Promise<Answer> {
    return this.desk.submit(command);
  }

  send(...events: readonly Event[]): void {
    this.sequence += 1;
    const subject = subjects.intake(events[0]?.subject ?? exampleAccount);
    const body = Buffer.from(JSON.stringify({ batchid: exampleId(this.sequence), events }));
    const message = readIntakeMessage(subject, 'intake', body);
    const checkpoint = { incarnation: 'a', sequence: this.sequence, batchid: message.identity };
    void this.line.addMessage({ message, checkpoint });
  }

  /** Runs `work` while a transaction is under way, so that what it adds goes together into the next. */
  async whileCommitting(work: () => void): Promise<void> {
    let open = (): void => undefined;
    const before = this.log.batches.length;
    this.log.gate = new Promise((resolve) => (open = resolve));
    this.send(fact());
    while (this.log.batches.length === before) await turn();
    work();
    for (let turns = 0; turns < 20; turns += 1) await turn();
    open();
  }

  /** Everything that waits is committed and told. */
  async end(): Promise<void> {
    this.line.close();
    await this.running;
  }

  async types(): Promise<string[]> {
    const types: string[] = [];
    for await (const page of this.log.read(0)) types.push(...page.map(({ type }) => type));
    return types;
  }
}

export const turn = () => new Promise((resolve) => setImmediate(resolve));
export const fact = () => anEvent('EquityMarked', {}, { id: newId() });
