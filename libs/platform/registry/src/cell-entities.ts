import type { TraderId } from '@core/contracts/primitives';
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
