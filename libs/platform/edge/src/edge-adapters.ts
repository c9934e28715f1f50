import type { CommandTransport } from '@core/bus/command-client';
import type { HoursAnswer, HoursRequest } from '@core/contracts/market/hours';
import type { MarketSnapshot } from '@core/contracts/market/quote';
import type { AccountId, Venue } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import type { SnapshotStore } from '@core/projection-runner/snapshots';
import type { Registry } from '@core/registry/registry';
import type { Pool } from 'pg';
import type { ReleaseDesk } from './release-follower.ts';
import type { UntoldRefusals } from './untold-refusals.ts';

/** Who speaks for venues. */
export interface MarketSource {
  /** Instruments and last quotes; null when nobody answers. */
  snapshot(venue: Venue): Promise<MarketSnapshot | null>;
  /** When instruments trade, or why that is not told. */
  hours(request: HoursRequest, timeoutMs: number): Promise<HoursAnswer>;
  /** Whether the broker of an account is connected; null when that is not told in time. */
  isConnected(account: AccountId): Promise<boolean | null>;
  /** Calls back when something may have been missed. */
  onReconnect(listener: () => void): void;
}

/** Everything outside of an edge's process: `ConnectedAdapters` in a service, memory in specs. */
export abstract class EdgeAdapters {
  abstract readonly log: EventLog;
  abstract readonly snapshots: SnapshotStore;
  /** Which builds of projections operators want. */
  abstract readonly releases: ReleaseDesk;
  /** For tables that follow the log; snapshots have their connections here too. */
  abstract readonly pool: Pool;
  abstract readonly registry: Registry;
  /** What the edge refused and the log may not have yet. */
  abstract readonly untold: UntoldRefusals;
  /** The way to the ledger. */
  abstract readonly commands: CommandTransport;
  abstract readonly market: MarketSource;
}
