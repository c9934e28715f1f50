import type { Uuid } from '@core/contracts/primitives';
import type { Pool } from 'pg';

/** How many new orders keys place, over all their sessions and all instances. */
export abstract class OrderRates {
  /** Whether one more is within the key's rate; it is counted if it is. Rejects when nobody can say. */
  abstract take(keyId: Uuid): Promise<boolean>;
}

export interface OrderRate {
  readonly perMinute: number;
  readonly burst: number;
}

export class PostgresOrderRates extends OrderRates {
  constructor(
    private readonly pool: Pool,
    private readonly rate: OrderRate,
  ) {
    super();
  }

  override async take(keyId: Uuid): Promise<boolean> {
    const { perMinute, burst } = this.rate;
    const { rows } = await this.pool.query<{ taken: boolean }>({
      name: 'take-order',
      text: 'select ws_session.take_order($1, $2, $3) as taken',
      values: [keyId, perMinute / 60, burst],
    });
    return rows[0]?.taken === true;
  }
}
