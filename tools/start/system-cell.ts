import type { Infrastructure, SharedRegistry } from '../infra/infrastructure.ts';
import type { DemoPeople } from './demo-people.ts';
import type { Endpoints } from './endpoints.ts';

/** What a system has together with others, where it is one of several cells. */
export interface SystemCell {
  readonly name: string;
  readonly people: DemoPeople;
  /** Where people reach all cells, as `http://host:port`. */
  readonly publicUrl: string;
  /** What the cookies of the login page are signed with, whichever cell shows it. */
  readonly cookieKey: string;
  /** Another's; null where this one's simulator is for all of them. */
  readonly simulator: Endpoints['simulator'] | null;
  /** Passwords of the other cells' people at this one's simulator. */
  readonly guests: Readonly<Record<string, string>>;
  /** The registry of all, once these servers run. */
  readonly registryWith: (servers: Infrastructure) => Promise<SharedRegistry>;
}
