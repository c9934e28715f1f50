// What the operator registers for the data addresses: who reads them, and which instruments are shown to whom.
import type { Instrument, TraderId } from '@core/contracts/primitives';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A set of credentials with which TradingView's servers read the data addresses. */
@Entity({ schema: 'registry', name: 'data_client' })
export class DataClient {
  /** The login name, and the `client_id` of assertions. */
  @PrimaryColumn('text') id: string;
  /** SHA-256. */
  @Column('text', { name: 'secret_hash' }) secretHash: string;
  /** X.509 in PEM, by whose keys its assertions may be signed, the newest first. */
  @Column('text', { array: true }) certificates: string[];
  @Column('boolean') revoked: boolean;
}

/** Instruments whose data are shown together. One that was told once is never deleted, but may be emptied. */
@Entity({ schema: 'registry', name: 'data_group' })
export class DataGroup {
  @PrimaryColumn('text') id: string;
  @Column('text', { array: true }) instruments: Instrument[];
  /** Who sees it; null is every trader. */
  @Column('uuid', { name: 'trader_ids', array: true, nullable: true }) traderIds: TraderId[] | null;
}
