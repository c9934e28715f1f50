import type { AccountId, Instant, Uuid } from '@core/contracts/primitives';
import { isUnmigrated } from '@core/service/unmigrated';
import type { Pool } from 'pg';
import type { DeliveryState } from './signal-inbox.ts';

/** One delivery as operators see it: what came in, what it was answered, and the numbers of it. */
export interface DeliveryRecord {
  readonly id: Uuid;
  readonly integrationId: string;
  readonly accountId: AccountId | null;
  readonly type: string | null;
  readonly strategyId: string | null;
  readonly sentAt: Instant | null;
  readonly receivedAt: Instant;
  readonly state: DeliveryState;
  /** Null while it is being carried out for the first time. */
  readonly status: number | null;
  readonly verdict: string | null;
  readonly detail: string | null;
  /** From its receipt to its last verdict. */
  readonly tookMs: number | null;
  /** How often the same was delivered. */
  readonly deliveries: number;
  /** How often an operator had it carried out again. */
  readonly replays: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Without our registration and its token; null for what was no JSON. */
  readonly body: string | null;
}

export interface DeliveryQuery {
  readonly accountId?: AccountId | undefined;
  readonly integrationId?: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly limit: number;
}

/** Deliveries that nobody could read. */
export interface DeadDeliveries {
  readonly count: number;
  readonly oldest: Instant;
}

const AT = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `
  id, integration_id as "integrationId", account_id as "accountId", type, strategy_id as "strategyId",
  ${AT('sent_at')} as "sentAt", ${AT('received_at')} as "receivedAt", state, status, verdict, detail,
  (extract(epoch from answered_at - received_at) * 1000)::float8 as "tookMs", deliveries, replays, bytes, sha256, body`;

/** Everything that was delivered, for readers of the owner's table. */
export class DeliveryLog {
  constructor(private readonly pool: Pool) {}

  /** The latest ones, newest first. */
  async latest({ accountId, integrationId, state, limit }: DeliveryQuery): Promise<DeliveryRecord[]> {
    const { rows } = await this.pool.query<DeliveryRecord>(
      `select ${COLUMNS} from proquant_webhook.delivery
       where ($1::uuid is null or account_id = $1) and ($2::text is null or integration_id = $2)
         and ($3::text is null or state = $3)
       order by arrival desc limit $4`,
      [accountId ?? null, integrationId ?? null, state ?? null, limit],
    );
    return rows;
  }

  /** Of the last hours, where there are any; none where nothing was ever delivered to this database. */
  async dead(hours: number): Promise<DeadDeliveries | null> {
    try {
      const { rows } = await this.pool.query<{ count: number; oldest: Instant | null }>(
        `select count(*)::int as count, ${AT('min(received_at)')} as oldest from proquant_webhook.delivery
         where state = 'dead' and received_at > now() - $1 * interval '1 hour'`,
        [hours],
      );
      const [{ count, oldest } = { count: 0, oldest: null }] = rows;
      return oldest === null ? null : { count, oldest };
    } catch (error) {
      if (isUnmigrated(error)) return null;
      throw error;
    }
  }

  /** Those whose ids begin so, few enough to choose from. */
  async startingWith(prefix: string, limit: number): Promise<DeliveryRecord[]> {
    const { rows } = await this.pool.query<DeliveryRecord>(
      `select ${COLUMNS} from proquant_webhook.delivery where id::text like $1 || '%' order by arrival desc limit $2`,
      [prefix, limit],
    );
    return rows;
  }
}
