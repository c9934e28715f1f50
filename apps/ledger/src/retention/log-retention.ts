import type { ForgottenCounts } from '@core/event-log/forgetting';
import { PostgresEventLogWriter } from '@core/event-log/postgres-event-log-writer';
import { instantFromMs } from '@core/kernel/instant';
import { SingleFlight } from '@core/kernel/single-flight';
import { inBackground } from '@core/service/in-background';
import { KeptDays } from '@core/service/kept-days';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { RetentionSettings } from '../config.ts';

const DAY_MS = 86_400_000;
/** From here on one new id in six is looked up for nothing, each in all of its account's events. */
const FULL = 0.65;

/** Forgets beside the ledger's work what is older than it need be known at once; what is forgotten is looked up when it comes again. */
@Injectable()
export class LogRetention {
  private readonly logger = new Logger('Retention');
  private readonly rounds = new SingleFlight();
  private readonly gone: Counter<'what'>;
  private readonly fill: Gauge;
  private readonly kept: KeptDays;
  private timer: NodeJS.Timeout | undefined;
  private failure: string | null = null;

  constructor(
    @Inject(PostgresEventLogWriter) private readonly log: PostgresEventLogWriter,
    @Inject(RetentionSettings) private readonly settings: RetentionSettings,
    @Inject(Registry) registry: Registry,
  ) {
    const registers = [registry];
    this.kept = new KeptDays(registry, {
      'ids of events': settings.idsDays,
      'first answers to commands': settings.answersDays,
      'settled messages in quarantine': settings.casesDays,
    });
    this.gone = new Counter({
      name: 'ledger_forgotten_total',
      help: 'Rows that retention took away: ids of events, answers to commands, settled cases of the quarantine',
      labelNames: ['what'],
      registers,
    });
    this.fill = new Gauge({
      name: 'ledger_forgotten_memory_fill',
      help: 'How full the memory of forgotten ids is; of new ids its fourth power is looked up for nothing',
      registers,
    });
  }

  start(): void {
    const round = (): void => inBackground('forgetting what is old', this.round());
    this.timer = setInterval(round, this.settings.everyMs).unref();
    round();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.rounds.idle();
  }

  /** For readiness: why more and more is kept, or looked up; null where nothing is wrong. */
  whyInDoubt(): string | null {
    if (this.failure !== null) return `nothing is forgotten: ${this.failure}`;
    return this.log.forgottenFill < FULL
      ? null
      : 'the memory of forgotten ids is full: new ones are looked up in the log (RETENTION_MEMORY_BYTES)';
  }

  /** Forgets all that is old. Rejects where it could not; the next round goes on. */
  round(nowMs = Date.now()): Promise<void> {
    return this.rounds.run(async () => {
      try {
        while (sum(await this.forget(nowMs)) > 0);
        this.failure = null;
        this.kept.cleared();
      } catch (error) {
        this.failure = error instanceof Error ? error.message : String(error);
        throw error;
      } finally {
        this.fill.set(this.log.forgottenFill);
      }
    });
  }

  private async forget(nowMs: number): Promise<ForgottenCounts> {
    const { idsDays, answersDays, casesDays } = this.settings;
    const before = (days: number): string => instantFromMs(nowMs - days * DAY_MS);
    const forgotten = await this.log.forget({
      ...{ ids: before(idsDays), answers: before(answersDays), cases: before(casesDays) },
    });
    for (const what of ['ids', 'answers', 'cases'] as const) this.gone.inc({ what }, forgotten[what]);
    if (sum(forgotten) > 0) this.logger.log({ ...forgotten, msg: 'forgotten, as it was old' });
    return forgotten;
  }
}

const sum = ({ ids, answers, cases }: ForgottenCounts): number => ids + answers + cases;
