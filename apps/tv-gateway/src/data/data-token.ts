import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one of TradingView's servers reads the data with. The token itself is nowhere. */
@Entity({ schema: 'tv_gateway', name: 'data_token' })
export class DataToken {
  /** SHA-256 of the token. */
  @PrimaryColumn('text', { name: 'token_hash' }) hash: string;
  @Column('text', { name: 'client_id' }) clientId: string;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
