import { exampleNow } from '@core/contracts/command-examples.fixture';
import { anEvent } from '@core/contracts/examples.fixture';
import type { AppendBatch } from '@core/event-log/event-log';
import { MemoryEventLog } from '@core/event-log/memory-event-log';
import { newId } from '@core/service/clock';
import { MemoryLedger, type MemoryLedgerOptions } from '@core/testing/memory-ledger';

export const fact = () => anEvent('EquityMarked', {}, { id: newId() });

export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Counts its transactions, and can be made to take its time over one. */
class WatchedLog extends MemoryEventLog {
  readonly batches: AppendBatch[] = [];
  gate: Promise<void> = Promise.resolve();

  override async append(batch: AppendBatch) {
    this.batches.push(batch);
    await this.gate;
    return super.append(batch);
  }
}

/** The ledger in memory, seen from within: its transactions, one by one. */
export class WatchedLedger extends MemoryLedger {
  constructor(
    options: Omit<MemoryLedgerOptions, 'log'> = {},
    override readonly log = new WatchedLog(),
  ) {
    super({ now: () => exampleNow, ...options, log });
  }

  /** The next one, on what this one committed. */
  restart(options: Omit<MemoryLedgerOptions, 'log'> = {}): WatchedLedger {
    return new WatchedLedger(options, new WatchedLog(this.log.store));
  }

  /** Runs `work` while a transaction is under way, so that what it adds goes together into the next. */
  async whileCommitting(work: () => void): Promise<void> {
    let open = (): void => undefined;
    const before = this.log.batches.length;
    this.log.gate = new Promise((resolve) => (open = resolve));
    void this.report(fact());
    while (this.log.batches.length === before) await turn();
    work();
    for (let turns = 0; turns < 20; turns += 1) await turn();
    open();
  }

  async types(): Promise<string[]> {
    const types: string[] = [];
    for await (const page of this.log.read(0)) types.push(...page.map(({ type }) => type));
    return types;
  }
}
