import type { CommandType } from '@core/contracts/command';
import type { RefusalReason } from '@core/contracts/refusal';
import type { AppendBatch, Appended } from '@core/event-log/event-log';
import type { LedgerMetrics } from '@core/ledger/ledger-metrics';
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What an operator watches of the ledger. */
@Injectable()
export class PrometheusMetrics implements LedgerMetrics {
  readonly intakeLag: Gauge;
  /** 0 from the beginning: a ledger that waits for the lock shows that it does. */
  readonly writer: Gauge;
  readonly head: Gauge;
  readonly intakeOpened: Counter<'why'>;
  private readonly events: Counter;
  private readonly duplicates: Counter;
  private readonly quarantined: Counter;
  private readonly commands: Counter<'type' | 'outcome'>;
  private readonly batchEvents: Histogram;
  private readonly commitSeconds: Histogram;

  constructor(@Inject(Registry) private readonly registry: Registry) {
    const registers = [registry];
    this.events = new Counter({ name: 'ledger_events_total', help: 'Events committed', registers });
    this.duplicates = new Counter({
      name: 'ledger_duplicates_total',
      help: 'Events that were sent again though the log held them',
      registers,
    });
    this.quarantined = new Counter({
      name: 'ledger_quarantined_total',
      help: 'Events and messages that will never be recorded',
      registers,
    });
    this.commands = new Counter({
      name: 'ledger_commands_total',
      help: 'Commands decided',
      labelNames: ['type', 'outcome'],
      registers,
    });
    this.batchEvents = new Histogram({
      name: 'ledger_batch_events',
      help: 'Events in one transaction',
      buckets: [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000],
      registers,
    });
    this.commitSeconds = new Histogram({
      name: 'ledger_commit_seconds',
      help: 'From sending a transaction to its confirmation',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
      registers,
    });
    this.writer = new Gauge({
      name: 'ledger_writer',
      help: '1 while this process holds the lock of the log, 0 while it stands by',
      registers,
    });
    this.head = new Gauge({ name: 'ledger_head_position', help: 'Last committed position', registers });
    this.intakeLag = new Gauge({
      name: 'ledger_intake_lag_messages',
      help: 'Intake messages behind the one last taken',
      registers,
    });
    this.intakeOpened = new Counter({
      name: 'ledger_intake_opened_total',
      help: 'How often reading the intake began, and from where',
      labelNames: ['why'],
      registers,
    });
  }

  committing({ quarantined }: AppendBatch): (appended: Appended, head: number) => void {
    const stop = this.commitSeconds.startTimer();
    return ({ recorded, known }, head) => {
      stop();
      this.events.inc(recorded.length);
      this.duplicates.inc(known.length);
      this.quarantined.inc(quarantined.length);
      this.batchEvents.observe(recorded.length);
      this.head.set(head);
    };
  }

  decided(type: CommandType, outcome: 'ok' | RefusalReason): void {
    this.commands.inc({ type, outcome });
  }

  watchQueue(depth: () => number): void {
    new Gauge({
      name: 'ledger_queue_depth',
      help: 'Commands and facts that wait for the next transaction',
      registers: [this.registry],
      collect() {
        this.set(depth());
      },
    });
  }
}
