import { NoTurn } from '@core/connector/broker-failure';
import type { AccountId } from '@core/contracts/primitives';
import type { Report } from '@core/execution/report';
import type { HistoryReport, PaperStore, StoredAccount } from './paper-store.ts';

/**
 * Writes what an exchange has decided, and lets it be said then: nothing that was said is lost with the process. What
 * piles up while one write runs goes with the next.
 */
export class PaperJournal {
  private version: number;
  private history: HistoryReport[] = [];
  private unsaid: (() => void)[] = [];
  private isChanged = false;
  private isOver = false;
  private writing: Promise<void> = Promise.resolve();

  /** `onFailed`: what was decided and is not written has not happened, and nothing more will be said. */
  constructor(
    private readonly store: PaperStore,
    private readonly accountId: AccountId,
    private readonly stored: StoredAccount,
    private readonly onFailed: (reason: string) => void,
  ) {
    this.version = stored.version;
  }

  /** The account has changed, as these reports say. */
  changed(reports: readonly Report[]): void {
    this.isChanged ||= reports.length > 0;
    this.history.push(...reports.filter(isHistory));
  }

  /** Said once everything up to now is written, and never before this returns. */
  say(what: () => void): void {
    this.unsaid.push(what);
    this.writing = this.writing.then(() => this.write());
  }

  /** Resolves when everything is written and said. Rejects with `NoTurn` where that cannot be any more. */
  async written(): Promise<void> {
    while (!this.isOver && this.unsaid.length > 0) await this.writing;
    await this.writing;
    if (this.isOver) throw new NoTurn('the session is over');
  }

  stop(): void {
    this.isOver = true;
  }

  private async write(): Promise<void> {
    if (this.isOver || this.unsaid.length === 0) return;
    const [unsaid, history, isChanged] = [this.unsaid.splice(0), this.history.splice(0), this.isChanged];
    this.isChanged = false;
    try {
      if (isChanged) this.version = await this.store.save(this.accountId, this.version, this.stored.account, history);
      for (const say of unsaid) if (!this.isOver) say();
    } catch (error) {
      // Whatever it is costs this account its session: nobody waits for the write itself.
      this.stop();
      this.onFailed(error instanceof Error ? error.message : String(error));
    }
  }
}

const isHistory = (report: Report): report is HistoryReport => report.about === 'deal' || report.about === 'booking';
