import { ServiceConfig } from '@core/service/service-config';
import { DatabaseUrl, Flag, Integer, NatsUrl, Port } from '@core/service/settings';

export class WebhookConfig extends ServiceConfig {
  @Port('Port of the webhook; 0 is any free one')
  readonly port: number = 0;

  @DatabaseUrl()
  readonly databaseUrl: string;

  @NatsUrl()
  readonly natsUrl: string;

  @Flag('Behind a proxy that sets X-Forwarded-For: count refusals by its last entry')
  readonly trustProxy: boolean = false;

  @Integer('Age at which a signal to open is refused as too old', 1_000, 86_400_000)
  readonly maxSignalAgeMs: number = 30_000;

  @Integer('How long the sender waits for an answer at most', 100, 60_000)
  readonly deadlineMs: number = 4_000;

  @Integer('Pause before a signal that has to wait is tried again', 5, 5_000)
  readonly retryPauseMs: number = 100;

  @Integer('How long one attempt to reach the ledger may take in the background', 100, 60_000)
  readonly ledgerTimeoutMs: number = 4_000;

  @Integer('Age at which a signal without an outcome is recorded as unknown', 1_000, 3_600_000)
  readonly unsettledMaxMs: number = 60_000;

  @Integer('How often signals without an outcome are looked at again', 10, 60_000)
  readonly lookMs: number = 1_000;

  @Integer('Longest pause between attempts at the same step of a signal', 1_000, 3_600_000)
  readonly stepPauseMaxMs: number = 60_000;

  @Integer('How often the markets of unknown venues are asked for', 100, 600_000)
  readonly marketRetryMs: number = 5_000;

  @Integer('Largest body', 1_024, 1_048_576)
  readonly bodyMaxBytes: number = 65_536;

  @Integer('Signals of one strategy that may wait for the one before', 1, 100)
  readonly laneMax: number = 3;

  @Integer('Requests per second of one integration', 1, 10_000)
  readonly requestsPerSecond: number = 10;

  @Integer('Requests that one integration may send at once', 1, 10_000)
  readonly requestsBurst: number = 30;

  @Integer('Refused credentials per address and minute', 1, 10_000)
  readonly refusalsPerMinute: number = 20;
}
