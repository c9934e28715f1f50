import type { FaultBook } from './faults.ts';
import type { Ids } from './ids.ts';
import type { BehaviourSettings } from './behaviour-settings.ts';
import type { Market } from './market.ts';
import type { BrokerOutput } from './output.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** What the broker is made of and shares with what drives it. */
export interface BrokerParts {
  readonly scheduler: Scheduler;
  readonly market: Market;
  readonly random: Random;
  readonly ids: Ids;
  readonly behaviour: () => BehaviourSettings;
  readonly faults: FaultBook;
  readonly output: BrokerOutput;
}
