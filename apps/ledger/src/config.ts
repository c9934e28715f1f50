import { ServiceConfig } from '@core/service/service-config';
import { DatabaseUrl, Flag, Integer, NatsUrl } from '@core/service/settings';

export class LedgerConfig extends ServiceConfig {
  @DatabaseUrl()
  readonly databaseUrl: string;

  @NatsUrl()
  readonly natsUrl: string;

  @Flag("Whether to bring the log's tables up to date at start")
  readonly migrate: boolean = true;

  @Integer('Most events committed in one transaction', 1, 10_000)
  readonly batchEventsMax: number = 1_000;

  @Integer('Most bytes of intake messages committed in one transaction; one message may be larger', 1, 16_777_216)
  readonly batchBytesMax: number = 524_288;

  @Integer('Most commands decided in one transaction', 1, 10_000)
  readonly batchCommandsMax: number = 200;

  @Integer('How long one transaction may take before the process gives up', 100, 600_000)
  readonly appendTimeoutMs: number = 60_000;

  @Integer('Events read from the intake that may wait for the next transaction', 1, 1_000_000)
  readonly waitingEventsMax: number = 5_000;

  @Integer('Commands that may be under way; more are left unanswered', 1, 1_000_000)
  readonly waitingCommandsMax: number = 10_000;

  @Integer('Answers kept in memory for repeated commands; older ones are looked up in the log', 1, 10_000_000)
  readonly answersMax: number = 50_000;

  @Integer('Accounts kept in memory for deciding; others are folded from the log when needed', 1, 10_000_000)
  readonly aggregatesMax: number = 10_000;

  @Integer('Age at which a request that no connector has claimed is not sent any more', 100, 86_400_000)
  readonly requestMaxAgeMs: number = 30_000;

  @Integer('Messages asked for at once from the intake', 1, 10_000)
  readonly intakeFetch: number = 500;

  @Integer('How old an intake message may become in the stream', 60_000, 604_800_000)
  readonly intakeMaxAgeMs: number = 86_400_000;

  @Integer(
    'How many bytes the intake stream may hold before it drops the oldest messages',
    1_048_576,
    1_099_511_627_776,
  )
  readonly intakeMaxBytes: number = 1_073_741_824;

  @Integer('Pause before the intake is opened again after an error', 10, 60_000)
  readonly intakePauseMs: number = 250;

  @Integer("Least time between two questions for a venue's instruments", 100, 600_000)
  readonly instrumentsPauseMs: number = 2_000;
}
