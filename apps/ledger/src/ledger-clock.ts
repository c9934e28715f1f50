import type { Instant } from '@core/contracts/primitives';
import { PostgresEventLog } from '@core/event-log/postgres-event-log';
import { AgreedTime, JUMP_MS } from '@core/kernel/agreed-time';
import { instantFromMs } from '@core/kernel/instant';
import { SingleFlight } from '@core/kernel/single-flight';
import { inBackground } from '@core/service/in-background';
import { Logger } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';

/** How often Postgres is asked for its time. */
const LOOK_MS = 5_000;
/** An answer that took longer says too little about now. */
const ROUND_TRIP_MAX_MS = 500;

/** This machine's time, and one that only goes forward. */
interface Clocks {
  machineMs(): number;
  steadyMs(): number;
}

const OUR_CLOCKS: Clocks = { machineMs: () => Date.now(), steadyMs: () => performance.now() };

const WITNESSES = ['machine', 'postgres', 'bus'] as const;
type Witness = (typeof WITNESSES)[number];

/**
 * The ledger's time: what this machine, Postgres and the bus agree on. One of them may jump and moves nothing; that it
 * did is said, and so is a jump that most of them make together, which is followed.
 */
export class LedgerClock {
  private readonly log = new Logger('Clock');
  private readonly time = new AgreedTime();
  private readonly looks = new SingleFlight();
  private readonly apart = new Set<Witness>();
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly database: Pick<PostgresEventLog, 'nowMs'>,
    private readonly clocks: Clocks,
    registry: Registry,
  ) {
    const { time } = this;
    new Gauge({
      name: 'ledger_clock_ahead_seconds',
      help: "How far a clock is ahead of the ledger's, which is what most of them agree on",
      labelNames: ['clock'],
      registers: [registry],
      collect() {
        for (const witness of WITNESSES) this.set({ clock: witness }, time.ahead(witness) / 1_000);
      },
    });
  }

  /** Postgres is heard first: where only it and this machine are known and differ, its time is the log's. */
  static async start(
    database: Pick<PostgresEventLog, 'nowMs'>,
    registry: Registry,
    clocks: Clocks = OUR_CLOCKS,
  ): Promise<LedgerClock> {
    const clock = new LedgerClock(database, clocks, registry);
    await clock.look();
    clock.timer = setInterval(() => inBackground('asking Postgres for its time', clock.look()), LOOK_MS).unref();
    return clock;
  }

  readonly now = (): Instant => {
    this.hear('machine', this.clocks.machineMs());
    return instantFromMs(Math.round(this.time.at(this.steadyMs())));
  };

  readonly steadyMs = (): number => this.clocks.steadyMs();

  /** A message that has just come was stored by the bus at this time. */
  heardBus(storedMs: number): void {
    this.hear('bus', storedMs);
  }

  /** For readiness: which clocks are far from the others; null while none is. */
  whyInDoubt(): string | null {
    const apart = [...this.apart].map(
      (witness) => `${witness} ${Math.round(this.time.ahead(witness) / 1_000)} s ahead`,
    );
    return apart.length === 0 ? null : `clocks differ: ${apart.join(', ')}`;
  }

  /** Asks Postgres; while it does not answer, its clock goes on from where it was. */
  look(): Promise<void> {
    return this.looks.run(async () => {
      const askedMs = this.steadyMs();
      const sayingMs = await this.database.nowMs().catch(() => null);
      const tookMs = this.steadyMs() - askedMs;
      if (sayingMs !== null && tookMs < ROUND_TRIP_MAX_MS) this.hear('postgres', sayingMs + tookMs / 2);
      this.hear('machine', this.clocks.machineMs());
    });
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private hear(witness: Witness, sayingMs: number): void {
    const leapMs = this.time.hear(witness, sayingMs, this.steadyMs());
    if (leapMs !== null) this.log.error({ leapMs, msg: 'the time has jumped, by most clocks: it is followed' });
    for (const each of WITNESSES) {
      // What the bus stored may have waited before it came: only being ahead says something of its clock.
      const aheadMs = each === 'bus' ? Math.max(0, this.time.ahead(each)) : this.time.ahead(each);
      const isApart = Math.abs(aheadMs) > JUMP_MS;
      if (isApart === this.apart.has(each)) continue;
      if (isApart) this.apart.add(each);
      else this.apart.delete(each);
      const told = { clock: each, aheadMs: Math.round(aheadMs) };
      if (isApart) this.log.error({ ...told, msg: 'a clock differs from the others: it is not followed' });
      else this.log.log({ ...told, msg: 'a clock agrees with the others again' });
    }
  }
}
