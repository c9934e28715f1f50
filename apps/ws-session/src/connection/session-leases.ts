import type { Uuid } from '@core/contracts/primitives';
import type { Pool } from 'pg';

/** That a session of a key is live, as every instance knows it. */
export interface SessionLease {
  readonly sessionId: Uuid;
  readonly keyId: Uuid;
}

/** The live sessions of every key over all instances. What an instance that was killed does not renew ends by itself. */
export abstract class SessionLeases {
  /** Whether one more session is within the key's limit: it counts from then on. */
  abstract take(lease: SessionLease, sessionsMax: number): Promise<boolean>;
  /** One that had ended meanwhile counts again. */
  abstract renew(leases: readonly SessionLease[]): Promise<void>;
  abstract release(sessionIds: readonly Uuid[]): Promise<void>;
}

export class PostgresSessionLeases extends SessionLeases {
  constructor(
    private readonly pool: Pool,
    private readonly lastsMs: number,
  ) {
    super();
  }

  override async take({ sessionId, keyId }: SessionLease, sessionsMax: number): Promise<boolean> {
    const { rows } = await this.pool.query<{ taken: boolean }>(
      `select ws_session.take_session($1, $2, $3, $4 * interval '1 ms') as taken`,
      [sessionId, keyId, sessionsMax, this.lastsMs],
    );
    return rows[0]?.taken === true;
  }

  override async renew(leases: readonly SessionLease[]): Promise<void> {
    await this.pool.query(
      `insert into ws_session.session_lease
         select session_id, key_id, now() + $3 * interval '1 ms' from unnest($1::uuid[], $2::uuid[]) as live (session_id, key_id)
       on conflict (session_id) do update set ends_at = excluded.ends_at`,
      [leases.map(({ sessionId }) => sessionId), leases.map(({ keyId }) => keyId), this.lastsMs],
    );
  }

  override async release(sessionIds: readonly Uuid[]): Promise<void> {
    await this.pool.query('delete from ws_session.session_lease where session_id = any($1::uuid[])', [sessionIds]);
  }
}
