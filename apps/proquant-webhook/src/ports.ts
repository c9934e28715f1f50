// What stands outside of this process, as it sees it.
import type { MarketView } from '@core/bus/market-view';
import type { IntegrationId, Venue } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import type { SnapshotStore } from '@core/projection-runner/snapshots';
import type { Integration } from '@core/registry/entities';

/** Nobody could say whether there is such an integration: no trading, and the sender may come again. */
export class StoreUnavailable extends Error {
  readonly code = 'store-unavailable';
}

/** Where integrations are registered. Rejects with `StoreUnavailable` when it cannot say. */
export abstract class Integrations {
  /** Null for an unknown id, a wrong token and a revoked integration alike. */
  abstract authenticate(id: IntegrationId, token: string): Promise<Integration | null>;
  /** Without a token, for what goes on in the background. */
  abstract find(id: IntegrationId): Promise<Integration | null>;
  /** Rejects while nothing can be looked up. */
  abstract check(): Promise<void>;
}

/** Where the log is read and snapshots are kept. */
export abstract class Storage {
  abstract readonly log: EventLog;
  abstract readonly snapshots: SnapshotStore;
}

/** Where the instruments of a venue are asked for. */
export abstract class MarketSource {
  /** Whether one answered. */
  abstract fetch(market: MarketView, venue: Venue): Promise<boolean>;
  /** Rejects while nobody can be asked. */
  abstract check(): Promise<void>;
}
