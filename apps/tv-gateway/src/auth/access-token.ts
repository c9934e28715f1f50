import type { TraderId } from '@core/contracts/primitives';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A login that has not ended. The token itself is nowhere: whoever reads this table cannot use it. */
@Entity({ schema: 'tv_gateway', name: 'access_token' })
export class AccessToken {
  /** SHA-256 of the token. */
  @PrimaryColumn('bytea', { name: 'token_hash' }) hash: Buffer;
  @Column('uuid', { name: 'trader_id' }) traderId: TraderId;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
}
