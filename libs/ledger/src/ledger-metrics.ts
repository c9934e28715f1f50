import type { CommandType } from '@core/contracts/command';
import type { RefusalReason } from '@core/contracts/refusal';
import type { AppendBatch, Appended } from '@core/event-log/event-log';

/** Whoever watches the ledger. */
export interface LedgerMetrics {
  /** A transaction is on its way; what this gives is called when it is confirmed, with where the log then ends. */
  committing(batch: AppendBatch): (appended: Appended, head: number) => void;
  decided(type: CommandType, outcome: 'ok' | RefusalReason): void;
}
