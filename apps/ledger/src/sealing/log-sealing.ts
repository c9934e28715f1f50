import { LogFault } from '@core/event-log/checked-batch';
import { checkpointAt, checkpointsAfter } from '@core/event-log/checkpoint-table';
import { sealNext } from '@core/event-log/log-sealer';
import { SingleFlight } from '@core/kernel/single-flight';
import { checkpointHash, type SignedCheckpoint } from '@core/log-proof/checkpoint';
import { publicTextOf } from '@core/log-proof/keys';
import { inBackground } from '@core/service/in-background';
import { LONG_PATIENCE_MS, patience } from '@core/service/postgres-patience';
import { Logger } from '@nestjs/common';
import type { KeyObject } from 'node:crypto';
import { Pool, type ClientBase } from 'pg';
import { Gauge, type Registry } from 'prom-client';
import type { CheckpointSink } from './checkpoint-sink.ts';

export interface SealingOptions {
  readonly url: string;
  /** Null: nothing is signed. */
  readonly key: KeyObject | null;
  readonly everyMs: number;
  /** How much one checkpoint covers at most, so that one event is proven by few others. */
  readonly events: number;
  readonly sinks: readonly CheckpointSink[];
}

/** How far a sink is; null until it was asked. */
interface Kept {
  to: number | null;
}

/**
 * Signs what was committed, beside the ledger's work and after it, and takes the checkpoints out of the database owner's
 * reach. That a log is not what was signed of it is said as long as it is so; nothing stops of it.
 */
export class LogSealing {
  private readonly log = new Logger('Sealing');
  private readonly rounds = new SingleFlight();
  private readonly pool: Pool;
  private readonly kept: ReadonlyMap<CheckpointSink, Kept>;
  private readonly faults = new Map<string, string>();
  private readonly signedTo: Gauge;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: SealingOptions,
    registry: Registry,
  ) {
    this.pool = new Pool({ connectionString: options.url, max: 1, ...patience(LONG_PATIENCE_MS) });
    // A connection that broke while idle is replaced.
    this.pool.on('error', () => undefined);
    this.kept = new Map(options.sinks.map((sink) => [sink, { to: null }]));
    const registers = [registry];
    this.signedTo = new Gauge({ name: 'ledger_signed_position', help: 'Last position that is signed', registers });
    const { faults } = this;
    new Gauge({
      name: 'ledger_log_faults',
      help: 'In how many ways the log is not what was committed or signed, so far as sealing has seen',
      registers,
      collect() {
        this.set(faults.size);
      },
    });
  }

  start(): void {
    const { key } = this.options;
    if (key === null) return;
    this.log.log({ publicKey: publicTextOf(key), msg: 'checkpoints of the log are signed' });
    const round = (): void => inBackground('sealing the log', this.round());
    this.timer = setInterval(round, this.options.everyMs).unref();
    round();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.rounds.idle();
    await Promise.all(this.options.sinks.map((sink) => sink.close()));
    await this.pool.end();
  }

  /** For readiness: what is wrong with the log; null while nothing is. */
  whyInDoubt(): string | null {
    return this.faults.size === 0 ? null : [...this.faults.values()].join('; ');
  }

  /** Signs all there is, and sees every sink brought up to it. One that cannot be reached is asked again next time. */
  round(): Promise<void> {
    return this.rounds.run(async () => {
      const client = await this.pool.connect();
      try {
        await this.sealAll(client);
        for (const [sink, kept] of this.kept) {
          await this.bringUp(client, sink, kept).catch((error: unknown) => {
            kept.to = null;
            this.log.error({ err: error, sink: sink.name, msg: 'checkpoints cannot be kept here: tried again' });
          });
        }
      } finally {
        client.release();
      }
    });
  }

  private async sealAll(client: ClientBase): Promise<void> {
    const { key, events } = this.options;
    if (key === null) return;
    try {
      for (let last: SignedCheckpoint | null; (last = await sealNext(client, key, events));)
        this.signedTo.set(last.last);
      this.faults.delete('log');
    } catch (error) {
      if (!(error instanceof LogFault)) throw error;
      this.tell('log', `the log is not what was committed: ${error.message}`);
    }
  }

  private async bringUp(client: ClientBase, sink: CheckpointSink, kept: Kept): Promise<void> {
    if (kept.to === null) {
      const last = await sink.last();
      if (last !== null) {
        const ours = await checkpointAt(client, last.last);
        if (ours === null || checkpointHash(ours) !== checkpointHash(last)) {
          const since = `up to ${last.last} of ${last.recordedtime}`;
          return this.tell(sink.name, `${sink.name} holds a checkpoint ${since} that this log does not`);
        }
      }
      this.faults.delete(sink.name);
      kept.to = last?.last ?? 0;
    }
    for (const checkpoint of await checkpointsAfter(client, kept.to)) {
      await sink.keep(checkpoint);
      kept.to = checkpoint.last;
    }
  }

  private tell(of: string, fault: string): void {
    if (this.faults.get(of) !== fault) this.log.error(fault);
    this.faults.set(of, fault);
  }
}
