import { BrokerUnavailable, LoginRefused } from '@core/connector/broker-failure';
import type { AccountId, Instant } from '@core/contracts/primitives';
import type { BookingReport, DealReport } from '@core/execution/report';
import { PaperAccount } from '@core/paper/account';
import { patience } from '@core/service/postgres-patience';
import { DataSource, LessThanOrEqual, MoreThanOrEqual } from 'typeorm';
import { PaperAccountRow, paperEntities, PaperHistoryRow } from './entities.ts';
import { migratePaper } from './migrations.ts';

/** What of an account's past is kept beside what stands. */
export type HistoryReport = DealReport | BookingReport;

/** An account as it was written last. */
export interface StoredAccount {
  readonly version: number;
  readonly account: PaperAccount;
}

const POOL_SIZE = 4;
/** A database that does not answer is as good as none: the session ends, and its next one reads what was written. */
const TIMEOUT_MS = 5_000;

/**
 * The books of paper accounts in Postgres. What is not written has not happened, so whatever fails here is a broker that
 * went away: `BrokerUnavailable`. Opened with `openPaperStore`; `close` it.
 */
export class PaperStore {
  constructor(private readonly source: DataSource) {}

  /** Null for an account that nobody has opened yet. Rejects with `LoginRefused` where its row is no account. */
  async load(accountId: AccountId): Promise<StoredAccount | null> {
    const row = await this.tried(() => this.source.manager.findOneBy(PaperAccountRow, { accountId }));
    if (row === null) return null;
    const account = PaperAccount.safeParse(row.state);
    if (!account.success) throw new LoginRefused('disabled', 'its books cannot be read');
    return { version: row.version, account: account.data };
  }

  /** Writes what stands and what was closed or booked, all or nothing; gives the new version. 0 is before the first. */
  async save(
    accountId: AccountId,
    version: number,
    account: PaperAccount,
    history: readonly HistoryReport[],
  ): Promise<number> {
    // As it is now: it may change while it is being written.
    const next = { accountId, version: version + 1, state: structuredClone(account) };
    const rows = history.map((report) => ({ accountId, report, ...placeOf(report) }));
    await this.tried(() =>
      this.source.transaction(async (manager) => {
        if (version === 0) await manager.insert(PaperAccountRow, next);
        else {
          const { affected } = await manager.update(PaperAccountRow, { accountId, version }, next);
          if (affected !== 1) throw new BrokerUnavailable('somebody else writes the books of this account');
        }
        if (rows.length > 0) await manager.insert(PaperHistoryRow, rows);
      }),
    );
    return next.version;
  }

  /** What was closed or booked since a moment, or ever, as far as it has no greater number than this; oldest first. */
  async history(accountId: AccountId, since: Instant | null, upTo: number): Promise<HistoryReport[]> {
    const where = {
      accountId,
      number: LessThanOrEqual(upTo),
      ...(since !== null && { at: MoreThanOrEqual(since) }),
    };
    const rows = await this.tried(() => this.source.manager.find(PaperHistoryRow, { where, order: { number: 'asc' } }));
    return rows.map(({ report }) => report);
  }

  close(): Promise<void> {
    return this.source.destroy();
  }

  private async tried<Value>(task: () => Promise<Value>): Promise<Value> {
    try {
      return await task();
    } catch (error) {
      throw error instanceof BrokerUnavailable
        ? error
        : new BrokerUnavailable(`the books cannot be used: ${String(error)}`);
    }
  }
}

/** The store of this database, brought up to date first. */
export async function openPaperStore(url: string): Promise<PaperStore> {
  await migratePaper(url);
  const extra = { max: POOL_SIZE, ...patience(TIMEOUT_MS) };
  const source = new DataSource({ type: 'postgres', url, entities: paperEntities, extra });
  await source.initialize();
  return new PaperStore(source);
}

const placeOf = (report: HistoryReport): { readonly number: number; readonly at: Instant } =>
  report.about === 'deal'
    ? { number: Number(report.deal), at: report.closedAt ?? report.openedAt }
    : { number: Number(report.operation.reference), at: report.at };
