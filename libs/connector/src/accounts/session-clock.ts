import type { Now } from '@core/execution/knowledge';
import { instantFromMs, toMs } from '@core/kernel/instant';
import { now as ourTime } from '@core/service/clock';
import type { BrokerSession } from '../broker-adapter.ts';
import { steadyClock, type Clock } from '../pacing/clock.ts';

/** The moment as an account sees it: in its broker's time from when that was first heard, and in ours before. */
export class SessionClock {
  session: Pick<BrokerSession, 'now'> | null = null;
  /** How far the broker is ahead of the clock that only goes forward, as last heard. */
  private aheadMs: number | null = null;

  constructor(private readonly steady: Pick<Clock, 'now'> = steadyClock) {}

  readonly now = (): Now => {
    const ms = this.steady.now();
    if (this.session === null) {
      return { ms, at: this.aheadMs === null ? ourTime() : instantFromMs(Math.round(ms + this.aheadMs)) };
    }
    const at = this.session.now;
    this.aheadMs = toMs(at) - ms;
    return { ms, at };
  };
}
