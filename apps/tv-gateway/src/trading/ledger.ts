import type { Answer, Command } from '@core/contracts/command';

/** The way to the ledger: its answer, or `LedgerUnavailable` when none came in time. */
export abstract class Ledger {
  abstract send(command: Command, timeoutMs: number): Promise<Answer>;
}
