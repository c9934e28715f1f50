import { inBackground } from '@core/service/in-background';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';

const ROUND_MS = 5_000;

/** Asks whether one stream may go on, and ends it where it may not; rejects where that could not be asked. */
export type AskEnding = () => Promise<void>;

/**
 * Every few seconds all open streams ask at once whether they may go on, so that what each of them asks the database is
 * one question for all. Who could not be asked about goes on, and is asked about in the next round.
 */
@Injectable()
export class EndingRounds implements OnApplicationShutdown {
  private readonly log = new Logger(EndingRounds.name);
  private readonly asking = new Set<AskEnding>();
  private readonly timer = setInterval(
    () => inBackground('asking whether streams may go on', this.round()),
    ROUND_MS,
  ).unref();

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Calls `ask` in each round; returns how to stop that. */
  join(ask: AskEnding): () => void {
    this.asking.add(ask);
    return () => void this.asking.delete(ask);
  }

  private async round(): Promise<void> {
    const asked = await Promise.allSettled([...this.asking].map((ask) => ask()));
    const failed = asked.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    if (failed.length === 0) return;
    this.log.warn({
      err: failed[0]?.reason,
      streams: failed.length,
      msg: 'whether streams may go on could not be asked',
    });
  }
}
