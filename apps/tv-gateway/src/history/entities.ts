import type { AccountId, Instrument } from '@core/contracts/primitives';
import type { Note } from '@core/views/tradingview/ticket';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An order, a bracket or a closing that ended. */
@Entity({ schema: 'tv_gateway', name: 'order_history' })
export class OrderHistory {
  @PrimaryColumn('int') version: number;
  @PrimaryColumn('int') build: number;
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId: AccountId;
  @PrimaryColumn('text', { name: 'order_id' }) orderId: string;
  @Column('bigint') position: string;
  @Column('timestamptz', { name: 'finished_at' }) finishedAt: Date;
  /** As TradingView gets it, but for its message: text, because nothing but the whole of it is ever asked for. */
  @Column('text') json: string;
  /** What its message says. */
  @Column('json', { nullable: true }) note: Note | null;
}

/** A fill. */
@Entity({ schema: 'tv_gateway', name: 'execution' })
export class ExecutionHistory {
  @PrimaryColumn('int') version: number;
  @PrimaryColumn('int') build: number;
  @PrimaryColumn('uuid', { name: 'account_id' }) accountId: AccountId;
  @PrimaryColumn('text', { name: 'execution_id' }) executionId: string;
  @Column('text') instrument: Instrument;
  @Column('bigint') position: string;
  @Column('timestamptz') at: Date;
  @Column('text') json: string;
}
