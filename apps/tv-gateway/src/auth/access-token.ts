import type { TraderId } from '@core/contracts/primitives';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a login is proven by until it ends. The token itself is nowhere: whoever reads this table cannot use it. */
@Entity({ schema: 'tv_gateway', name: 'access_token' })
export class AccessToken {
  /** SHA-256 of the token. */
  @PrimaryColumn('bytea', { name: 'token_hash' }) hash: Buffer;
  @Column('uuid', { name: 'trader_id' }) traderId: TraderId;
  /** The login that it proves: a login that is renewed has one token after another. */
  @Column('text', { name: 'login_id' }) loginId: string;
  /** The visit to our login page that it comes from, whose end is its own; null for a password sent by a program. */
  @Column('text', { name: 'session_uid', nullable: true }) sessionUid: string | null;
  @Column('timestamptz', { name: 'issued_at' }) issuedAt: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  /** Whether it came with a request: from then on those before it are over. */
  @Column('boolean') used: boolean;
}
