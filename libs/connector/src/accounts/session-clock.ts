import { now } from '@core/service/clock';
import type { Now } from '@core/execution/knowledge';
import type { BrokerSession } from '../broker-adapter.ts';
import { steadyClock } from '../pacing/clock.ts';

/** The moment as an account sees it: in its broker's time while it can be heard, and in ours otherwise. */
export class SessionClock {
  session: Pick<BrokerSession, 'now'> | null = null;

  readonly now = (): Now => ({ ms: steadyClock.now(), at: this.session?.now ?? now() });
}
