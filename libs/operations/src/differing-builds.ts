import type { RecordedEvent } from '@core/contracts/event';
import type { AccountId } from '@core/contracts/primitives';
import type { EventLog } from '@core/event-log/event-log';
import type { FieldDifference } from '@core/kernel/json-difference';
import type { Build } from '@core/projection-runner/releases';
import type { Pool } from 'pg';

/** Most accounts whose differences are followed to their beginning, and most fields of each. */
export const DIFFERING = { accountsMax: 20, fieldsMax: 50 } as const;

/** What differs in one account. `wrong` names the side whose saved state is not what its own fold makes of the log. */
export interface AccountDifference {
  readonly account: AccountId;
  readonly fields: readonly (FieldDifference & { readonly since: RecordedEvent | null })[];
  readonly wrong: readonly Build[];
}

export interface BuildComparison {
  /** Both are as of this position. */
  readonly position: number;
  readonly accounts: number;
  readonly different: number;
  /** The first of those that differ. */
  readonly shown: readonly AccountDifference[];
}

/** Where builds are read from. */
export interface BuildSource {
  readonly log: EventLog;
  readonly pool: Pool;
  /** So much of so much of the log has been read. */
  onProgress?(done: number, of: number): void;
}
