import { TokenBuckets } from '@core/kernel/token-bucket';
import { Injectable, Logger } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/** What the feed told that cannot be: no batch at all, one beyond the log's end, or one that the log does not hold. */
export type Disbelief = (typeof DISBELIEFS)[number];

const DISBELIEFS = ['unreadable', 'beyond-the-log', 'not-in-the-log'] as const;

/** Lines a second for each of them: whoever can write to the feed is not to fill our log. */
const LINES_PER_SECOND = 1 / 60;

/**
 * The feed is the ledger's alone. What it says and the log does not costs nothing but a look at the log, and is an alarm:
 * somebody else writes to it, or the ledger writes another log than this process reads.
 */
@Injectable()
export class FeedAlarm {
  private readonly log = new Logger('Feed');
  private readonly lines = new TokenBuckets(LINES_PER_SECOND, 1);
  private readonly disbelieved: Counter;

  constructor(registry: Registry) {
    this.disbelieved = new Counter({
      name: 'feed_disbelieved_total',
      help: 'Messages of the feed that were not believed, by reason',
      labelNames: ['why'],
      registers: [registry],
    });
    // From 0 on, so that the first is seen to be one more.
    for (const why of DISBELIEFS) this.disbelieved.inc({ why }, 0);
  }

  raise(why: Disbelief, detail = ''): void {
    this.disbelieved.inc({ why });
    if (this.lines.take(why, performance.now())) this.log.error({ why, detail, msg: 'the feed is not believed' });
  }
}
