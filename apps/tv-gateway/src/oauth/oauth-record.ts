import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the authorization server keeps: visits, codes, refresh tokens. Nothing in it is of use to who reads the table. */
@Entity({ schema: 'tv_gateway', name: 'oauth_record' })
export class OauthRecord {
  /** The library's name for its kind. */
  @PrimaryColumn('text') model: string;
  /** SHA-256 of its id, which is the secret that its holder shows. */
  @PrimaryColumn('bytea', { name: 'id_hash' }) idHash: Buffer;
  /** AES-256-GCM under a key that is made of its id. */
  @Column('text') sealed: string;
  @Column('text', { name: 'login_id', nullable: true }) loginId: string | null;
  @Column('text', { name: 'session_uid', nullable: true }) sessionUid: string | null;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @Column('timestamptz', { name: 'consumed_at', nullable: true }) consumedAt: Date | null;
}
