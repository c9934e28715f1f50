import type { TraderId, Uuid } from '@core/contracts/primitives';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A core for some of the traders, and where people and programs reach it. */
@Entity({ schema: 'registry', name: 'cell' })
export class RegisteredCell {
  @PrimaryColumn('text') name: string;
  /** As `https://…`: its tv-gateway, and its proquant-webhook. */
  @Column('text', { name: 'gateway_url' }) gatewayUrl: string;
  @Column('text', { name: 'webhook_url' }) webhookUrl: string;
  /** As `wss://…/ws`. */
  @Column('text', { name: 'session_url' }) sessionUrl: string;
}

/** Where a trader lives. Who is not here lives in the cell that has no name. */
@Entity({ schema: 'registry', name: 'trader_home' })
export class TraderHome {
  @PrimaryColumn('uuid', { name: 'trader_id' }) traderId: TraderId;
  @Column('text') cell: string;
}

/**
 * How far a move is. `draining`: what was asked comes to its end. `copying`: no connector has the accounts, and the other
 * log is given their past. `arriving`: the trader lives there. `connecting`: its connectors take the accounts.
 * `returning`: it is being taken back.
 */
export type MoveStage = 'draining' | 'copying' | 'arriving' | 'connecting' | 'returning';

/** A trader on the way from one cell to another; whoever moves no more has no row. */
@Entity({ schema: 'registry', name: 'trader_move' })
export class TraderMove {
  @PrimaryColumn('uuid', { name: 'trader_id' }) traderId: TraderId;
  @Column('uuid', { name: 'move_id' }) moveId: Uuid;
  @Column('text', { name: 'from_cell' }) from: string;
  @Column('text', { name: 'to_cell' }) to: string;
  @Column('text') stage: MoveStage;
  /** When it came to this stage. */
  @Column({ type: 'timestamptz', insert: false }) since: Date;
}
