import type { AccountId, Instant } from '@core/contracts/primitives';
import type { BookingReport, DealReport } from '@core/execution/report';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What stands of a paper account. Each change is a version of its own, so that two writers cannot both make it. */
@Entity({ schema: 'paper_connector', name: 'account' })
export class PaperAccountRow {
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId: AccountId;
  @Column('int') version: number;
  @Column('json') state: unknown;
}

/** What was closed or booked on a paper account, for good. */
@Entity({ schema: 'paper_connector', name: 'history' })
export class PaperHistoryRow {
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId: AccountId;
  /** Of the deal or booking. */
  @PrimaryColumn('int') number: number;
  @Column('text') at: Instant;
  @Column('json') report: DealReport | BookingReport;
}

export const paperEntities = [PaperAccountRow, PaperHistoryRow];
