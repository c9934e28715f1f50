import { inBackground } from '@core/service/in-background';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { StreamSlots } from './stream-slots.ts';

const ROUND_MS = 5_000;
/** For readers of last messages, when the process ends; who has not read by then is cut. */
const LEAVING_MS = 2_000;

/** Asks whether one stream may go on, and ends it where it may not; rejects where that could not be asked. */
export type AskEnding = () => Promise<void>;

/**
 * Every few seconds all open streams ask at once whether they may go on, so that what each of them asks the database is
 * one question for all. Who could not be asked about goes on, and is asked about in the next round.
 * The last round is when the process ends: nobody may go on then, and connections are closed once all have heard why.
 */
@Injectable()
export class EndingRounds implements BeforeApplicationShutdown {
  private readonly log = new Logger(EndingRounds.name);
  private readonly asking = new Set<AskEnding>();
  private isLast = false;
  private readonly timer = setInterval(
    () => inBackground('asking whether streams may go on', this.round()),
    ROUND_MS,
  ).unref();

  constructor(private readonly slots: StreamSlots) {}

  /** The process ends: no stream begins, and none goes on. */
  get areLast(): boolean {
    return this.isLast;
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.isLast = true;
    await this.round();
    await Promise.race([this.slots.free(), pause(LEAVING_MS, undefined, { ref: false })]);
  }

  /** Calls `ask` in each round; returns how to stop that. */
  join(ask: AskEnding): () => void {
    this.asking.add(ask);
    return () => {
      this.asking.delete(ask);
    };
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
